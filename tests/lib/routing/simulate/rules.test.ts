/** What holds of every simulation, whatever the day: the real rules, told by the dials that they lead to. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakerVerdict } from '../../../../lib/resilience/breaker.ts';
import { cooldownVerdict } from '../../../../lib/resilience/cooldown.ts';
import { keysOf } from '../../../../lib/resilience/health.ts';
import { limitGroupOf } from '../../../../lib/routing/limit-group.ts';
import { STRATEGIES } from '../../../../lib/routing/plan.ts';
import { simulate } from '../../../../lib/routing/simulate/simulate.ts';
import type { DialWatcher } from '../../../../lib/routing/simulate/stage.ts';
import { syntheticDay } from '../../../../lib/routing/simulate/synthetic-day.ts';
import { CONFIG, type DayOver, day, dayInput, MONDAY_MS } from './day.ts';

const anyDay: fc.Arbitrary<DayOver> = fc
  .record({
    seed: fc.nat(),
    accounts: fc.integer({ min: 1, max: 6 }),
    organizations: fc.integer({ min: 1, max: 6 }),
    strategy: fc.constantFrom(...STRATEGIES),
    affinity: fc.constantFrom('prefer' as const, 'wait' as const, 'off' as const),
    calls: fc.integer({ min: 1, max: 120 }),
    tokensPerMinute: fc.constantFrom(60_000, 200_000, 500_000),
    requestsPerMinute: fc.constantFrom(3, 20, 500),
    dayRequests: fc.option(fc.integer({ min: 1, max: 40 })),
    queueMs: fc.constantFrom(0, 5_000),
  })
  .map(({ seed, accounts, organizations, strategy, affinity, calls, dayRequests, queueMs, ...provider }) => ({
    seed,
    accounts,
    strategy,
    trace: syntheticDay({ seed, startsAtMs: MONDAY_MS, calls, troubledAccounts: accounts }),
    pool: {
      accounts,
      organizations: Math.min(accounts, organizations),
      limits: dayRequests === null ? {} : { day: { requests: dayRequests } },
    },
    provider,
    routing: { affinity, queue_ms: queueMs },
  }));

const RUNS = { numRuns: 40 };

describe('any simulated day', () => {
  it('gives the same result for the same seed', () => {
    fc.assert(
      fc.property(anyDay, (over) => {
        expect(simulate(dayInput(over))).toEqual(simulate(dayInput(over)));
      }),
      RUNS,
    );
  });

  it('loses no call and serves none twice', () => {
    fc.assert(
      fc.property(anyDay, (over) => {
        const input = dayInput(over);
        const result = simulate(input);
        expect(result.served + result.failed).toBe(input.trace.calls.length);
        expect(result.accounts.reduce((sum, { served }) => sum + served, 0)).toBe(result.served);
        expect(result.upstreamCalls).toBeGreaterThanOrEqual(result.served);
        expect(result.upstreamCalls).toBeLessThanOrEqual(
          input.trace.calls.length * CONFIG.routing.attempts_max,
        );
      }),
      RUNS,
    );
  });

  it('sends no call to an account whose breaker is open or that cools down, except as a probe', () => {
    fc.assert(
      fc.property(anyDay, (over) => {
        const wrong: string[] = [];
        // Later attempts go by the plan of the first, which may have aged by then.
        simulate(dayInput({ ...over, watch: onFirst((dial) => wrong.push(...obstaclesTo(dial))) }));
        expect(wrong).toEqual([]);
      }),
      RUNS,
    );
  });

  it('never passes a limit on requests', () => {
    fc.assert(
      fc.property(anyDay, (over) => {
        const input = dayInput(over);
        const most = input.pool.limits.day?.requests ?? Number.POSITIVE_INFINITY;
        const { accounts } = simulate(input);
        // A call that began before midnight may end after it, but counts where it began.
        for (const account of accounts) expect(account.served).toBeLessThanOrEqual(most);
      }),
      RUNS,
    );
  });

  it('reports no more cached tokens than were sent, and a fairness within its bounds', () => {
    fc.assert(
      fc.property(anyDay, (over) => {
        const result = day(over);
        expect(result.cachedTokens).toBeLessThanOrEqual(result.inputTokens);
        if (result.fairness === null) return;
        expect(result.fairness).toBeGreaterThan(1 / result.accounts.length - 1e-9);
        expect(result.fairness).toBeLessThan(1 + 1e-9);
      }),
      RUNS,
    );
  });
});

type Dial = Parameters<DialWatcher>[0];

function onFirst(watch: DialWatcher): DialWatcher {
  return (dial) => {
    if (dial.attempt === 1) watch(dial);
  };
}

function obstaclesTo({ upstream, candidate, call, nowMs }: Dial): string[] {
  if (candidate.probe) return [];
  return keysOf(call.model).flatMap((key) => {
    const open = breakerVerdict(upstream.breakers[key], nowMs, false, CONFIG.breaker).kind !== 'closed';
    const cooling = cooldownVerdict(upstream.cooldowns[key], nowMs) !== 'free';
    return open || cooling ? [`${limitGroupOf(upstream)} ${key}`] : [];
  });
}
