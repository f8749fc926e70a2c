import { describe, expect, it, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../lib/base/time.ts';
import { forecast } from '../../../lib/metering/forecast.ts';
import { slotsIn } from '../../../lib/metering/slots.ts';
import { FAMILIES, score, slotOf, trial } from '../../support/forecast/histories.ts';

/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5);
const WORK: readonly number[] = Array.from({ length: 24 }, (_, hour) => (hour >= 9 && hour < 17 ? 100 : 0));

/** So many like days, then the hours of today up to now. */
function history(days: number, nowHour: number, over: Partial<Parameters<typeof forecast>[0]> = {}) {
  const nowMs = MONDAY + days * DAY_MS + nowHour * HOUR_MS;
  const hours = [...Array.from({ length: days }, () => WORK).flat(), ...WORK.slice(0, nowHour), 0];
  const used = WORK.slice(0, nowHour).reduce((sum, one) => sum + one, 0);
  const endMs = MONDAY + (days + 1) * DAY_MS;
  return { hours, fromMs: MONDAY, nowMs, used, endMs, slotOf, limit: null, seed: 1, ...over };
}

describe('A forecast', () => {
  test.each(FAMILIES)('has a band that holds about four times out of five: %s', (family) => {
    // The second hundred: those that the constants were not chosen on.
    const { held } = score(family, 100, 200);
    expect(held).toBeGreaterThanOrEqual(65);
    expect(held).toBeLessThanOrEqual(95);
  });

  it('says nothing before there are two whole days', () => {
    expect(forecast(history(0, 12))).toBeNull();
    expect(forecast(history(1, 23))).toBeNull();
    expect(forecast(history(2, 0))).not.toBeNull();
    // A first day that began at noon is no whole day.
    const late = history(2, 12);
    expect(forecast({ ...late, hours: late.hours.slice(12), fromMs: late.fromMs + 12 * HOUR_MS })).toBeNull();
  });

  it('foresees like days exactly, by the hour of the day', () => {
    expect(forecast(history(10, 13))).toMatchObject({ expected: 800, low: 800, high: 800, days: 10 });
    expect(forecast(history(10, 20))).toMatchObject({ expected: 800, low: 800, high: 800 });
  });

  it('is the same for the same seed, and in order: low, expected, high, none below what is used', () => {
    for (let seed = 300; seed < 340; seed++) {
      const { input } = trial('bursty', seed);
      const found = forecast(input);
      expect(forecast(input)).toEqual(found);
      expect(found?.low).toBeGreaterThanOrEqual(input.used);
      expect(found?.expected).toBeGreaterThanOrEqual(found?.low ?? Infinity);
      expect(found?.high).toBeGreaterThanOrEqual(found?.expected ?? Infinity);
    }
  });

  it('does not take one busy morning for a new life', () => {
    const calm = history(14, 10);
    const busy = { ...calm, hours: calm.hours.with(-2, 1_500), used: 1_500 };
    const month = MONDAY + 30 * DAY_MS;
    const expected = forecast({ ...calm, endMs: month })?.expected ?? 0;
    const found = forecast({ ...busy, endMs: month })?.expected ?? 0;
    expect(found).toBeGreaterThan(expected + 1_000);
    expect(found).toBeLessThan(expected * 1.5);
  });

  it('of nothing used is nothing, with a limit that is not reached', () => {
    const none = { ...history(5, 12), hours: new Array<number>(133).fill(0), used: 0, limit: 10 };
    expect(forecast(none)).toEqual({
      expected: 0,
      low: 0,
      high: 0,
      runsOutMs: null,
      runsOutChance: 0,
      runsOutEarliestMs: null,
      days: 5,
    });
  });

  it('tells when a limit is reached: inside the hour, at once when it is, and not when it is not', () => {
    const at = (limit: number) => forecast(history(10, 12, { limit }));
    expect(at(450)).toMatchObject({ runsOutChance: 1, runsOutMs: MONDAY + 10 * DAY_MS + 13.5 * HOUR_MS });
    expect(at(300)).toMatchObject({ runsOutChance: 1, runsOutMs: MONDAY + 10 * DAY_MS + 12 * HOUR_MS });
    expect(at(900)).toMatchObject({ runsOutChance: 0, runsOutMs: null, runsOutEarliestMs: null });
  });
});

describe('Hours of a time zone', () => {
  test.each([
    ['UTC', 2, 23],
    ['Asia/Kolkata', 3, 5],
    ['America/New_York', 2, 18],
    ['Pacific/Chatham', 3, 13],
  ])('lie on their local day: %s', (zone, weekday, hour) => {
    // A Wednesday, 23:50 UTC.
    const slot = slotsIn(zone)(Date.UTC(2026, 0, 7, 23, 50));
    expect(slot).toMatchObject({ weekday, hour });
  });

  it('are 23 and 25 a day when the clocks change', () => {
    const berlin = slotsIn('Europe/Berlin');
    const hoursOn = (year: number, month: number, date: number): number => {
      const noon = Date.UTC(year, month - 1, date, 12);
      const day = berlin(noon).day;
      return Array.from({ length: 48 }, (_, at) => noon + (at - 24) * HOUR_MS).filter(
        (ms) => berlin(ms).day === day,
      ).length;
    };
    expect([hoursOn(2026, 3, 29), hoursOn(2026, 3, 30), hoursOn(2026, 10, 25)]).toEqual([23, 24, 25]);
  });
});
