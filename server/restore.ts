/**
 * Restoring a backup, with no server running: the backup is copied beside the data, converted and tried with its own
 * master key there, and only then takes the place of the database, which is kept aside. Until that last moment
 * nothing of what is here is touched; a backup that is damaged, newer than we are or another program's never gets
 * that far.
 */
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { aboutVault } from '../lib/audit/deeds.ts';
import type { Secret } from '../lib/base/secret.ts';
import type { Clock } from '../lib/base/time.ts';
import { CamError } from '../lib/errors.ts';
import { backupsIn, stampOf } from './backup-files.ts';
import { inspectDatabase } from './db/inspect.ts';
import { migrationsFolder, readMigrations } from './db/migrate.ts';
import { openHandle } from './db/open.ts';
import { type Database, openDatabase } from './db/open-database.ts';
import { readVaultHeader } from './db/vault-header.ts';
import { syncToDisk, writeCopy } from './db/write-copy.ts';
import { createAuditLog } from './services/audit/audit-log.ts';
import { tryRows } from './services/backups/try-rows.ts';
import { createKdf } from './vault/kdf.ts';
import { createVault, type Vault } from './vault/vault.ts';

export interface RestoreOptions {
  /** The backup. */
  readonly file: string;
  /** Locked by the caller for as long as this takes. */
  readonly dataFolder: string;
  /** The master key that the backup was made under. Asked for once the file itself is known to be good. */
  readonly masterKey: () => Promise<Secret>;
  readonly random: (bytes: number) => Uint8Array;
  readonly clock: Clock;
  readonly version: string;
}

export interface Restored {
  readonly accounts: number;
  readonly clientKeys: number;
  /** Rows that do not verify: they are quarantined, as they were. */
  readonly damaged: readonly string[];
  /** Where the database that was here is now; null when there was none. */
  readonly replaced: string | null;
}

/** Throws `not_found`, `database_newer`, `database_damaged`, `wrong_master_key`, `storage_failed`. */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { file, dataFolder, clock } = options;
  const live = join(dataFolder, 'cam.db');
  refuseUnusable(file, live);
  const staging = join(dataFolder, 'restoring');
  const copy = join(staging, 'cam.db');
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { mode: 0o700 });
    await writeCopy(file, copy).catch((cause) => {
      throw new CamError(
        'storage_failed',
        `${file} could not be copied into the data folder. Nothing was changed.`,
        {
          cause,
          hint: 'Make room on the disk, or check that the file is whole.',
        },
      );
    });
    const tried = await tryCopy(options, copy);
    const replaced = existsSync(live) ? setAside(live, clock.nowMs()) : null;
    renameSync(copy, live);
    syncToDisk(dataFolder);
    return { ...tried, replaced };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function refuseUnusable(file: string, live: string): void {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts === undefined || !facts.isFile()) {
    throw new CamError('not_found', `There is no backup ${file}.`, {
      hint: '`cam backup --list` shows those that were made by themselves.',
    });
  }
  const here = statSync(live, { throwIfNoEntry: false });
  if (here !== undefined && here.ino === facts.ino && here.dev === facts.dev)
    throw new CamError('invalid_request', 'That is the database in use, not a backup of it.');
  const known = readMigrations(migrationsFolder()).map(({ name }) => name);
  if (inspectDatabase(file, known).kind === 'fresh')
    throw new CamError(
      'database_damaged',
      `${file} is no backup: there is nothing in it. Nothing was changed.`,
    );
}

/** Opens the copy as a start would, and everything in it that is sealed. */
async function tryCopy(options: RestoreOptions, copy: string): Promise<Omit<Restored, 'replaced'>> {
  const { clock, version, random } = options;
  const database = await openDatabase({ file: copy, version, clock });
  try {
    const header = await readVaultHeader(database.db);
    if (header === null)
      throw new CamError('database_damaged', 'The backup holds no vault. Nothing was changed.');
    // Its own cost, whatever today's is: raising it is the next start's business.
    const { kdfMemoryKib: memoryKib, kdfPasses: passes, kdfLanes: lanes } = header;
    const kdfParameters = { memoryKib, passes, lanes };
    const vault = createVault({ clock, random, kdf: createKdf(), kdfParameters });
    try {
      vault.attach(header);
      await vault.unlock(await options.masterKey());
      const { damaged, ...counts } = await triedRows(database, vault);
      const audit = createAuditLog({ db: database.db, vault, clock });
      const detail = { file: basename(options.file) };
      await audit.record({ ...aboutVault({ kind: 'in_process' }), deed: 'backup.restored', detail });
      return { ...counts, damaged: damaged.map(({ name }) => name) };
    } finally {
      await vault.close();
    }
  } finally {
    // Folds the write-ahead log into the file, so that the copy is one file again.
    database.close();
  }
}

async function triedRows({ db }: Database, vault: Vault) {
  return tryRows(vault, {
    accounts: await db.selectFrom('accounts').selectAll().execute(),
    clientKeys: await db.selectFrom('client_keys').selectAll().execute(),
  });
}

/**
 * Keeps the database that is here under another name, its write-ahead log with it. It is linked before it is replaced,
 * so that at no moment there is no database; a log left behind would be played into the new one, so that goes first.
 */
function setAside(live: string, nowMs: number): string {
  const folder = backupsIn(join(live, '..'));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const aside = join(folder, `cam-replaced-${stampOf(nowMs)}.db`);
  foldLog(live);
  keep(live, aside);
  if (existsSync(`${live}-wal`)) keep(`${live}-wal`, `${aside}-wal`);
  syncToDisk(folder);
  for (const left of ['-wal', '-shm']) rmSync(`${live}${left}`, { force: true });
  return aside;
}

/** A damaged database cannot be opened for this; then its log is kept beside it. */
function foldLog(live: string): void {
  try {
    openHandle(live, 'full').close();
  } catch {
    return;
  }
}

function keep(from: string, to: string): void {
  rmSync(to, { force: true });
  try {
    linkSync(from, to);
  } catch {
    // Not every file system has links.
    copyFileSync(from, to);
  }
}
