import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type MigrationFile,
  migrationsFolder,
  readMigrations,
  versionNumber,
  versionText,
} from '../../../server/db/migrate.ts';
import { type Handle, openReadOnly } from '../../../server/db/open.ts';
import { openDatabase } from '../../../server/db/open-database.ts';
import {
  accountRow,
  fileHash,
  openTestDatabase,
  type TestFolder,
  testClock,
  testFolder,
  WORK,
} from './support.ts';

const TODAY = readMigrations(migrationsFolder());
const TOMORROW: MigrationFile[] = [
  ...TODAY,
  { name: '0099_tomorrow', sql: 'CREATE TABLE tomorrow (id INTEGER PRIMARY KEY) STRICT;' },
];

describe('opening the database', () => {
  let folder: TestFolder;
  beforeEach(() => {
    folder = testFolder();
  });
  afterEach(() => folder[Symbol.dispose]());

  const open = (migrations = TODAY, version = '0.1.0', atMs?: number) =>
    openDatabase({ file: folder.file, version, clock: testClock(atMs), migrations });
  const madeBy = async (migrations: MigrationFile[], version: string) => {
    const database = await open(migrations, version);
    await database.db.insertInto('accounts').values(accountRow(WORK, 'Work')).execute();
    database.close();
  };
  const backups = () => readdirSync(join(folder.path, 'backups')).sort();

  it('makes a fresh one that only its owner can read, and opens it again with what was put in', async () => {
    await madeBy([...TODAY], '0.1.0');
    expect(statSync(folder.file).mode & 0o777).toBe(0o600);
    const again = await open();
    expect(await again.db.selectFrom('accounts').select('name').execute()).toEqual([{ name: 'Work' }]);
    expect(again.backup).toBeNull();
    again.close();
  });

  it('protects both handles and makes the vault wait for the disk', async () => {
    const database = await open();
    const { rows } = await pragmas(database.db);
    expect(rows).toEqual([
      'synchronous=2',
      'foreign_keys=1',
      'trusted_schema=0',
      'cell_size_check=1',
      'secure_delete=1',
    ]);
    const ledger = (name: string) => database.ledger.pragma(name, { simple: true });
    expect(ledger('journal_mode')).toBe('wal');
    expect(ledger('synchronous')).toBe(1);
    expect(['foreign_keys', 'trusted_schema', 'cell_size_check', 'secure_delete'].map(ledger)).toEqual([
      1, 0, 1, 1,
    ]);
    database.close();
  });

  it('refuses one that a newer version made, names that version, and leaves every byte as it was', async () => {
    await madeBy(TOMORROW, '3.14.15');
    const before = fileHash(folder.file);
    await expect(open()).rejects.toMatchObject({
      code: 'database_newer',
      message: expect.stringContaining('3.14.15 or later'),
    });
    expect(fileHash(folder.file)).toBe(before);
  });

  it('notices a newer version also when its conversion is still in the write-ahead log', async () => {
    const newer = await open(TOMORROW, '2.0.0');
    const before = fileHash(folder.file);
    await expect(open()).rejects.toMatchObject({ code: 'database_newer' });
    expect(fileHash(folder.file)).toBe(before);
    newer.close();
  });

  it('refuses a file that is no database and leaves it as it was', async () => {
    writeFileSync(folder.file, 'these are not the bytes you are looking for'.repeat(200));
    const before = fileHash(folder.file);
    await expect(open()).rejects.toMatchObject({
      code: 'database_damaged',
      hint: expect.stringContaining('backups'),
    });
    expect(fileHash(folder.file)).toBe(before);
  });

  it('refuses a damaged database and leaves it as it was', async () => {
    await madeBy([...TODAY], '0.1.0');
    scribble(folder.file);
    const before = fileHash(folder.file);
    await expect(open()).rejects.toMatchObject({ code: 'database_damaged' });
    expect(fileHash(folder.file)).toBe(before);
  });

  it('refuses another program’s database and leaves it as it was', async () => {
    const foreign: MigrationFile[] = [
      { name: '0001_foreign', sql: 'CREATE TABLE songs (id INTEGER) STRICT;' },
    ];
    const database = await open(foreign);
    database.ledger.exec(
      'DROP TABLE kysely_migration; DROP TABLE kysely_migration_lock; PRAGMA application_id = 7',
    );
    database.close();
    const before = fileHash(folder.file);
    await expect(open()).rejects.toMatchObject({
      code: 'database_damaged',
      message: expect.stringContaining('another program'),
    });
    expect(fileHash(folder.file)).toBe(before);
  });

  it('copies an existing database before it converts it, and the copy is the database from before', async () => {
    await madeBy([...TODAY], '0.1.0');
    const converted = await open(TOMORROW, '0.2.0');
    expect(converted.backup).toBe(join(folder.path, 'backups', 'cam-before-0099-20261118T110640Z.db'));
    expect(tables(converted.ledger)).toContain('tomorrow');
    converted.close();
    expect(backups()).toEqual(['cam-before-0099-20261118T110640Z.db']);
    const copy = openReadOnly(converted.backup ?? '');
    expect(tables(copy)).not.toContain('tomorrow');
    expect(copy.prepare('SELECT name FROM accounts').pluck().all()).toEqual(['Work']);
    expect(copy.pragma('journal_mode', { simple: true })).toBe('delete');
    copy.close();
    expect(statSync(converted.backup ?? '').mode & 0o777).toBe(0o600);
  });

  it('keeps the last three copies', async () => {
    await madeBy([...TODAY], '0.1.0');
    const steps = [...TODAY];
    for (let n = 50; n < 55; n++) {
      steps.push({ name: `00${n}_step`, sql: `CREATE TABLE step_${n} (id INTEGER) STRICT;` });
      (await open([...steps])).close();
    }
    expect(backups().map((name) => name.slice(0, 15))).toEqual([
      'cam-before-0052',
      'cam-before-0053',
      'cam-before-0054',
    ]);
  });

  it('does not convert what it cannot copy', async () => {
    await madeBy([...TODAY], '0.1.0');
    writeFileSync(join(folder.path, 'backups'), 'a file where the folder should be');
    const before = fileHash(folder.file);
    await expect(open(TOMORROW)).rejects.toMatchObject({ code: 'storage_failed' });
    expect(fileHash(folder.file)).toBe(before);
  });

  it('takes back a whole conversion when one of its steps fails', async () => {
    await madeBy([...TODAY], '0.1.0');
    const broken = [
      ...TOMORROW,
      { name: '0100_broken', sql: 'CREATE TABLE good (id INTEGER); CREATE GARBAGE;' },
    ];
    await expect(open(broken)).rejects.toMatchObject({
      code: 'storage_failed',
      hint: expect.stringContaining('copy'),
    });
    const again = await open();
    expect(tables(again.ledger)).not.toContain('good');
    expect(tables(again.ledger)).not.toContain('tomorrow');
    again.close();
  });

  it('says so when the file cannot be read at all', async () => {
    mkdirSync(folder.file);
    await expect(open()).rejects.toMatchObject({ code: 'storage_failed' });
  });

  it('writes a version into the file so that an older program can name it', () => {
    expect(versionText(versionNumber('12.34.56'))).toBe('12.34.56');
    expect(versionText(versionNumber('1.2.3-beta.4'))).toBe('1.2.3');
  });

  it('has one handle in memory', async () => {
    const database = await openTestDatabase();
    expect(database.file).toBeNull();
    await database.db.insertInto('accounts').values(accountRow(WORK, 'Work')).execute();
    expect(database.ledger.prepare('SELECT count(*) FROM accounts').pluck().get()).toBe(1);
    database.close();
    expect(existsSync(':memory:')).toBe(false);
  });
});

function tables(handle: Handle): unknown[] {
  return handle.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
}

async function pragmas(db: Awaited<ReturnType<typeof openTestDatabase>>['db']) {
  const { sql } = await import('kysely');
  const { rows } = await sql<{ synchronous: number }>`SELECT * FROM pragma_synchronous`.execute(db);
  const more = await sql<{ name: string; value: number }>`
    SELECT 'foreign_keys' AS name, foreign_keys AS value FROM pragma_foreign_keys
    UNION ALL SELECT 'trusted_schema', trusted_schema FROM pragma_trusted_schema
    UNION ALL SELECT 'cell_size_check', cell_size_check FROM pragma_cell_size_check
    UNION ALL SELECT 'secure_delete', secure_delete FROM pragma_secure_delete`.execute(db);
  return {
    rows: [`synchronous=${rows[0]?.synchronous}`, ...more.rows.map(({ name, value }) => `${name}=${value}`)],
  };
}

/** Overwrites the middle of the file, where the tables are. */
function scribble(file: string): void {
  chmodSync(file, 0o600);
  const descriptor = openSync(file, 'r+');
  const size = statSync(file).size;
  for (let at = 4_096; at < size; at += 4_096) writeSync(descriptor, Buffer.alloc(200, 0xab), 0, 200, at);
  closeSync(descriptor);
}
