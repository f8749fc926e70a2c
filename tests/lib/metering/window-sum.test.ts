import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import { HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import { SLIDING } from '../../../lib/metering/client-limits.ts';
import { windowBounds } from '../../../lib/metering/window.ts';
import { createCalendarSum, createSlidingSum } from '../../../lib/metering/window-sum.ts';

const T0 = Date.UTC(2026, 10, 18, 12);
const use = (requests: number) => ({ requests, tokens: requests * 10, cost: nanoDollars(requests * 1_000) });

describe('a sliding sum', () => {
  test('lets a use go when its window has passed, rounded up to the step', () => {
    const sum = createSlidingSum(SLIDING.hour, T0);
    sum.add(T0 + 30_000, use(1), 1);
    sum.turn(T0 + 30_000 + HOUR_MS);
    expect(sum.used()).toEqual(use(1));
    sum.turn(T0 + MINUTE_MS + HOUR_MS - 1);
    expect(sum.used().requests).toBe(1);
    sum.turn(T0 + MINUTE_MS + HOUR_MS);
    expect(sum.used()).toEqual(use(0));
  });

  test('tells the moment at which enough has left, and that moment is true', () => {
    const sum = createSlidingSum(SLIDING.five_hours, T0);
    sum.add(T0, use(2), 1);
    sum.turn(T0 + 2 * HOUR_MS);
    sum.add(T0 + 2 * HOUR_MS, use(3), 1);
    const first = sum.freeAtMs((left) => left.requests <= 3);
    const all = sum.freeAtMs((left) => left.requests <= 0);
    sum.turn(first - 1);
    expect(sum.used().requests).toBe(5);
    sum.turn(first);
    expect(sum.used().requests).toBe(3);
    sum.turn(all - 1);
    expect(sum.used().requests).toBe(3);
    sum.turn(all);
    expect(sum.used().requests).toBe(0);
  });

  test('survives a leap of a year and counts on', () => {
    const sum = createSlidingSum(SLIDING.week, T0);
    sum.add(T0, use(7), 1);
    const later = T0 + 365 * 24 * HOUR_MS;
    sum.turn(later);
    expect(sum.used()).toEqual(use(0));
    sum.add(later, use(1), 1);
    sum.add(T0, use(7), -1);
    expect(sum.used()).toEqual(use(1));
  });

  test('holds at any moment every use of its length, and none that is a step older', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 40 * MINUTE_MS }), fc.integer({ min: 1, max: 9 })),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(steps, (gaps) => {
        const sum = createSlidingSum(SLIDING.hour, T0);
        const uses: { atMs: number; count: number }[] = [];
        let nowMs = T0;
        for (const [gap, count] of gaps) {
          nowMs += gap;
          sum.turn(nowMs);
          sum.add(nowMs, use(count), 1);
          uses.push({ atMs: nowMs, count });
          const since = (ms: number) =>
            uses.filter(({ atMs }) => atMs > nowMs - ms).reduce((all, each) => all + each.count, 0);
          expect(sum.used().requests).toBeGreaterThanOrEqual(since(HOUR_MS));
          expect(sum.used().requests).toBeLessThanOrEqual(since(HOUR_MS + MINUTE_MS));
        }
      }),
    );
  });
});

describe('a calendar sum', () => {
  test('begins at nothing on the next day, and lets nothing of yesterday in', () => {
    const day = (atMs: number) => windowBounds(atMs, 'day', 'Europe/Berlin');
    const sum = createCalendarSum(day, T0);
    sum.add(T0, use(4), 1);
    const midnight = sum.freeAtMs(() => true);
    expect(midnight).toBe(Date.UTC(2026, 10, 18, 23));
    sum.turn(midnight - 1);
    expect(sum.used()).toEqual(use(4));
    sum.turn(midnight);
    sum.add(T0, use(4), -1);
    expect(sum.used()).toEqual(use(0));
  });
});
