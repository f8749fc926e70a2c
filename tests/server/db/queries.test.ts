import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import { HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { OpenedRecord, SettledRecord } from '../../../lib/metering/ledger.ts';
import type { UnitPrices } from '../../../lib/metering/price.ts';
import { insertAccountRow, replaceAccountRow } from '../../../server/db/accounts.ts';
import { insertClientKeyRow } from '../../../server/db/client-keys.ts';
import { createLedgerWriter } from '../../../server/db/ledger.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { createReader, type Reader } from '../../../server/db/reader.ts';
import {
  accountRow,
  CODEX,
  clientKeyRow,
  explained,
  HOME,
  NOW_MS,
  nthRequest,
  opened,
  openTestDatabase,
  settled,
  silentLog,
  type TestFolder,
  testFolder,
  WORK,
} from './support.ts';

const FROM_MS = NOW_MS - (NOW_MS % HOUR_MS);
const DAY_FROM_MS = Date.UTC(2026, 10, 18);
const PRICES: UnitPrices = {
  input: 2_000_000,
  cached: 500_000,
  cacheWrite: null,
  output: 8_000_000,
  audioInput: null,
  audioOutput: null,
  imageInput: null,
  imageOutput: null,
  perRequest: null,
  multiplier: 1,
  source: 'test',
};

type Call = readonly [Partial<OpenedRecord>, Partial<SettledRecord> | null];

/** n is the minute of the hour in which a call began. */
const CALLS: Readonly<Record<number, Call>> = {
  0: [{}, { prices: PRICES, firstTokenMs: 100 }],
  1: [{}, { cost: null, firstTokenMs: 200 }],
  2: [
    {},
    { accountId: HOME, attempts: 2, explanation: explained([[WORK, 'rate_limit']], HOME), firstTokenMs: 900 },
  ],
  3: [
    {},
    {
      outcome: 'failed',
      status: 502,
      accountId: null,
      usage: null,
      cost: nanoDollars(0),
      attempts: 2,
      firstTokenMs: null,
      explanation: explained(
        [
          [WORK, 'overload'],
          [HOME, 'quota'],
        ],
        null,
      ),
    },
  ],
  4: [{}, { outcome: 'cancelled', status: null, usage: null, cost: null, firstTokenMs: null }],
  20: [{}, { status: 400, usage: null, cost: null, explanation: explained([[WORK, 'caller_fault']], null) }],
  21: [{ firstAccountId: HOME }, null],
};

describe.each(['in memory', 'in the read worker'])('reading %s', (where) => {
  let folder: TestFolder;
  let db: Database;
  let reader: Reader;

  beforeAll(async () => {
    folder = testFolder();
    db = await openTestDatabase(where === 'in memory' ? ':memory:' : folder.file);
    await insertAccountRow(db.db, accountRow(WORK, 'Work'));
    await insertAccountRow(db.db, accountRow(HOME, 'Home', { created_at_ms: NOW_MS + 1 }));
    await insertClientKeyRow(db.db, clientKeyRow(CODEX, 'Codex'));
    const ledger = createLedgerWriter({ db, log: silentLog });
    for (const [n, [opening, ending]] of Object.entries(CALLS)) {
      await ledger.open(opened(Number(n), { startedAtMs: FROM_MS + Number(n) * MINUTE_MS, ...opening }));
      if (ending) ledger.settle(settled(Number(n), ending));
    }
    ledger.event({ atMs: NOW_MS, kind: 'first', accountId: WORK, requestId: null, data: { a: 1 } });
    ledger.event({ atMs: NOW_MS, kind: 'second', accountId: null, requestId: null, data: {} });
    await ledger.close();
    reader = createReader(db);
  });
  afterAll(async () => {
    await reader.close();
    db.close();
    folder[Symbol.dispose]();
  });

  const summary = (over = {}) =>
    reader.run('usage.summary', {
      fromMs: FROM_MS,
      toMs: FROM_MS + HOUR_MS,
      stepMs: 20 * MINUTE_MS,
      dayFromMs: DAY_FROM_MS,
      monthFromMs: Date.UTC(2026, 10, 1),
      endMs: Date.UTC(2026, 11, 1),
      ...over,
    });

  it('adds up the settled calls of a range, unknown figures apart', async () => {
    const { totals, todayCost, monthCost } = await summary();
    expect(totals).toEqual({
      requests: 6,
      delivered: 4,
      failed: 1,
      cancelled: 1,
      limited: 2,
      movedCalls: 1,
      inputTokens: 3_000,
      cachedTokens: 1_800,
      outputTokens: 300,
      totalTokens: 3_300,
      cost: 8_000,
      unknownCostCalls: 2,
      estimatedCalls: 0,
      cacheSaved: 900,
      firstTokenP50Ms: 198,
      firstTokenP95Ms: 911,
      overheadP50Us: 386,
    });
    expect([todayCost, monthCost]).toEqual([8_000, 8_000]);
  });

  it('gives every step of the range, also the empty ones, and its parts add up to the totals', async () => {
    const { series, totals } = await summary();
    expect(series.map(({ fromMs }) => fromMs - FROM_MS)).toEqual([0, 20 * MINUTE_MS, 40 * MINUTE_MS]);
    expect(series.map(({ limited }) => limited)).toEqual([2, 0, 0]);
    expect(series[0]?.firstTokenP95Ms).toBe(911);
    expect(series[0]?.cachedShare).toBeCloseTo(0.6);
    expect(series[2]).toMatchObject({ byAccount: [], firstTokenP95Ms: null, cachedShare: null });
    const parts = series.flatMap(({ byAccount }) => byAccount);
    expect(parts.reduce((sum, { requests }) => sum + requests, 0)).toBe(totals.requests);
    expect(parts.reduce((sum, { cost }) => sum + (cost ?? 0), 0)).toBe(totals.cost);
    // A refusal that nobody charges for costs nothing, and that is known.
    expect(series[1]?.byAccount).toEqual([{ accountId: WORK, requests: 1, tokens: 0, cost: 0 }]);
  });

  it('says nothing was spent where nothing was asked, and unknown where no price was known', async () => {
    const nothing = await summary({ fromMs: 0, toMs: HOUR_MS, dayFromMs: NOW_MS + HOUR_MS });
    expect(nothing.totals).toMatchObject({ requests: 0, cost: 0, totalTokens: 0, firstTokenP50Ms: null });
    expect(nothing.todayCost).toBe(0);
    const unpriced = await summary({
      fromMs: FROM_MS + MINUTE_MS,
      toMs: FROM_MS + 2 * MINUTE_MS,
      stepMs: MINUTE_MS,
    });
    expect(unpriced.totals).toMatchObject({
      requests: 1,
      cost: null,
      totalTokens: 1_100,
      unknownCostCalls: 1,
    });
  });

  it('pages through all requests, newest first, each once', async () => {
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const { rows, nextBefore } = await reader.run('requests.list', { limit: 3, before });
      seen.push(...rows.map(({ id }) => id));
      before = nextBefore ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual([21, 20, 4, 3, 2, 1, 0].map(nthRequest));
  });

  it('shows a call under way as one without outcome, and names accounts and client', async () => {
    const { rows } = await reader.run('requests.list', { limit: 1 });
    expect(rows[0]).toMatchObject({
      outcome: null,
      accountId: null,
      accountName: null,
      firstAccountName: 'Home',
      clientName: 'Codex',
      attempts: 0,
      usage: null,
    });
  });

  it.each([
    [{ accountId: HOME }, [21, 2]],
    [{ outcome: 'failed' as const }, [3]],
    [{ since: FROM_MS + 20 * MINUTE_MS }, [21, 20]],
    [{ clientKeyId: HOME }, []],
  ])('filters the list by %j', async (filter, expected) => {
    const { rows, nextBefore } = await reader.run('requests.list', { limit: 10, ...filter });
    expect(rows.map(({ id }) => id)).toEqual(expected.map(nthRequest));
    expect(nextBefore).toBeNull();
  });

  it('refuses a place in the list that it never gave', async () => {
    await expect(reader.run('requests.list', { limit: 1, before: "1' OR 1=1" })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('tells one request with its plan and attempts, by its id or a beginning that only it has', async () => {
    const whole = await reader.run('requests.get', { id: nthRequest(2) });
    expect(whole).toMatchObject({
      id: nthRequest(2),
      accountName: 'Home',
      usage: { totalTokens: 1_100, estimated: false },
      attemptList: [
        { accountId: WORK, failure: { class: 'rate_limit' } },
        { accountId: HOME, failure: null },
      ],
      prices: null,
    });
    expect(await reader.run('requests.get', { id: nthRequest(2).slice(0, -1) })).toBeNull();
    expect(await reader.run('requests.get', { id: 'ffff' })).toBeNull();
  });

  it('tells what each account did today and lately, attempt by attempt', async () => {
    const activity = await reader.run('accounts.activity', {
      nowMs: NOW_MS,
      dayFromMs: DAY_FROM_MS,
      stepMs: 10 * MINUTE_MS,
      steps: 24,
    });
    expect(activity[WORK]).toMatchObject({
      today: { requests: 4, tokens: 2_200, cost: 4_000, limited: 1 },
      p95Ms: 290,
      lastUsedAtMs: FROM_MS + 20 * MINUTE_MS,
    });
    expect(activity[HOME]).toMatchObject({ today: { requests: 1, tokens: 1_100, limited: 1 } });
    const { fromMs, steps } = activity[WORK]?.heartbeat ?? { fromMs: 0, steps: [] };
    expect(steps).toHaveLength(24);
    const at = (minute: number) => steps[(FROM_MS + minute * MINUTE_MS - fromMs) / (10 * MINUTE_MS)];
    expect(at(0)).toEqual({ ok: 3, limited: 1, failed: 1 });
    expect(steps.filter((step) => step !== null)).toHaveLength(1);
  });

  it('tells what each client key did today', async () => {
    const activity = await reader.run('clients.activity', { dayFromMs: DAY_FROM_MS });
    expect(activity[CODEX]).toEqual({
      today: { requests: 6, tokens: 3_300, cost: 8_000 },
      lastUsedAtMs: FROM_MS + 21 * MINUTE_MS,
    });
  });

  it('lists events, newest first, with names', async () => {
    const events = await reader.run('events.list', { limit: 5 });
    expect(events.map(({ kind, accountName, data }) => [kind, accountName, data])).toEqual([
      ['second', null, {}],
      ['first', 'Work', { a: 1 }],
    ]);
  });

  it('keeps the name of a deleted account in lists, and takes it for a new one', async () => {
    await replaceAccountRow(
      db.db,
      accountRow(HOME, 'Home', { sealed_key: null, enabled: 0, deleted_at_ms: NOW_MS }),
    );
    const { rows } = await reader.run('requests.list', { limit: 1 });
    expect(rows[0]?.firstAccountName).toBe('Home');
    await expect(insertAccountRow(db.db, accountRow('x', 'Work'))).rejects.toMatchObject({
      code: 'account_name_taken',
    });
    await insertAccountRow(db.db, accountRow('a0000000-0000-4000-8000-000000000003', 'Home'));
    expect(await replaceAccountRow(db.db, accountRow(HOME, 'Revived'))).toBe(false);
  });
});
