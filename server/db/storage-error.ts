/**
 * The disk failing under the database, in words for whoever asked for something: it is the disk, not "something went
 * wrong". The names are those of SQLite's "Result and Error Codes".
 */
import { CamError } from '../../lib/errors.ts';
import { sqliteCode } from './open.ts';

/** Not of our own making, as a broken constraint would be. */
const FAILURES = ['SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_CORRUPT', 'SQLITE_NOTADB'];

/** Null for anything else. The message never holds SQLite's own words, which may quote a value. */
export function storageError(thrown: unknown): CamError | null {
  const code = sqliteCode(thrown);
  if (code === null) return null;
  if (code === 'SQLITE_FULL') {
    return new CamError('storage_failed', 'The disk is full, so this could not be written down.', {
      cause: thrown,
      hint: 'Make room and try again; `cam doctor` says how much is free.',
    });
  }
  const failed = FAILURES.some((one) => code === one || code.startsWith(`${one}_`));
  if (!failed) return null;
  return new CamError('storage_failed', `The database could not be read or written (${code}).`, {
    cause: thrown,
    hint: 'Check the disk, then run `cam doctor`.',
  });
}
