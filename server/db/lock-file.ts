/**
 * One process per data folder: a SQLite file of its own, held open in an exclusive transaction. The kernel lets go
 * of it when the process dies, however it dies, so there is never a stale lock to clean up.
 *
 * Trap: POSIX drops a process's locks on a file when it closes any handle on it. Nothing in this process may open
 * `lock.db` by other means; that is why it is created with `wx`, which never opens a file that is there.
 */
import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';

export interface LockDatabase {
  release(): void;
}

/** Takes the lock, or gives null when another holder has it. */
export function openLockDatabase(path: string): LockDatabase | null {
  createPrivately(path);
  const db = new Database(path, { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    // Nothing is ever written, so there is nothing to roll back after a kill.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  let held = true;
  return {
    release: () => {
      if (!held) return;
      held = false;
      db.close();
    },
  };
}

function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
