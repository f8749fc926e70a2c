/** Copying a database by SQLite's online backup, while others go on writing to it, and looking at the copy afterwards. */
import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { appliedMigrations, findDamage } from './inspect.ts';
import { openCopy, openReadOnly } from './open.ts';

/** A verified copy of the database as it is at this moment, however much is written meanwhile. One file, 0600. */
export async function writeCopy(file: string, target: string): Promise<void> {
  rmSync(target, { force: true });
  closeSync(openSync(target, 'wx', 0o600));
  const source = openReadOnly(file);
  try {
    // A copy starts again whenever the original is written to. Inside a transaction the original stands still.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_master').get();
    await source.backup(target);
    source.exec('COMMIT');
    verify(target, appliedMigrations(source));
  } finally {
    source.close();
  }
  syncToDisk(target);
}

function verify(target: string, expected: readonly string[]): void {
  const copy = openCopy(target);
  try {
    const damage = findDamage(copy, 'all');
    if (damage !== null) throw new Error(`the copy is damaged: ${damage}`);
    if (appliedMigrations(copy).join() !== expected.join())
      throw new Error('the copy is not like the original');
  } finally {
    copy.close();
  }
}

export function syncToDisk(path: string): void {
  // Windows can neither open a folder nor needs to.
  if (process.platform === 'win32' && !path.endsWith('.part')) return;
  const descriptor = openSync(path, path.endsWith('.part') ? 'r+' : 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
