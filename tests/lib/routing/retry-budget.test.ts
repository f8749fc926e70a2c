import { describe, expect, test } from 'vitest';
import {
  FULL_BUDGET,
  mayRepeat,
  onCall,
  onRepeat,
  type RetryBudget,
} from '../../../lib/routing/retry-budget.ts';

const times = (budget: RetryBudget, count: number, what: typeof onCall, atMs: number) => {
  let next = budget;
  for (let i = 0; i < count; i++) next = what(next, atMs);
  return next;
};

describe('the retry budget', () => {
  test('allows every repeat while few calls flow', () => {
    const quiet = times(times(FULL_BUDGET, 20, onCall, 1_000), 50, onRepeat, 1_000);
    expect(mayRepeat(quiet, 1_000)).toBe(true);
  });

  test('allows one repeat in ten calls beyond that', () => {
    const busy = times(FULL_BUDGET, 100, onCall, 1_000);
    expect(mayRepeat(times(busy, 9, onRepeat, 1_000), 1_000)).toBe(true);
    expect(mayRepeat(times(busy, 10, onRepeat, 1_000), 1_000)).toBe(false);
  });

  test('forgets after a minute', () => {
    const spent = times(times(FULL_BUDGET, 100, onCall, 1_000), 10, onRepeat, 1_000);
    expect(mayRepeat(spent, 55_000)).toBe(false);
    expect(mayRepeat(spent, 70_000)).toBe(true);
    expect(mayRepeat(spent, 1e12)).toBe(true);
  });

  test('holds a fixed number of counters, however long it runs', () => {
    let budget = FULL_BUDGET;
    for (let second = 0; second < 10_000; second++) budget = onCall(budget, second * 1_000);
    expect(budget.calls).toHaveLength(6);
    expect(budget.calls.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(60);
  });
});
