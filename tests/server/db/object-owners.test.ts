import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DAY_MS } from '../../../lib/base/time.ts';
import type { Owner } from '../../../lib/routing/plan-input.ts';
import { createLedgerWriter, type LedgerWriter } from '../../../server/db/ledger.ts';
import { createObjectOwners, type ObjectOwners } from '../../../server/db/object-owners.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { prepareOwners } from '../../../server/db/owner-statements.ts';
import { HOME, NOW_MS, opened, openTestDatabase, type TestClock, testClock, WORK } from './support.ts';

const AT_WORK: Owner = { accountId: WORK, organization: 'org-1', project: 'proj_1' };
const AT_HOME: Owner = { accountId: HOME, organization: null, project: null };

describe('object owners', () => {
  let db: Database;
  let clock: TestClock;
  let ledger: LedgerWriter;
  let owners: ObjectOwners;
  const log = { warn: vi.fn(), error: vi.fn() };

  beforeEach(async () => {
    log.error.mockReset();
    db = await openTestDatabase();
    clock = testClock();
    ledger = createLedgerWriter({ db, log });
    owners = ownersOf();
  });
  afterEach(async () => {
    await ledger.close();
    db.close();
  });

  const ownersOf = (max = 100) => createObjectOwners({ db, ledger, clock, log, max });
  const rows = () =>
    db.ledger.prepare<[], string>('SELECT object_hash FROM object_owners ORDER BY 1').pluck().all();

  it('are committed when claiming resolves, and not before', async () => {
    const claimed = owners.own('one', 'response', AT_WORK);
    expect(rows()).toEqual([]);
    await claimed;
    expect(db.ledger.inTransaction).toBe(false);
    expect(rows()).toEqual(['one']);
  });

  it('cost no transaction of their own beside a row that is opened in the same turn', async () => {
    const begun = vi.fn();
    db.ledger.function('begun', begun);
    db.ledger.exec('CREATE TEMP TRIGGER t AFTER INSERT ON usage_records BEGIN SELECT begun(); END');
    const both = Promise.all([ledger.open(opened(1)), owners.own('one', 'file', AT_WORK)]);
    await new Promise((resolve) => setImmediate(resolve));
    await both;
    expect(begun).toHaveBeenCalledTimes(1);
    expect(rows()).toEqual(['one']);
  });

  it('are found after a restart, with organisation and project', async () => {
    await owners.own('one', 'conversation', AT_WORK);
    await owners.own('two', 'file', AT_HOME);
    const again = ownersOf();
    expect(again.get('one')).toMatchObject(AT_WORK);
    expect(again.get('two')).toMatchObject(AT_HOME);
    expect(again.get('three')).toBeNull();
  });

  it('hold no more in memory than allowed, and find the rest in the table', async () => {
    const few = ownersOf(2);
    for (const hash of ['one', 'two', 'three']) await few.own(hash, 'file', AT_WORK);
    db.ledger.exec("UPDATE object_owners SET organization = 'read from the table'");
    expect(few.get('three')?.organization).toBe('org-1');
    expect(few.get('one')?.organization).toBe('read from the table');
  });

  it('are forgotten when the object is deleted', async () => {
    await owners.own('one', 'file', AT_WORK);
    owners.disown('one');
    expect(owners.get('one')).toBeNull();
    await ledger.flush();
    expect(rows()).toEqual([]);
  });

  it('that nobody waits for are written with the next settlement', async () => {
    owners.note('one', 'seal', AT_WORK);
    expect(owners.get('one')).toMatchObject(AT_WORK);
    await ledger.flush();
    expect(rows()).toEqual(['one']);
  });

  it('remember their last use, to the day', async () => {
    await owners.own('one', 'file', AT_WORK);
    clock.set(NOW_MS + DAY_MS);
    owners.get('one');
    await ledger.flush();
    const row = db.ledger.prepare('SELECT made_at_ms, used_at_ms FROM object_owners').get();
    expect(row).toEqual({ made_at_ms: NOW_MS, used_at_ms: NOW_MS + DAY_MS });
  });

  it('are not used by one who only peeks, however long ago their last use was', async () => {
    const few = ownersOf(1);
    for (const hash of ['one', 'two']) await few.own(hash, 'file', AT_WORK);
    clock.set(NOW_MS + 2 * DAY_MS);
    expect(few.peek('one')).toMatchObject(AT_WORK);
    expect(few.peek('three')).toBeNull();
    await ledger.flush();
    const used = db.ledger.prepare('SELECT DISTINCT used_at_ms FROM object_owners').pluck().all();
    expect(used).toEqual([NOW_MS]);
    db.ledger.exec("UPDATE object_owners SET organization = 'read from the table'");
    expect(few.peek('two')?.organization).toBe('org-1');
    expect(few.peek('one')?.organization).toBe('read from the table');
  });

  it('hold nothing back when the disk fails, and are written when it is well again', async () => {
    db.ledger.exec('ALTER TABLE object_owners RENAME TO away');
    await owners.own('one', 'response', AT_WORK);
    expect(log.error).toHaveBeenCalled();
    expect(owners.get('one')).toMatchObject(AT_WORK);
    db.ledger.exec('ALTER TABLE away RENAME TO object_owners');
    await ledger.flush();
    expect(rows()).toEqual(['one']);
  });

  it('of each kind are kept for their time and in their number, least recently used first', () => {
    const statements = prepareOwners(db.ledger);
    const put = (hash: string, kind: 'response' | 'file', daysAgo: number) =>
      statements.write(hash, {
        ...AT_WORK,
        kind,
        madeAtMs: NOW_MS - daysAgo * DAY_MS,
        usedAtMs: NOW_MS - daysAgo * DAY_MS,
      });
    put('response of 59 days', 'response', 59);
    put('response of 61 days', 'response', 61);
    put('file of 399 days', 'file', 399);
    put('file of 401 days', 'file', 401);
    statements.prune(NOW_MS);
    expect(rows()).toEqual(['file of 399 days', 'response of 59 days']);
    db.ledger.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50010)
      INSERT INTO object_owners SELECT 'f' || i, 'file', 'a', NULL, NULL, ${NOW_MS}, ${NOW_MS} - i FROM n`);
    prepareOwners(db.ledger).prune(NOW_MS);
    const files = db.ledger
      .prepare("SELECT object_hash FROM object_owners WHERE kind = 'file'")
      .pluck()
      .all();
    expect(files).toHaveLength(50_000);
    expect(files).toContain('f1');
    expect(files).toContain('f50000');
    expect(files).not.toContain('f50001');
    expect(rows()).toContain('response of 59 days');
  });

  it('are pruned as they are written, without ever counting', async () => {
    db.ledger.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
      INSERT INTO object_owners SELECT 's' || i, 'seal', 'a', NULL, NULL, 0, ${NOW_MS} - i FROM n`);
    const full = ownersOf();
    for (let n = 0; n < 60; n++) full.note(`new ${n}`, 'seal', AT_WORK);
    await ledger.flush();
    expect(rows()).toHaveLength(50_010);
    for (let n = 60; n < 100; n++) full.note(`new ${n}`, 'seal', AT_WORK);
    await ledger.flush();
    expect(rows()).toHaveLength(50_000);
    expect(rows()).toContain('new 0');
  });

  it('know the name of an account that was deleted', () => {
    expect(owners.nameOf(WORK)).toBeNull();
  });
});
