import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { createSessionHomes } from '../../../server/db/session-homes.ts';
import {
  HOME,
  NOW_MS,
  openTestDatabase,
  type TestClock,
  type TestFolder,
  testClock,
  testFolder,
  WORK,
} from './support.ts';

describe('session homes', () => {
  let folder: TestFolder;
  let db: Database;
  let clock: TestClock;

  beforeEach(async () => {
    folder = testFolder();
    db = await openTestDatabase(folder.file);
    clock = testClock();
  });
  afterEach(() => {
    db.close();
    folder[Symbol.dispose]();
  });

  const homesOf = (max = 100) => createSessionHomes({ db, clock, max });
  const rows = () => db.ledger.prepare('SELECT count(*) FROM session_homes').pluck().get();

  it('are where they were after a restart', async () => {
    const homes = homesOf();
    homes.set('one', { accountId: WORK, organization: 'org-1', mixed: true });
    homes.set('two', { accountId: WORK, organization: null });
    homes.set('two', { accountId: HOME, organization: null });
    homes.close();
    db.close();
    db = await openTestDatabase(folder.file);
    const again = homesOf();
    expect(again.get('one')).toEqual({
      accountId: WORK,
      organization: 'org-1',
      mixed: true,
      usedAtMs: NOW_MS,
    });
    expect(again.get('two')).toEqual({ accountId: HOME, organization: null, mixed: false, usedAtMs: NOW_MS });
    expect(again.get('three')).toBeNull();
    again.close();
  });

  it('are found at once, before they are written', () => {
    const homes = homesOf();
    homes.set('one', { accountId: WORK, organization: null });
    expect(homes.get('one')?.accountId).toBe(WORK);
    expect(rows()).toBe(0);
    homes.close();
    expect(rows()).toBe(1);
  });

  it('hold no more in memory than allowed, and find the rest in the table', async () => {
    const homes = homesOf(2);
    for (const hash of ['one', 'two', 'three', 'four'])
      homes.set(hash, { accountId: WORK, organization: hash });
    await new Promise((resolve) => setImmediate(resolve));
    expect(rows()).toBe(4);
    db.ledger.exec("UPDATE session_homes SET organization = 'read from the table'");
    expect(['one', 'two', 'three', 'four'].map((hash) => homes.get(hash)?.organization)).toEqual([
      'read from the table',
      'read from the table',
      'three',
      'four',
    ]);
    homes.close();
  });

  it('are not written again for every call of a session', () => {
    const homes = homesOf();
    homes.set('one', { accountId: WORK, organization: null });
    homes.flush();
    db.ledger.exec('DELETE FROM session_homes');
    clock.set(NOW_MS + MINUTE_MS - 1);
    homes.set('one', { accountId: WORK, organization: null });
    homes.flush();
    expect(rows()).toBe(0);
    clock.set(NOW_MS + MINUTE_MS);
    homes.set('one', { accountId: WORK, organization: null });
    homes.close();
    expect(rows()).toBe(1);
  });

  it('are forgotten when nobody came back for a month', () => {
    const homes = homesOf();
    homes.set('old', { accountId: WORK, organization: null });
    homes.close();
    clock.set(NOW_MS + 31 * DAY_MS);
    const later = homesOf();
    later.set('new', { accountId: WORK, organization: null });
    later.close();
    expect(db.ledger.prepare('SELECT session_hash FROM session_homes').pluck().all()).toEqual(['new']);
  });

  it('cost no call when they cannot be written', () => {
    const homes = homesOf();
    homes.set('one', { accountId: WORK, organization: null });
    db.ledger.exec('DROP TABLE session_homes');
    expect(() => homes.flush()).not.toThrow();
    expect(homes.get('one')?.accountId).toBe(WORK);
  });
});
