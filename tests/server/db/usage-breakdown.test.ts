/** Sums by account, client key, model and endpoint, and conversations. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import { HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { OpenedRecord, SettledRecord } from '../../../lib/metering/ledger.ts';
import type { UnitPrices } from '../../../lib/metering/price.ts';
import { USAGE_KEYS } from '../../../lib/wire/usage-views.ts';
import { createLedgerWriter, type LedgerWriter } from '../../../server/db/ledger.ts';
import type { Database } from '../../../server/db/open-database.ts';
import { createReader, type Reader } from '../../../server/db/reader.ts';
import { CODEX, HOME, NOW_MS, opened, openTestDatabase, settled, silentLog, usage, WORK } from './support.ts';

const HOUR = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;
const SPAN = { fromMs: HOUR - 24 * HOUR_MS, toMs: HOUR + HOUR_MS };
/** Two dollars a million in, a tenth of that cached. */
const PRICES = { input: 2e9, cached: 2e8, output: 8e9, multiplier: 1, source: 'test' } as UnitPrices;

let db: Database;
let ledger: LedgerWriter;
let reader: Reader;
let made = 0;

async function call(opening: Partial<OpenedRecord>, ending: Partial<SettledRecord> = {}): Promise<void> {
  const n = made++;
  await ledger.open(opened(n, { startedAtMs: HOUR - 2 * HOUR_MS + n * MINUTE_MS, ...opening }));
  ledger.settle(settled(n, { prices: PRICES, ...ending }));
}

beforeEach(async () => {
  db = await openTestDatabase();
  ledger = createLedgerWriter({ db, log: silentLog });
  reader = createReader(db);
  made = 0;
});
afterEach(async () => {
  await ledger.close();
  await reader.close();
  db.close();
});

const breakdown = async (by: (typeof USAGE_KEYS)[number]) => {
  await ledger.flush();
  return reader.run('usage.breakdown', { ...SPAN, by });
};
const conversations = async (limit = 50) => {
  await ledger.flush();
  return reader.run('usage.conversations', { ...SPAN, limit });
};

describe('Usage by a key', () => {
  it('adds up to the same total, whatever it is broken down by', async () => {
    await call({ model: 'gpt-5' }, { accountId: HOME, cost: nanoDollars(9_000) });
    await call({ model: 'gpt-5' }, { servedModel: 'gpt-5-2026-01-01' });
    await call({ model: null, endpoint: 'POST /embeddings' }, { usage: null, cost: null });
    await call(
      { firstAccountId: HOME },
      { outcome: 'failed', status: 502, accountId: null, usage: null, cost: nanoDollars(0) },
    );
    for (const by of USAGE_KEYS) {
      const { total, groups } = await breakdown(by);
      expect(total).toMatchObject({
        requests: 4,
        delivered: 3,
        failed: 1,
        cost: 13_000,
        unknownCostCalls: 1,
      });
      for (const figure of ['requests', 'inputTokens', 'outputTokens', 'cost', 'cacheSaved'] as const) {
        const sum = groups.reduce((all, group) => all + (group[figure] ?? 0), 0);
        expect(sum, `${by} ${figure}`).toBe(total[figure]);
      }
    }
    const { groups } = await breakdown('model');
    expect(groups.map(({ key }) => key)).toEqual(['gpt-5', 'gpt-5-2026-01-01', 'gpt-5.1-codex', '']);
  });

  it('is unknown where calls were charged for and nobody knows, and nothing where none was', async () => {
    await call({}, { usage: null, cost: null });
    await call(
      { firstAccountId: HOME },
      { outcome: 'failed', status: 502, accountId: null, usage: null, cost: null },
    );
    const { groups } = await breakdown('account');
    const of = (id: string) => groups.find(({ key }) => key === id);
    expect(of(WORK)).toMatchObject({ requests: 1, inputTokens: null, cost: null, cachedShare: null });
    expect(of(HOME)).toMatchObject({ requests: 1, inputTokens: 0, cost: 0 });
  });

  it('tells the cached share of the calls that told, and what the cache saved', async () => {
    await call({}, { usage: usage({ inputTokens: 1_000, cachedTokens: 600 }) });
    await call({}, { usage: usage({ inputTokens: 5_000, cachedTokens: null }) });
    const { total } = await breakdown('client');
    expect(total).toMatchObject({ cachedShare: 0.6, cachedTokens: 600, cacheSaved: 600 * 1_800 });
  });

  it('takes in nothing from outside its time', async () => {
    await call({ startedAtMs: SPAN.fromMs - 1 });
    await call({ startedAtMs: SPAN.fromMs });
    await call({ startedAtMs: SPAN.toMs });
    expect((await breakdown('account')).total.requests).toBe(1);
  });
});

describe('Conversations', () => {
  const session = (name: string) => ({ sessionHash: name.repeat(32).slice(0, 32) });

  it('count their helpers’ turns as their own, and say who served them in turn', async () => {
    await call(session('a'));
    await call(session('a'), { accountId: HOME });
    await call({ ...session('b'), parentHash: session('a').sessionHash });
    await call(session('c'), { cost: nanoDollars(1) });
    await call({});
    const { rows, count } = await conversations();
    expect(count).toBe(2);
    expect(rows).toMatchObject([
      { id: session('a').sessionHash, turns: 3, helpers: 1, cost: 12_000, switches: 1, client_key_id: CODEX },
      { id: session('c').sessionHash, turns: 1, helpers: 0, cost: 1, switches: 0, lost: 0 },
    ]);
    expect(JSON.parse(rows[0]?.accounts ?? '')).toEqual([WORK, HOME]);
    expect((await conversations(1)).rows).toHaveLength(1);
  });

  it('lose at a switch what they had in common with the turn before and paid in full', async () => {
    await call(session('a'), { usage: usage({ inputTokens: 10_000, cachedTokens: 9_000 }) });
    await call(session('a'), { accountId: HOME, usage: usage({ inputTokens: 12_000, cachedTokens: 1_000 }) });
    await call(session('a'), { accountId: HOME, usage: usage({ inputTokens: 13_000, cachedTokens: 0 }) });
    const { rows, lost } = await conversations();
    expect(rows).toMatchObject([{ switches: 1, lost: 9_000 * 1_800 }]);
    expect(lost).toBe(9_000 * 1_800);
  });

  it('lose an unknown amount where the price is unknown', async () => {
    await call(session('a'));
    await call(session('a'), { accountId: HOME, prices: null });
    expect(await conversations()).toMatchObject({ lost: null, rows: [{ switches: 1, lost: null }] });
  });
});
