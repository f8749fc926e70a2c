/** Backups: whole, tried with the key, and made while the database is written to. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import { IN_PROCESS } from '../../../server/admin/router.ts';
import { backupName } from '../../../server/backup-files.ts';
import { openReadOnly } from '../../../server/db/open.ts';
import { createBackupJob } from '../../../server/jobs/backups.ts';
import { openTestDatabase, silentLog, type TestFolder, testFolder } from '../db/support.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const KEY = 'sk-proj-canary-0123456789abcdefghij';

let folder: TestFolder;
let rig: Rig;
beforeEach(async () => {
  folder = testFolder();
  rig = await createRig({ database: await openTestDatabase(folder.file) });
  await rig.services.local.initialise(MASTER_KEY);
  const api = rig.router.createCaller(IN_PROCESS);
  await api.accounts.add({ name: 'Work', key: KEY, check: false });
  await api.clients.add({ name: 'opencode' });
});
afterEach(async () => {
  await rig.close();
  folder[Symbol.dispose]();
});

const backups = (): string[] => {
  const place = join(folder.path, 'backups');
  return existsSync(place) ? readdirSync(place).sort() : [];
};

describe('making a backup', () => {
  it('leaves one file for its owner only, with everything in it and no key readable', async () => {
    const made = await rig.services.backups.make();
    expect(made).toMatchObject({ accounts: 1, clientKeys: 1, damaged: [], triedWithKey: true });
    expect(backups()).toEqual([made.name]);
    expect(statSync(made.path).mode & 0o777).toBe(0o600);
    const copy = openReadOnly(made.path);
    expect(copy.prepare('SELECT name FROM accounts').pluck().all()).toEqual(['Work']);
    expect(copy.serialize().includes(KEY)).toBe(false);
    copy.close();
    expect(rig.services.backups.list()).toMatchObject({
      backups: [{ name: made.name, atMs: rig.clock.nowMs(), bytes: made.bytes, beforeConversion: false }],
      failure: null,
    });
  });

  it('is one moment of the database, however much is written meanwhile', async () => {
    const { ledger } = rig.database;
    ledger.exec('CREATE TABLE pages (number INTEGER PRIMARY KEY, text TEXT) STRICT');
    const insert = ledger.prepare('INSERT INTO pages (text) VALUES (?)');
    const text = 'x'.repeat(4_000);
    for (let page = 0; page < 4_000; page++) insert.run(text);
    let writing = true;
    let written = 0;
    const writer = (async () => {
      while (writing) {
        insert.run(text);
        written++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const made = await rig.services.backups.make();
    writing = false;
    await writer;
    expect(written).toBeGreaterThan(10);
    const copy = openReadOnly(made.path);
    const [count, last] = copy.prepare('SELECT count(*), max(number) FROM pages').raw().get() as number[];
    copy.close();
    expect(count).toBe(last);
    expect(count).toBeGreaterThanOrEqual(4_000);
  });

  it('keeps the newest seven and never touches what others keep there', async () => {
    for (let day = 0; day < 9; day++) {
      rig.clock.advance(24 * HOUR_MS);
      await rig.services.backups.make();
    }
    const days = rig.services.backups
      .list()
      .backups.map(({ atMs }) => (rig.clock.nowMs() - atMs) / HOUR_MS / 24);
    expect(days).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('tells two of one second apart', async () => {
    const names = [(await rig.services.backups.make()).name, (await rig.services.backups.make()).name];
    expect(names[0]).toBe(backupName(rig.clock.nowMs()));
    expect(new Set(names).size).toBe(2);
    expect(rig.services.backups.list().backups).toHaveLength(2);
  });

  it('can be made while the vault is locked, and says that the keys were not tried', async () => {
    rig.vault.lock();
    expect(await rig.services.backups.make()).toMatchObject({ triedWithKey: false, accounts: 1 });
  });

  it('names a row that was changed from outside, because the copy is as damaged as the original', async () => {
    rig.database.ledger.exec("UPDATE accounts SET base_url = 'https://thief.example/v1'");
    expect(await rig.services.backups.make()).toMatchObject({ damaged: ['Work'] });
  });

  it('is no backup when the copy is not what the vault wrote, and leaves nothing behind', async () => {
    const place = rig.backupPlace;
    const honest = place.copier?.copyTo;
    Object.assign(place.copier ?? {}, {
      copyTo: async (target: string) => {
        const rows = await honest?.(target);
        return {
          ...rows,
          accounts: rows?.accounts.map((row) => ({ ...row, base_url: 'https://x.example' })),
        };
      },
    });
    await expect(rig.services.backups.make()).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('Work'),
    });
    expect(backups()).toEqual([]);
    expect(rig.services.backups.list().failure?.message).toContain('differs');
  });

  it('is no backup when a sealed key in it does not open', async () => {
    rig.database.ledger.exec(
      "UPDATE accounts SET sealed_key = CAST(substr(sealed_key, 1, length(sealed_key) - 1) || x'00' AS BLOB)",
    );
    await expect(rig.services.backups.make()).rejects.toMatchObject({ code: 'vault_damaged' });
    expect(backups()).toEqual([]);
  });

  it('is refused where everything is in memory', async () => {
    const other = await createRig();
    await other.services.local.initialise(MASTER_KEY);
    await expect(other.services.backups.make()).rejects.toMatchObject({ code: 'conflict' });
    expect(other.services.backups.list().folder).toBeNull();
    await other.close();
  });
});

describe('backups by the clock', () => {
  const job = () =>
    createBackupJob({
      backups: rig.services.backups,
      vaultState: () => rig.vault.state(),
      clock: rig.clock,
      log: silentLog,
    });

  it('are made when the newest is as old as the setting says, also after a restart', async () => {
    await job()();
    expect(backups()).toHaveLength(1);
    rig.clock.advance(24 * HOUR_MS - MINUTE_MS);
    await job()();
    expect(backups()).toHaveLength(1);
    rig.clock.advance(MINUTE_MS);
    await job()();
    expect(backups()).toHaveLength(2);
    rig.settings.set({ 'backup.every_hours': 6 });
    rig.clock.advance(6 * HOUR_MS);
    await job()();
    expect(backups()).toHaveLength(3);
  });

  it('are not made when they are switched off, nor before there is a vault', async () => {
    rig.settings.set({ 'backup.every_hours': 0 });
    await job()();
    expect(backups()).toEqual([]);
    rig.settings.set({ 'backup.every_hours': 24 });
    await createBackupJob({
      backups: rig.services.backups,
      vaultState: () => 'uninitialised',
      clock: rig.clock,
      log: silentLog,
    })();
    expect(backups()).toEqual([]);
  });

  it('are tried again an hour after one failed, and not every minute', async () => {
    let tries = 0;
    Object.assign(rig.backupPlace.copier ?? {}, {
      copyTo: () => {
        tries++;
        return Promise.reject(new Error('the disk is full'));
      },
    });
    const look = job();
    await look();
    rig.clock.advance(59 * MINUTE_MS);
    await look();
    expect(tries).toBe(1);
    rig.clock.advance(MINUTE_MS);
    await look();
    expect(tries).toBe(2);
  });
});
