/** A clock that is set a year ahead or back: what was learned before must not keep calls away, or cost more than a try. */
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../lib/config.ts';
import { afterFailure, type Health, WELL, withoutExpired } from '../../../lib/resilience/health.ts';
import { makePlan } from '../../../lib/routing/make-plan.ts';
import { failure, input, NOW_MS, upstream } from './fixtures.ts';

const YEAR_MS = 365 * 86_400_000;
const config = defaultConfig();

/** A cooldown, an open breaker, a mark and a provider's figure, all learned just now. */
function troubled() {
  let health: Health = WELL;
  const fail = (over: Parameters<typeof failure>[0], model: string) => {
    health = afterFailure(health, failure(over), model, 'responses', NOW_MS, config);
  };
  fail({ class: 'rate_limit', status: 429, toldWaitMs: 600_000 }, 'gpt-5');
  for (let n = 0; n < 5; n++) fail({}, 'gpt-4');
  fail({ class: 'scope', status: 404, mark: { kind: 'model', forMs: 3_600_000 } }, 'o3');
  fail({ class: 'quota', status: 429, code: 'insufficient_quota' }, 'gpt-5');
  const spent = { limit: 100, remaining: 1, fullAtMs: NOW_MS + 60_000, readAtMs: NOW_MS };
  return { health, upstream: upstream('a', { ...health, headerLimits: { requests: spent } }) };
}

const planAt = (nowMs: number, model: string) =>
  makePlan(input([troubled().upstream, upstream('b')], { nowMs, call: { model } }));

describe.each([
  ['a year ahead', NOW_MS + YEAR_MS],
  ['a year back', NOW_MS - YEAR_MS],
])('A clock that was set %s', (_, nowMs) => {
  test.each(['gpt-5', 'gpt-4', 'o3'])(
    'keeps no call for %s away from an account for what was learned before',
    (model) => {
      const before = planAt(NOW_MS, model).leftOut.map(({ name }) => name);
      expect(before).toEqual(['a']);
      expect(planAt(nowMs, model)).toMatchObject({ leftOut: [] });
      expect(planAt(nowMs, model).candidates).toHaveLength(2);
    },
  );

  test('makes a figure of a provider’s old, not a reason to go elsewhere', () => {
    const spent = { limit: 100, remaining: 1, fullAtMs: NOW_MS + 60_000, readAtMs: NOW_MS };
    const one = upstream('a', { headerLimits: { requests: spent } });
    const share = (atMs: number) => makePlan(input([one], { nowMs: atMs })).candidates[0]?.utilization;
    expect(share(NOW_MS)).toBe(0.99);
    expect(share(nowMs)).toBe(0);
  });

  test('lets a mark go', () => {
    expect(withoutExpired(troubled().health, NOW_MS).marks).toHaveLength(1);
    expect(withoutExpired(troubled().health, nowMs).marks).toEqual([]);
  });
});
