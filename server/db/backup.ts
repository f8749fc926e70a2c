/**
 * The copy made before a migration: by SQLite's online backup, verified, then given its name. No copy, no
 * migration. The last three are kept.
 */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CamError } from '../../lib/errors.ts';
import { backupsIn, stampOf } from '../backup-files.ts';
import { syncToDisk, writeCopy } from './write-copy.ts';

const KEPT = 3;
const COPY_NAME = /^cam-before-\d{4}.*\.db$/;

/** Where the copies lie: beside the database. */
export function backupsFolder(file: string): string {
  return backupsIn(dirname(file));
}

/** Copies the database before `migration` and answers the copy's path. Throws `storage_failed`. */
export async function backUp(file: string, migration: string, nowMs: number): Promise<string> {
  const folder = backupsFolder(file);
  const copy = join(folder, `cam-before-${migration.slice(0, 4)}-${stampOf(nowMs)}.db`);
  const unfinished = `${copy}.part`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await writeCopy(file, unfinished);
    renameSync(unfinished, copy);
    syncToDisk(folder);
    prune(folder);
    return copy;
  } catch (cause) {
    discard(unfinished);
    throw new CamError(
      'storage_failed',
      `The database has to be converted for this version, but could not be copied to ${folder} first. It was not changed.`,
      { cause, hint: 'Make room on the disk or check the permissions of the folder, then start again.' },
    );
  }
}

/** What is in the way of the copy may be in the way of this too; the failure that counts is the first. */
function discard(unfinished: string): void {
  try {
    rmSync(unfinished, { force: true });
  } catch {
    return;
  }
}

/** Names sort by migration, then by time. */
function prune(folder: string): void {
  const copies = readdirSync(folder).filter((name) => COPY_NAME.test(name));
  for (const old of copies.sort().slice(0, -KEPT)) rmSync(join(folder, old), { force: true });
}
