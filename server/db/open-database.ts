/**
 * Opens `cam.db`: looked at first, copied if it has to be converted, converted, then opened twice.
 *
 * `db` (Kysely, synchronous=FULL) is for the vault, accounts and keys: what an operator was told is stored, is
 * on the disk. `ledger` (raw, WAL and NORMAL) is for what the calls write: it survives the death of the process
 * at any moment, and power loss may cost its last instant. In memory both are one handle, because an in-memory
 * database cannot be shared.
 */
import type { Clock } from '../../lib/base/time.ts';
import { CamError } from '../../lib/errors.ts';
import { backUp } from './backup.ts';
import { inspectDatabase } from './inspect.ts';
import { createKysely } from './kysely.ts';
import { type MigrationFile, migrate, migrationsFolder, readMigrations } from './migrate.ts';
import { type Handle, IN_MEMORY, openHandle, sqliteCode } from './open.ts';
import type { Db } from './schema.ts';

export interface Database {
  readonly db: Db;
  readonly ledger: Handle;
  /** Null in memory. */
  readonly file: string | null;
  /** The copy that was made because the database had to be converted; null when it did not. */
  readonly backup: string | null;
  close(): void;
}

export interface OpenDatabaseOptions {
  /** A path, or `:memory:`. */
  readonly file: string;
  /** Of this program, e.g. `0.1.0`: written into what is converted, named to older versions that refuse it. */
  readonly version: string;
  readonly clock: Clock;
  readonly migrations?: readonly MigrationFile[];
}

/** Throws `database_newer`, `database_damaged`, `storage_failed`; the file is then as it was. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { file, version, clock } = options;
  const migrations = options.migrations ?? readMigrations(migrationsFolder());
  if (file === IN_MEMORY) return openInMemory(migrations, version);
  const names = migrations.map(({ name }) => name);
  const found = inspectDatabase(file, names);
  const [firstPending] = found.kind === 'ready' ? found.pending : [];
  const backup = firstPending === undefined ? null : await backUp(file, firstPending, clock.nowMs());
  try {
    const main = openHandle(file, 'full');
    const db = createKysely(main);
    if (found.kind === 'fresh' || backup !== null)
      await orClose(main, migrate(db, main, migrations, version));
    const ledger = openHandle(file, 'normal');
    return {
      db,
      ledger,
      file,
      backup,
      close() {
        ledger.close();
        main.close();
      },
    };
  } catch (cause) {
    throw new CamError(
      'storage_failed',
      `The database ${file} cannot be opened (${sqliteCode(cause) ?? 'error'}).`,
      {
        cause,
        ...(backup ? { hint: `A copy from before is at ${backup}.` } : {}),
      },
    );
  }
}

async function openInMemory(migrations: readonly MigrationFile[], version: string): Promise<Database> {
  const handle = openHandle(IN_MEMORY, 'normal');
  const db = createKysely(handle);
  await orClose(handle, migrate(db, handle, migrations, version));
  return { db, ledger: handle, file: null, backup: null, close: () => handle.close() };
}

async function orClose(handle: Handle, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    handle.close();
    throw error;
  }
}
