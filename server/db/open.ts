/**
 * Handles on SQLite: the home of the driver. Every handle gets the same protective pragmas; what differs is how
 * much a commit waits for the disk.
 *
 * The driver is synchronous. Two rules keep that from hurting:
 * - A transaction on the main handle awaits nothing but the database. Between its statements only microtasks
 *   run, so the ledger, which writes from `setImmediate`, never meets it half-way: waiting for a lock that the
 *   same thread holds would stop the event loop until `busy_timeout` is over, and then fail.
 * - Nothing that scans runs on the event loop's handles: such reads go to the read worker.
 */
import { closeSync, openSync } from 'node:fs';
import Driver from 'better-sqlite3';

export type Handle = Driver.Database;

/** full: a commit survives power loss · normal: a commit survives the death of the process. */
export type Durability = 'full' | 'normal';

export const IN_MEMORY = ':memory:';
const BUSY_TIMEOUT_MS = 1_000;
const WAL_BYTES_KEPT = 16 * 1024 * 1024;

export function openHandle(file: string, durability: Durability): Handle {
  if (file !== IN_MEMORY) createPrivately(file);
  const handle = new Driver(file, { timeout: BUSY_TIMEOUT_MS });
  return closingOnError(handle, () => {
    if (file !== IN_MEMORY) {
      handle.pragma('journal_mode = WAL');
      handle.pragma(`journal_size_limit = ${WAL_BYTES_KEPT}`);
    }
    handle.pragma(`synchronous = ${durability.toUpperCase()}`);
    handle.pragma('secure_delete = ON');
    protect(handle);
  });
}

/** For looking at a file that may be newer than us or damaged, and for reads off the event loop. */
export function openReadOnly(file: string): Handle {
  const handle = new Driver(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  return closingOnError(handle, () => protect(handle));
}

/** For a finished copy: without a write-ahead log, so that the copy is one file. */
export function openCopy(file: string): Handle {
  const handle = new Driver(file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  return closingOnError(handle, () => {
    handle.pragma('journal_mode = DELETE');
    protect(handle);
  });
}

/** SQLite's name for what went wrong, e.g. `SQLITE_FULL`; null for anything else. */
export function sqliteCode(thrown: unknown): string | null {
  return thrown instanceof Driver.SqliteError ? thrown.code : null;
}

function protect(handle: Handle): void {
  handle.pragma('foreign_keys = ON');
  handle.pragma('trusted_schema = OFF');
  handle.pragma('cell_size_check = ON');
  // What is sorted stays off the disk, where it would outlive us in a temporary file.
  handle.pragma('temp_store = MEMORY');
}

function closingOnError(handle: Handle, prepare: () => void): Handle {
  try {
    prepare();
    return handle;
  } catch (error) {
    handle.close();
    throw error;
  }
}

/** `wx` never opens a file that is there: closing such a descriptor would drop SQLite's own locks on it. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
