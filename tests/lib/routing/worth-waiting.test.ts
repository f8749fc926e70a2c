import { describe, expect, test } from 'vitest';
import type { LeftOut, RoutePlan } from '../../../lib/routing/plan.ts';
import { leaves, soonestMs, waitsOn } from '../../../lib/routing/worth-waiting.ts';
import { id, NOW_MS } from './fixtures.ts';

const left = (name: string, reason: LeftOut['reason'], inMs: number | null): LeftOut => ({
  accountId: id(name),
  name,
  reason,
  detail: null,
  untilMs: inMs === null ? null : NOW_MS + inMs,
});
const plan = (...leftOut: LeftOut[]): RoutePlan => ({
  strategy: 'priority',
  decidedBy: 'none',
  candidates: [],
  leftOut,
  madeAtMs: NOW_MS,
  home: null,
});
const nobody = new Set<ReturnType<typeof id>>();

describe('a plan without candidates is worth waiting for', () => {
  test('until the first account that comes back by itself', () => {
    const both = plan(left('a', 'cooling_down', 4_000), left('b', 'breaker_open', 2_000));
    expect(soonestMs(both, nobody, 5_000)).toBe(2_000);
    expect(soonestMs(both, new Set([id('b')]), 5_000)).toBe(4_000);
  });

  test('unless that is later than the call may wait', () => {
    expect(soonestMs(plan(left('a', 'cooling_down', 5_001)), nobody, 5_000)).toBe(null);
    expect(soonestMs(plan(left('a', 'cooling_down', 1)), nobody, 0)).toBe(null);
  });

  test('a full account always is: it has room when a call ends', () => {
    expect(soonestMs(plan(left('a', 'full', 1_000)), nobody, 300)).toBe(300);
  });

  test('what only a human, a month or another key can change is not', () => {
    for (const one of [
      left('a', 'breaker_open', null),
      left('a', 'disabled', null),
      left('a', 'limit_reached', 100),
      left('a', 'model_unsupported', 100),
      left('a', 'not_for_this_key', null),
    ]) {
      expect(soonestMs(plan(one), nobody, 60_000)).toBe(null);
      expect(waitsOn(plan(one), nobody, id('a'))).toBe(false);
    }
  });

  test('with its own account in view, for that one alone', () => {
    const home = { ...plan(left('b', 'full', 1)), waitFor: { accountId: id('a'), untilMs: NOW_MS + 1 } };
    expect(waitsOn(home, nobody, id('a'))).toBe(true);
    expect(waitsOn(home, nobody, id('b'))).toBe(false);
  });
});

describe('a call leaves', () => {
  test('the account where it just failed, else the one where its conversation lives, and never the one it goes to', () => {
    expect(leaves({}, id('b'), null)).toBe(null);
    expect(leaves({ movedFrom: id('a') }, id('b'), null)).toBe(id('a'));
    expect(leaves({ movedFrom: id('a') }, id('b'), id('c'))).toBe(id('c'));
    expect(leaves({}, id('b'), id('b'))).toBe(null);
  });
});
