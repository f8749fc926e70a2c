/** What the simulator finds out, on days small enough to be worked out by hand. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../../lib/accounts/account.ts';
import { nanoDollars } from '../../../../lib/base/money.ts';
import { STRATEGIES } from '../../../../lib/routing/plan.ts';
import { AGENT_LOOP, agentLoop } from '../../../../lib/routing/simulate/agent-loop.ts';
import type { KnownPool } from '../../../../lib/routing/simulate/setup.ts';
import { createSimulation, simulate } from '../../../../lib/routing/simulate/simulate.ts';
import { fairness, type SimulationResult } from '../../../../lib/routing/simulate/tally.ts';
import { upstream } from '../fixtures.ts';
import { day, dayInput, fault, MONDAY_MS, PRICES, steady } from './day.ts';

describe('the twenty turns of an agent over three organisations', () => {
  const trace = agentLoop({ ...AGENT_LOOP, startsAtMs: MONDAY_MS });
  const one = day({ trace, accounts: 1 });

  it('cost by default what they cost on one account', () => {
    const { cost } = day({ trace, accounts: 3 });
    expect(one.cost).toBe(nanoDollars(349_500_000));
    expect(cost ?? Number.NaN).toBeLessThanOrEqual((one.cost ?? 0) * 1.02);
  });

  it.each(STRATEGIES)('stay on one account under %s, because of their affinity', (strategy) => {
    expect(day({ trace, accounts: 3, strategy })).toMatchObject({ cost: one.cost, sessionMoves: 0 });
  });

  it('cost 1.88 times as much in turn without affinity', () => {
    const { cost, sessionMoves } = day({
      trace,
      accounts: 3,
      strategy: 'round_robin',
      routing: { affinity: 'off' },
    });
    expect((cost ?? Number.NaN) / (one.cost ?? 0)).toBeCloseTo(1.88, 2);
    expect(sessionMoves).toBe(19);
  });

  it('cost nothing more in turn where the accounts are of one organisation', () => {
    const { cost } = day({
      trace,
      pool: { accounts: 3, organizations: 1, limits: {} },
      strategy: 'round_robin',
      routing: { affinity: 'off' },
    });
    expect(cost).toBe(one.cost);
  });

  it.each(STRATEGIES)(
    'move once, and not every turn, when their account is out for hours (%s)',
    (strategy) => {
      for (const accounts of [3, 5]) {
        const first = day({ trace, accounts, strategy }).accounts.findIndex(({ served }) => served > 0) + 1;
        const out = fault({ fault: 'quota', fromMs: 50_000, toMs: 1e9, accounts: [first] });
        const result = day({ trace: { ...trace, faults: [out] }, accounts, strategy });
        expect(result).toMatchObject({ failed: 0, sessionMoves: 1 });
        expect((result.cost ?? Number.NaN) / (one.cost ?? 0)).toBeCloseTo(1.17, 2);
      }
    },
  );

  it('pay for everything again once the cache has run out', () => {
    const slow = agentLoop({ ...AGENT_LOOP, startsAtMs: MONDAY_MS, betweenMs: 11 * 60_000 });
    expect(day({ trace: slow }).cachedTokens).toBe(0);
  });
});

describe('prompt caches', () => {
  it('count in steps of 128 tokens where writing is free, and not below 1,024', () => {
    const session = { session: 's', inputTokens: 1_500 };
    expect(day({ trace: steady(2, 10_000, session) }).cachedTokens).toBe(1_408);
    expect(day({ trace: steady(2, 10_000, { ...session, inputTokens: 1_023 }) }).cachedTokens).toBe(0);
  });

  it('know the opening that conversations share, and forget the rest of a compacted one', () => {
    const opening = { opening: 'agent', openingTokens: 2_048, inputTokens: 5_000 };
    const [first, second] = steady(2, 10_000, opening).calls;
    if (first === undefined || second === undefined) throw new Error('two calls');
    const others = [
      { ...first, session: 'a' },
      { ...second, session: 'b' },
    ];
    const compacted = [
      { ...first, session: 'a' },
      { ...second, session: 'a', inputTokens: 4_000 },
    ];
    for (const calls of [others, compacted]) {
      expect(day({ accounts: 1, trace: { startsAtMs: MONDAY_MS, faults: [], calls } }).cachedTokens).toBe(
        2_048,
      );
    }
  });
});

describe('limits at the provider', () => {
  it('let through what they allow and refuse the rest with a wait that is obeyed', () => {
    const trace = steady(20, 100);
    const result = day({ trace, accounts: 1, provider: { requestsPerMinute: 6 } });
    expect(result).toMatchObject({ served: 6, failed: 14, rateLimited: 1 });
    expect(result.failedBy).toEqual({ all_accounts_cooling_down: 14 });
  });

  it('are shared by the accounts of one organisation: a second key is no help', () => {
    const over = { trace: steady(20, 10), provider: { requestsPerMinute: 6 } };
    expect(day({ ...over, pool: { accounts: 2, organizations: 1, limits: {} } }).served).toBe(6);
    expect(day({ ...over, pool: { accounts: 2, organizations: 2, limits: {} } }).served).toBe(12);
  });

  it('refuse what is larger than they are without a cooldown', () => {
    const trace = steady(3, 1_000, { inputTokens: 60_000 });
    const result = day({ trace, accounts: 1, provider: { tokensPerMinute: 50_000 } });
    expect(result).toMatchObject({ served: 0, failed: 3, rateLimited: 3 });
    expect(result.failedBy).toEqual({ too_large_for_limit: 3 });
  });
});

describe('limits of our own', () => {
  it('are exact on requests, and begin anew the next day', () => {
    const limits = { day: { requests: 5 } };
    const pool = { accounts: 2, organizations: 2, limits };
    const result = day({ trace: steady(30, 100), pool });
    expect(result).toMatchObject({ served: 10, failed: 20, failedBy: { limit_reached: 20 } });
    expect(day({ trace: steady(48, 3_600_000), pool: { ...pool, accounts: 1 } }).served).toBe(10);
  });

  it('on money stop an account before they are passed', () => {
    const cost = nanoDollars(150_000_000);
    const trace = steady(60, 5_000, { inputTokens: 1_000, outputTokens: 100 });
    const result = day({ trace, pool: { accounts: 1, organizations: 1, limits: { day: { cost } } } });
    expect(result.served).toBeGreaterThan(0);
    expect(result.failedBy.limit_reached).toBe(60 - result.served);
    expect(result.cost).toBeLessThanOrEqual(cost);
  });
});

describe('troubles', () => {
  it.each(['errors', 'overload', 'outage', 'quota', 'refused_key'] as const)(
    'of one account (%s) fail no call while another account is well',
    (kind) => {
      const trace = steady(60, 1_000, {}, [fault({ fault: kind, accounts: [1] })]);
      const result = day({ trace, accounts: 2, strategy: 'priority' });
      expect(result.failed).toBe(0);
      expect(result.upstreamCalls).toBeGreaterThan(60);
      expect(result.accounts[1]?.served).toBe(60);
    },
  );

  it('of every account fail calls, and the breaker keeps most of them from being dialled', () => {
    const trace = steady(200, 250, {}, [fault({ fault: 'outage' })]);
    const result = day({ trace, accounts: 1 });
    expect(result.served).toBe(0);
    expect(result.upstreamCalls).toBeLessThan(20);
  });

  it('with a key end when a person has put in another one', () => {
    const trace = steady(120, 1_000, {}, [fault({ fault: 'refused_key', accounts: [1] })]);
    const result = day({ trace, accounts: 1 });
    expect(result.accounts[0]?.dials).toBeLessThan(70);
    expect(result.served).toBe(60);
  });

  it('in the middle of an answer cannot be helped, and their cost stays unknown', () => {
    const trace = steady(4, 5_000, {}, [fault({ fault: 'cut' })]);
    expect(day({ trace })).toMatchObject({ served: 0, failedBy: { interrupted: 4 }, cost: null });
  });

  it('strike a share of the calls', () => {
    const trace = steady(400, 60_000, {}, [fault({ fault: 'cut', share: 0.25, toMs: 1e9 })]);
    expect(day({ trace }).failed).toBeGreaterThan(70);
    expect(day({ trace }).failed).toBeLessThan(130);
  });
});

describe('encrypted reasoning', () => {
  it('goes along within its organisation and is dropped by a call that has to leave it', () => {
    const trace = steady(3, 10_000, { session: 's', sealed: true }, [
      fault({ fault: 'outage', fromMs: 15_000, accounts: [1] }),
    ]);
    const result = day({ trace, accounts: 2, strategy: 'priority' });
    expect(result).toMatchObject({ failed: 0, reasoningDropped: 1, sessionMoves: 1 });
  });
});

describe('waiting for the own account', () => {
  it('finds its cache again later, where others pay for the whole prompt elsewhere', () => {
    const [first, second] = steady(2, 10_000, { session: 's', inputTokens: 40_000 }).calls;
    if (first === undefined || second === undefined) throw new Error('two calls');
    const trace = { ...steady(0, 1), calls: [first, second, { ...second, atMs: 12_000 }] };
    const over = { trace, strategy: 'priority' as const, provider: { tokensPerMinute: 60_000 } };
    const wait = day({ ...over, routing: { affinity: 'wait' } });
    expect(wait).toMatchObject({ failed: 0, cachedTokens: 39_936 });
    expect(wait.waitedMs).toBeGreaterThan(7_000);
    expect(day(over)).toMatchObject({ failed: 0, cachedTokens: 0, waitedMs: 0 });
  });
});

describe('a day on which many calls come at once', () => {
  it('meets no refusal where calls do not fit any more: they go where there is room', () => {
    // Two of them leave a sixth, which is more than the reserve and less than a third one needs.
    const over = { trace: steady(20, 250, { inputTokens: 25_000 }), provider: { tokensPerMinute: 60_000 } };
    const result = day({ ...over, accounts: 10, strategy: 'priority' });
    expect(result).toMatchObject({ failed: 0, served: 20, rateLimited: 0 });
  });
});

describe('a switch', () => {
  const herd = (rampStepMs: number) => {
    const dials: number[] = [];
    const calls = Array.from({ length: 20 }, (_, at) =>
      [0, 60_000].map((atMs) => ({
        ...steady(1, 1, { session: `s${at}`, durationMs: 20_000 }).calls[0],
        atMs,
      })),
    ).flat();
    const trace = {
      ...steady(0, 1, {}, [fault({ fault: 'quota', fromMs: 30_000, toMs: 1e9, accounts: [1] })]),
      calls: calls.filter((call) => call !== undefined).toSorted((a, b) => a.atMs - b.atMs),
    } as ReturnType<typeof steady>;
    const result = day({
      trace,
      accounts: 2,
      strategy: 'priority',
      routing: { ramp_step_ms: rampStepMs },
      watch: ({ upstream, nowMs }) => {
        if (upstream.account.name === 'account 2') dials.push(nowMs - trace.startsAtMs);
      },
    });
    return { dials, result };
  };

  it('sends a herd of conversations to the next account one after the other, and fails none of them', () => {
    const { dials, result } = herd(250);
    expect(result).toMatchObject({ served: 40, failed: 0 });
    expect(dials).toHaveLength(20);
    const [first = 0] = dials;
    // One goes at once, then one more each step, because these take longer than all of them.
    expect(dials.filter((atMs) => atMs < first + 250)).toHaveLength(1);
    expect(dials.filter((atMs) => atMs < first + 1_000)).toHaveLength(4);
    expect(result.waitedMs).toBeGreaterThan(0);
  });

  it('sends all of it at once without ramps', () => {
    const { dials, result } = herd(0);
    expect(result).toMatchObject({ served: 40, failed: 0, waitedMs: 0 });
    expect(Math.max(...dials) - Math.min(...dials)).toBeLessThan(1_000);
  });
});

describe('accounts that there are', () => {
  const own = (name: string, over: Partial<Account>): Account => ({
    ...upstream(name).account,
    ...over,
  });
  const run = (known: readonly Account[], places: KnownPool['places'] = new Map()) =>
    simulate({
      ...dayInput({ trace: steady(20, 1_000), strategy: 'priority' }),
      pool: { known, places },
    });
  const served = ({ accounts }: SimulationResult) =>
    Object.fromEntries(accounts.map((one) => [one.name, one.served]));

  it('serve by their own scopes, priorities and limits', () => {
    const other = own('other', { priority: 1, models: ['o3*'] });
    const small = own('small', { priority: 2, limits: { day: { requests: 5 } } });
    const rest = own('rest', { priority: 3 });
    expect(served(run([rest, small, other]))).toEqual({ rest: 15, small: 5, other: 0 });
  });

  it('cost what their price multiplier says', () => {
    const cost = (priceMultiplier: number) => run([own('a', { priceMultiplier })]).cost ?? Number.NaN;
    expect(cost(2) / cost(1)).toBeCloseTo(2);
  });

  it('share the limits of their organisation and project where these are known', () => {
    const [a, b] = [own('a', { priority: 1 }), own('b', { priority: 2 })];
    const place = { organization: 'org', project: 'proj' };
    const tight = { requestsPerMinute: 10, tokensPerMinute: 500_000, cacheIdleMs: 600_000 };
    const failed = (places: KnownPool['places']) =>
      simulate({
        ...dayInput({ trace: steady(20, 100), strategy: 'priority' }),
        provider: tight,
        pool: { known: [a, b], places },
      }).failed;
    expect(failed(new Map())).toBe(0);
    expect(
      failed(
        new Map([
          [a.id, place],
          [b.id, place],
        ]),
      ),
    ).toBeGreaterThan(5);
  });
});

describe('a price that nobody knows', () => {
  it('is unknown, not nothing', () => {
    const result = day({ trace: steady(2, 1_000, { model: 'made-up-model' }) });
    expect(result).toMatchObject({ served: 2, cost: null, unknownCostCalls: 2 });
  });
});

describe('the work of a simulation', () => {
  it('is the same for each call, however long the day is', () => {
    const asked = (calls: number): number => {
      let count = 0;
      const counting: typeof PRICES.prices = (...question) => {
        count++;
        return PRICES.prices(...question);
      };
      const prices = { ...PRICES, prices: counting };
      day({ trace: steady(calls, 500, { session: 's' }), prices });
      return count;
    };
    // The first call knows nothing yet and asks less.
    expect((asked(2_000) - asked(200)) / 1_800).toBe((asked(200) - asked(100)) / 100);
  });

  it('can be done in steps that come to the same', () => {
    const simulation = createSimulation(dayInput());
    let steps = 0;
    while (simulation.advance(7)) steps++;
    expect(steps).toBe(42);
    expect(simulation.arrived()).toBe(300);
    expect(simulation.result()).toEqual(day());
  });
});

describe('fairness', () => {
  it('is 1 for equal shares, a third for one of three, and unknown for none', () => {
    expect(fairness([5, 5, 5])).toBe(1);
    expect(fairness([9, 0, 0])).toBeCloseTo(1 / 3);
    expect(fairness([0, 0])).toBeNull();
  });
});
