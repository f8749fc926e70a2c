/**
 * What SQLite refused, in words: a procedure that could not write says that it is the disk, not "something went
 * wrong". Names and numbers are from "Result and Error Codes" of SQLite's documentation.
 */
import { CamError } from '../../lib/errors.ts';

/** Null for what is no failure of the database. The message never holds SQLite's own words, which may quote a value. */
export function storageError(thrown: unknown): CamError | null {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  if (typeof code !== 'string') return null;
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

/** Not of our own making, as a broken constraint would be. */
const FAILURES = ['SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_CORRUPT', 'SQLITE_NOTADB'];
