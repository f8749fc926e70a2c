/** Restoring: the backup proves itself beside the data first, and what was here is kept. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Secret } from '../../lib/base/secret.ts';
import { IN_PROCESS } from '../../server/admin/router.ts';
import { type Restored, restoreBackup } from '../../server/restore.ts';
import { fileHash, openTestDatabase, type TestFolder, testClock, testFolder } from './db/support.ts';
import { createRig, MASTER_KEY } from './services/rig.ts';
import { random } from './vault/new-vault.ts';

let folder: TestFolder;
let backup: string;
/** A data folder with an account that was there at the backup and one that came after it. */
beforeEach(async () => {
  folder = testFolder();
  const rig = await createRig({ database: await openTestDatabase(folder.file) });
  await rig.services.local.initialise(MASTER_KEY);
  const api = rig.router.createCaller(IN_PROCESS);
  await api.accounts.add({ name: 'Before', key: 'sk-proj-before-0123456789abcdef', check: false });
  backup = (await rig.services.backups.make()).path;
  await api.accounts.add({ name: 'After', key: 'sk-proj-after-0123456789abcdef', check: false });
  await rig.close();
});
afterEach(() => folder[Symbol.dispose]());

const restore = (file: string, masterKey = MASTER_KEY): Promise<Restored> =>
  restoreBackup({
    file,
    dataFolder: folder.path,
    masterKey: () => Promise.resolve(masterKey),
    random,
    clock: testClock(),
    version: '0.1.0',
  });

function names(file: string): unknown[] {
  const handle = new Database(file, { readonly: true });
  try {
    return handle.prepare('SELECT name FROM accounts ORDER BY name').pluck().all();
  } finally {
    handle.close();
  }
}

/** The refusal, after looking that nothing at all was changed by it. */
async function refused(file: string, masterKey = MASTER_KEY) {
  const before = fileHash(folder.file);
  const thrown = await restore(file, masterKey).then(
    () => null,
    (error) => error,
  );
  expect(fileHash(folder.file)).toBe(before);
  expect(existsSync(join(folder.path, 'restoring'))).toBe(false);
  return thrown;
}

it('puts the backup in the place of the database and keeps what was there', async () => {
  const done = await restore(backup);
  expect(done).toMatchObject({ accounts: 1, damaged: [] });
  expect(names(folder.file)).toEqual(['Before']);
  expect(statSync(folder.file).mode & 0o777).toBe(0o600);
  expect(names(done.replaced ?? '')).toEqual(['After', 'Before']);
  // And back again: what was kept aside is a backup like any other.
  await restore(done.replaced ?? '');
  expect(names(folder.file)).toEqual(['After', 'Before']);
});

it('opens with its master key and serves its accounts', async () => {
  await restore(backup);
  const rig = await createRig({ database: await openTestDatabase(folder.file) });
  await rig.services.local.unlock(MASTER_KEY);
  expect(rig.pool.snapshot().map(({ account, intact }) => [account.name, intact])).toEqual([
    ['Before', true],
  ]);
  await rig.close();
});

it('does not play what was left in a log into the restored database', async () => {
  // As a kill leaves it: the newest rows are in the log alone.
  const writer = new Database(folder.file);
  writer.pragma('journal_mode = WAL');
  writer.pragma('wal_autocheckpoint = 0');
  writer.exec("UPDATE accounts SET name = 'Renamed' WHERE name = 'After'");
  copyFileSync(folder.file, `${folder.file}.killed`);
  copyFileSync(`${folder.file}-wal`, `${folder.file}.killed-wal`);
  writer.close();
  copyFileSync(`${folder.file}.killed`, folder.file);
  copyFileSync(`${folder.file}.killed-wal`, `${folder.file}-wal`);
  const done = await restore(backup);
  expect(names(folder.file)).toEqual(['Before']);
  expect(names(done.replaced ?? '')).toEqual(['Before', 'Renamed']);
});

it('works where the database is damaged beyond opening, and keeps it all the same', async () => {
  writeFileSync(folder.file, 'not a database any more');
  const done = await restore(backup);
  expect(names(folder.file)).toEqual(['Before']);
  expect(readFileSync(done.replaced ?? '', 'utf8')).toBe('not a database any more');
});

it('refuses a wrong master key and changes nothing', async () => {
  expect(await refused(backup, new Secret('not the master key'))).toMatchObject({ code: 'wrong_master_key' });
});

it('refuses a backup of a newer version, unchanged', async () => {
  const handle = new Database(backup);
  handle.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('0099_tomorrow', '')");
  handle.pragma('user_version = 2000000');
  handle.close();
  const before = createHash('sha256').update(readFileSync(backup)).digest('hex');
  expect(await refused(backup)).toMatchObject({ code: 'database_newer', details: { version: '2.0.0' } });
  expect(createHash('sha256').update(readFileSync(backup)).digest('hex')).toBe(before);
});

it('refuses what is no backup: another program’s database, rubbish, nothing, and the database itself', async () => {
  const other = join(folder.path, 'other.db');
  const handle = new Database(other);
  handle.exec('CREATE TABLE birds (name TEXT)');
  handle.close();
  expect(await refused(other)).toMatchObject({ code: 'database_damaged' });
  writeFileSync(other, 'rubbish '.repeat(1_000));
  expect(await refused(other)).toMatchObject({ code: 'database_damaged' });
  writeFileSync(other, '');
  expect(await refused(other)).toMatchObject({ code: 'database_damaged' });
  expect(await refused(join(folder.path, 'nowhere.db'))).toMatchObject({ code: 'not_found' });
  expect(await refused(folder.file)).toMatchObject({ code: 'invalid_request' });
});

it('refuses a backup whose vault header was forged', async () => {
  const handle = new Database(backup);
  handle.exec('UPDATE vault_header SET kdf_passes = 2');
  handle.close();
  expect(await refused(backup)).toMatchObject({ code: 'wrong_master_key' });
});

it('names what is quarantined in the backup', async () => {
  const handle = new Database(backup);
  handle.exec("UPDATE accounts SET base_url = 'https://thief.example/v1'");
  handle.close();
  expect(await restore(backup)).toMatchObject({ damaged: ['Before'] });
});
