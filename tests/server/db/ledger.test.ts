import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import type { SettledRecord } from '../../../lib/metering/ledger.ts';
import { createLedgerWriter, type LedgerWriter } from '../../../server/db/ledger.ts';
import { createLimitBook } from '../../../server/db/limit-book.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { settleOrphans } from '../../../server/db/orphans.ts';
import {
  CODEX,
  HOME,
  NOW_MS,
  nthRequest,
  opened,
  openTestDatabase,
  settled,
  testClock,
  testFolder,
  usage,
  WORK,
} from './support.ts';

describe('the ledger', () => {
  let db: Database;
  let ledger: LedgerWriter;
  const log = { warn: vi.fn(), error: vi.fn() };

  beforeEach(async () => {
    log.warn.mockReset();
    log.error.mockReset();
    db = await openTestDatabase();
    ledger = createLedgerWriter({ db, log });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await ledger.close();
    db.close();
  });

  const row = (n: number) =>
    db.ledger.prepare('SELECT * FROM usage_records WHERE id = ?').get(nthRequest(n)) as Record<
      string,
      unknown
    >;
  const count = (table: string) => db.ledger.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

  it('has committed a row when its opening resolves, and not before', async () => {
    const opening = ledger.open(opened(1));
    expect(count('usage_records')).toBe(0);
    await opening;
    expect(db.ledger.inTransaction).toBe(false);
    expect(row(1)).toMatchObject({
      outcome: null,
      reserved_tokens: 5_000,
      reserved_cost: 7_000,
      attempts: null,
    });
  });

  it('commits all rows that were opened in one turn of the event loop together', async () => {
    const all = Array.from({ length: 100 }, (_, n) => ledger.open(opened(n)));
    await all[0];
    expect(count('usage_records')).toBe(100);
    await Promise.all(all);
  });

  it('keeps every figure of a settlement, and unknown ones as unknown', async () => {
    await ledger.open(opened(1));
    ledger.settle(settled(1, { firstTokenMs: 300.4, durationMs: 1_999.6, overheadUs: 412.5 }));
    await ledger.flush();
    expect(row(1)).toMatchObject({
      outcome: 'delivered',
      account_id: WORK,
      input_tokens: 1_000,
      cached_tokens: 600,
      audio_input_tokens: null,
      total_tokens: 1_100,
      cost: 4_000,
      prices: null,
      first_token_ms: 300,
      duration_ms: 2_000,
      overhead_us: 413,
    });
    expect(count('call_explanations')).toBe(1);
  });

  it('adds up a total that the provider did not report, and none from nothing', async () => {
    await Promise.all([ledger.open(opened(1)), ledger.open(opened(2))]);
    ledger.settle(settled(1, { usage: usage({ totalTokens: null }) }));
    ledger.settle(settled(2, { usage: usage({ totalTokens: null, inputTokens: null, outputTokens: null }) }));
    await ledger.flush();
    expect(row(1)).toMatchObject({ total_tokens: 1_100 });
    expect(row(2)).toMatchObject({ total_tokens: null });
  });

  it('settles a row that was opened in the same turn', async () => {
    void ledger.open(opened(1));
    ledger.settle(settled(1));
    await ledger.flush();
    expect(row(1)).toMatchObject({ outcome: 'delivered' });
  });

  it('settles a row exactly once, whoever tries again', async () => {
    await ledger.open(opened(1));
    ledger.settle(settled(1));
    ledger.settle(settled(1, { outcome: 'failed', cost: nanoDollars(0) }));
    await ledger.flush();
    expect(row(1)).toMatchObject({ outcome: 'delivered', cost: 4_000 });
    expect(log.error).toHaveBeenCalledOnce();
    const update = (sql: string) => () => db.ledger.exec(sql);
    expect(update('UPDATE usage_records SET cost = 0')).toThrow(/settled once/);
    expect(update('UPDATE usage_records SET outcome = NULL')).toThrow(/settled once/);
  });

  it('never changes what a row was opened with', async () => {
    await ledger.open(opened(1));
    expect(() => db.ledger.exec("UPDATE usage_records SET reserved_cost = 0, outcome = 'failed'")).toThrow(
      /never changes/,
    );
    expect(() => db.ledger.exec('UPDATE usage_records SET cost = 0')).toThrow(/settled once/);
  });

  it('gives up one bad record alone and writes the others of its group', async () => {
    const twice = [ledger.open(opened(1)), ledger.open(opened(1)), ledger.open(opened(2))];
    const results = await Promise.allSettled(twice);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    ledger.settle(settled(1, { outcome: 'nonsense' as SettledRecord['outcome'] }));
    ledger.settle(settled(2, { errorCode: undefined as unknown as null }));
    ledger.settle(settled(2));
    await ledger.flush();
    expect(row(1)).toMatchObject({ outcome: null });
    expect(row(2)).toMatchObject({ outcome: 'delivered' });
  });

  it('refuses calls while the disk is full, keeps settlements, and recovers by itself', async () => {
    await ledger.open(opened(1));
    const pages = Number(db.ledger.pragma('page_count', { simple: true }));
    db.ledger.pragma(`max_page_count = ${pages}`);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const big = 'x'.repeat(200_000);
    ledger.settle(settled(1, { explanation: JSON.stringify({ plan: null, attempts: [], big }) }));
    const refused = ledger.open(opened(2, { userAgent: big }));
    await expect(refused).rejects.toMatchObject({ code: 'storage_failed' });
    expect(row(1)).toMatchObject({ outcome: null });
    expect(row(2)).toBeUndefined();

    db.ledger.pragma('max_page_count = 1000000');
    vi.advanceTimersByTime(10_000);
    await ledger.flush();
    expect(row(1)).toMatchObject({ outcome: 'delivered' });
    await expect(ledger.open(opened(2))).resolves.toBeUndefined();
  });

  it('writes events with what they are about', async () => {
    ledger.event({
      atMs: NOW_MS,
      kind: 'account.cooling_down',
      accountId: WORK,
      requestId: nthRequest(1),
      data: { untilMs: 5 },
    });
    await ledger.flush();
    expect(db.ledger.prepare('SELECT * FROM events').get()).toEqual({
      id: 1,
      at_ms: NOW_MS,
      kind: 'account.cooling_down',
      account_id: WORK,
      request_id: nthRequest(1),
      data: '{"untilMs":5}',
    });
  });

  it('writes everything that was handed in before it closes, and takes nothing after', async () => {
    await ledger.open(opened(1));
    ledger.settle(settled(1));
    await ledger.close();
    expect(row(1)).toMatchObject({ outcome: 'delivered' });
    await expect(ledger.open(opened(2))).rejects.toMatchObject({ code: 'storage_failed' });
  });

  it('settles the rows of a dead process as interrupted, with what was reserved as an estimate', async () => {
    await Promise.all([ledger.open(opened(1)), ledger.open(opened(2)), ledger.open(opened(3))]);
    ledger.settle(settled(2, { accountId: HOME }));
    await ledger.flush();
    expect(settleOrphans(db, NOW_MS + 60_000, () => true)).toBe(2);
    expect(row(1)).toMatchObject({
      outcome: 'interrupted',
      error_code: 'server_stopped',
      account_id: WORK,
      total_tokens: 5_000,
      cost: 7_000,
      estimated: 1,
      duration_ms: null,
      ended_at_ms: NOW_MS + 60_000,
    });
    expect(row(2)).toMatchObject({ outcome: 'delivered', account_id: HOME, estimated: 0 });
    expect(settleOrphans(db, NOW_MS + 60_000, () => true)).toBe(0);
  });

  it('assumes and does not claim the cost of a dead process’s call to a model without a price', async () => {
    await Promise.all([ledger.open(opened(1)), ledger.open(opened(2, { model: null }))]);
    expect(settleOrphans(db, NOW_MS, () => false)).toBe(2);
    for (const n of [1, 2]) expect(row(n)).toMatchObject({ cost: null, assumed_cost: 7_000, estimated: 1 });
  });

  it('counts what a dead process left towards the limits', async () => {
    await Promise.all([ledger.open(opened(1)), ledger.open(opened(2, { model: 'unheard-of' }))]);
    settleOrphans(db, NOW_MS, (model) => model !== 'unheard-of');
    const book = createLimitBook({
      db,
      clock: testClock(),
      timeZone: () => 'UTC',
      unwritten: ledger.unwritten,
    });
    book.load();
    expect(book.uses(WORK).day).toEqual({ requests: 2, tokens: 10_000, cost: 14_000 });
    expect(book.uses(CODEX).month).toEqual({ requests: 2, tokens: 10_000, cost: 14_000 });
  });
});

describe('a killed process', () => {
  const KILLS = 25;

  it(`loses no row and no owner of an object that it was told of, in ${KILLS} kills`, async () => {
    using folder = testFolder();
    const told: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      told.push(...(await runUntilKilled(folder.file, kill * 1_000_000, 1 + ((kill * 7) % 40))));
    }
    expect(told.length).toBeGreaterThan(KILLS);
    const db = await openTestDatabase(folder.file);
    const kept = new Set(db.ledger.prepare('SELECT id FROM usage_records').pluck().all());
    expect(told.filter((n) => !kept.has(nthRequest(n)))).toEqual([]);
    const owned = new Set(db.ledger.prepare('SELECT object_hash FROM object_owners').pluck().all());
    expect(told.filter((n) => !owned.has(`object ${n}`))).toEqual([]);
    const open = db.ledger.prepare('SELECT count(*) FROM usage_records WHERE outcome IS NULL').pluck().get();
    expect(settleOrphans(db, NOW_MS, () => true)).toBe(open);
    const orphans = db.ledger
      .prepare("SELECT count(*) FROM usage_records WHERE outcome = 'interrupted' AND estimated = 1")
      .pluck();
    expect(orphans.get()).toBe(open);
    db.close();
  }, 120_000);
});

/** Kills the writer with SIGKILL as soon as it has told of so many rows; answers all that it told of. */
async function runUntilKilled(file: string, first: number, rows: number): Promise<number[]> {
  const script = fileURLToPath(new URL('./killed-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [script, file, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.split('\n').length > rows) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return text.split('\n').slice(0, -1).map(Number);
}
