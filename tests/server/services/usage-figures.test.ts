/** Forecasts, and that one period has one figure, wherever it is asked for. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountId, clientKeyId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import { Secret } from '../../../lib/base/secret.ts';
import { DAY_MS, HOUR_MS } from '../../../lib/base/time.ts';
import type { UnitPrices } from '../../../lib/metering/price.ts';
import type { Usage } from '../../../lib/metering/usage.ts';
import { PERIODS, SERIES_STEPS, type SeriesPart, USAGE_KEYS } from '../../../lib/wire/usage-views.ts';
import { opened, settled, usage } from '../db/support.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const DOLLAR = 1_000_000_000;

let rig: Rig;
let made = 0;
let account = accountId('');
let client = clientKeyId('');

beforeEach(async () => {
  made = 0;
  rig = await createRig();
  await rig.services.local.initialise(MASTER_KEY);
  const added = await rig.services.accounts.add({
    name: 'Work',
    key: new Secret('sk-proj-0123456789abcdefghij-work'),
    check: false,
    limits: { month: { cost: nanoDollars(40 * DOLLAR) } },
  });
  account = accountId(added.account.id);
  const key = await rig.services.clients.add({ name: 'laptop', limits: { day: { requests: 20 } } });
  client = clientKeyId(key.clientKey.id);
});
afterEach(() => rig.close());

async function call(startedAtMs: number, cost: number | null = DOLLAR): Promise<void> {
  const n = made++;
  await rig.ledger.open(opened(n, { startedAtMs, clientKeyId: client, firstAccountId: account }));
  rig.ledger.settle(settled(n, { accountId: account, cost: cost === null ? null : nanoDollars(cost) }));
}

/** A dollar in every hour of the working day, up to now. */
async function workingDays(days: number): Promise<void> {
  const today = Math.floor(rig.clock.nowMs() / DAY_MS) * DAY_MS;
  for (let day = days; day >= 0; day--) {
    for (let hour = 0; hour < 24; hour += 3) {
      const atMs = today - day * DAY_MS + hour * HOUR_MS;
      if (atMs < rig.clock.nowMs()) await call(atMs);
    }
  }
  await rig.ledger.flush();
}

describe('What today and this month will come to', () => {
  it('is not told before there are two whole days', async () => {
    await workingDays(1);
    const { today, month, limits } = await rig.services.usage.forecast();
    expect(today).toMatchObject({ expected: null, days: null, unknownCostCalls: 0 });
    expect(month).toMatchObject({ expected: null, limit: 40 * DOLLAR });
    expect(limits.map(({ runsOutMs }) => runsOutMs)).toEqual([null, null]);
  });

  it('goes on as it did: exactly, where all days are alike', async () => {
    await workingDays(10);
    const { today, month } = await rig.services.usage.forecast();
    expect(today).toMatchObject({ expected: 8 * DOLLAR, low: 8 * DOLLAR, high: 8 * DOLLAR, days: 10 });
    const left = (month.endMs - today.endMs) / DAY_MS;
    const used = (month.used ?? 0) - (today.used ?? 0);
    expect(month.expected).toBe(used + (left + 1) * 8 * DOLLAR);
  });

  it('is foreseen for each limit of accounts and client keys by what they used themselves', async () => {
    await workingDays(10);
    rig.limitBook.load();
    const { limits } = await rig.services.usage.forecast();
    expect(limits).toMatchObject([
      { holder: { kind: 'account', name: 'Work' }, window: 'month', amount: 'cost', limit: 40 * DOLLAR },
      {
        holder: { kind: 'client', name: 'laptop' },
        window: 'day',
        amount: 'requests',
        expected: 8,
        runsOutChance: 0,
      },
    ]);
  });

  it('is unknown where nobody knows what calls cost', async () => {
    await call(rig.clock.nowMs() - 1_000, null);
    await rig.ledger.flush();
    expect((await rig.services.usage.forecast()).today).toMatchObject({
      used: null,
      expected: null,
      unknownCostCalls: 1,
    });
  });
});

describe('One period', () => {
  it('has the same figure in the summary, in every breakdown, by conversation, in the forecast and in the list', async () => {
    await workingDays(0);
    const { services } = rig;
    const summary = await services.usage.summary({ range: '24h' });
    const { requests, cost, totalTokens } = summary.totals;
    expect(requests).toBeGreaterThan(0);
    for (const by of USAGE_KEYS) {
      const { total, groups } = await services.usage.breakdown({ period: 'today', by });
      expect(total).toMatchObject({ requests, cost, totalTokens });
      expect(groups).toMatchObject([{ requests, cost, totalTokens }]);
    }
    expect(summary.today.cost).toBe(cost);
    expect((await services.usage.forecast()).today.used).toBe(cost);
    const { rows } = await services.requests.list({ limit: 200 });
    expect(rows.reduce((sum, row) => sum + (row.cost ?? 0), 0)).toBe(cost);
    expect((await services.clients.list())[0]?.today).toMatchObject({ requests, cost });
    expect((await services.accounts.list())[0]?.today).toMatchObject({ requests, cost });
  });

  it('is named by what it was broken down by', async () => {
    await workingDays(0);
    const nameBy = async (by: (typeof USAGE_KEYS)[number]) =>
      (await rig.services.usage.breakdown({ period: 'month', by })).groups.map(({ name }) => name);
    expect(await nameBy('account')).toEqual(['Work']);
    expect(await nameBy('client')).toEqual(['laptop']);
    expect(await nameBy('model')).toEqual(['gpt-5.1-codex']);
    expect(await nameBy('endpoint')).toEqual(['POST /responses']);
  });
});

describe('How a limit is used up', () => {
  const burn = (
    kind: 'account' | 'client',
    id: string,
    window: 'day' | 'month',
    amount: 'cost' | 'requests',
  ) => rig.services.usage.burn({ kind, id, window, amount });

  it('grows step by step to what the period has used, for accounts and client keys alike', async () => {
    await workingDays(10);
    const month = await burn('account', account, 'month', 'cost');
    const { total } = await rig.services.usage.breakdown({ period: 'month', by: 'account' });
    expect(month.used.at(-1)).toBe(total.cost);
    expect(month.used.every((figure, at) => at === 0 || figure >= (month.used[at - 1] ?? 0))).toBe(true);
    expect(month.fromMs + month.used.length * month.stepMs).toBeGreaterThanOrEqual(month.atMs);
    const day = await burn('client', client, 'day', 'requests');
    const today = await rig.services.usage.breakdown({ period: 'today', by: 'client' });
    expect(day.used.at(-1)).toBe(today.total.requests);
    expect(day.used.length).toBe(Math.floor((day.atMs - day.fromMs) / day.stepMs) + 1);
  });

  it('is nothing for somebody who used nothing, and the same with and without roll-ups', async () => {
    await workingDays(10);
    expect((await burn('account', 'somebody-else', 'month', 'cost')).used.at(-1)).toBe(0);
    const before = await burn('account', account, 'month', 'cost');
    await rig.services.usage.rebuild();
    expect(await burn('account', account, 'month', 'cost')).toEqual(before);
  });
});

describe('What the money went to', () => {
  const PRICES: UnitPrices = {
    input: 2 * DOLLAR,
    cached: DOLLAR / 2,
    cacheWrite: null,
    output: 10 * DOLLAR,
    audioInput: null,
    audioOutput: null,
    imageInput: null,
    imageOutput: null,
    perRequest: null,
    multiplier: 1,
    source: 'test',
  };
  const used = async (of: Partial<Usage>, cost: number | null, prices: UnitPrices | null): Promise<void> => {
    const n = made++;
    const startedAtMs = rig.clock.nowMs() - 60_000;
    await rig.ledger.open(opened(n, { startedAtMs, clientKeyId: client, firstAccountId: account }));
    rig.ledger.settle(
      settled(n, {
        accountId: account,
        cost: cost === null ? null : nanoDollars(cost),
        prices,
        usage: usage(of),
      }),
    );
    await rig.ledger.flush();
  };

  it('counts each token in one kind, and what is left of the cost beside them', async () => {
    // 600k fresh, 400k cached, 50k said, 150k thought; and ten cents for a search.
    const ofTokens = 1.2 * DOLLAR + 0.2 * DOLLAR + 0.5 * DOLLAR + 1.5 * DOLLAR;
    const tokens = {
      inputTokens: 1_000_000,
      cachedTokens: 400_000,
      cacheWriteTokens: null,
      outputTokens: 200_000,
      reasoningTokens: 150_000,
    };
    await used(tokens, ofTokens + DOLLAR / 10, PRICES);
    expect(await rig.services.usage.kinds({ period: 'today' })).toMatchObject({
      input: { tokens: 600_000, cost: 1.2 * DOLLAR },
      cached: { tokens: 400_000, cost: 0.2 * DOLLAR },
      output: { tokens: 50_000, cost: 0.5 * DOLLAR },
      reasoning: { tokens: 150_000, cost: 1.5 * DOLLAR },
      otherCost: DOLLAR / 10,
      cost: ofTokens + DOLLAR / 10,
    });
  });

  it('takes the full price for cached tokens where a model has no other, and no cost without a price', async () => {
    const nothing = { cacheWriteTokens: null, reasoningTokens: null };
    await used({ ...nothing, inputTokens: 1_000, cachedTokens: 500, outputTokens: 0 }, 2_000_000, {
      ...PRICES,
      cached: null,
    });
    await used({ ...nothing, inputTokens: 9_000, cachedTokens: null, outputTokens: 10 }, null, null);
    const kinds = await rig.services.usage.kinds({ period: 'today' });
    expect(kinds.cached).toEqual({ tokens: 500, cost: 1_000_000 });
    expect(kinds.input).toEqual({ tokens: 9_500, cost: 1_000_000 });
    expect(kinds).toMatchObject({ reasoning: { tokens: null }, otherCost: 0, cost: 2_000_000 });
  });

  it('is unknown, not zero, where there was no call', async () => {
    const kinds = await rig.services.usage.kinds({ period: 'today' });
    expect(kinds).toMatchObject({ cost: null, otherCost: null, input: { tokens: null, cost: null } });
  });
});

describe('What was used step by step', () => {
  it('adds up to the totals of the same period, at every step and by every key', async () => {
    await workingDays(45);
    for (const period of PERIODS) {
      const { total } = await rig.services.usage.breakdown({ period, by: 'account' });
      for (const by of USAGE_KEYS) {
        for (const step of SERIES_STEPS) {
          const { buckets } = await rig.services.usage.series({ period, by, step });
          const parts = buckets.flatMap((bucket) => bucket.parts);
          const sum = (of: (part: SeriesPart) => number | null) =>
            parts.reduce((all, part) => all + (of(part) ?? 0), 0);
          expect([period, by, step, sum(({ requests }) => requests)]).toEqual([
            period,
            by,
            step,
            total.requests,
          ]);
          expect([period, by, step, sum(({ cost }) => cost)]).toEqual([period, by, step, total.cost]);
        }
      }
    }
  });

  it('cuts days and weeks where the operator lives, an hour longer when the clocks go back', async () => {
    rig.settings.set({ 'limits.time_zone': 'Europe/Berlin' });
    rig.clock.jump(Date.UTC(2026, 9, 27, 9) - rig.clock.nowMs());
    const days = await rig.services.usage.series({ period: 'month', by: 'account', step: 'day' });
    const starts = days.buckets.map(({ fromMs }) => fromMs);
    expect(starts).toHaveLength(27);
    expect(starts.map((atMs, at) => (atMs - (starts[at - 1] ?? atMs)) / HOUR_MS).slice(24)).toEqual([
      24, 25, 24,
    ]);
    const weeks = await rig.services.usage.series({ period: 'month', by: 'account', step: 'week' });
    const weekday = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: 'Europe/Berlin' });
    expect(weeks.buckets.map(({ fromMs }) => weekday.format(fromMs))).toEqual([
      'Thu',
      'Mon',
      'Mon',
      'Mon',
      'Mon',
    ]);
    expect(weeks.running).toBe(true);
    expect(
      (await rig.services.usage.series({ period: 'last_month', by: 'account', step: 'day' })).running,
    ).toBe(false);
  });
});
