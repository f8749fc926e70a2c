import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import { DAY_MS, HOUR_MS } from '../../../lib/base/time.ts';
import type { WindowUse } from '../../../lib/metering/limit.ts';
import { firstExceeded, utilisation } from '../../../lib/metering/limit.ts';
import { createWindows, windowBounds } from '../../../lib/metering/window.ts';

const use = (requests = 0, tokens = 0, cost = 0): WindowUse => ({
  requests,
  tokens,
  cost: nanoDollars(cost),
});
const ask = { requests: 1 as const, tokens: 100, cost: nanoDollars(50) };

describe('a limit', () => {
  test('lets a call through that reaches it exactly and refuses the next', () => {
    const limits = { day: { requests: 10 } };
    expect(firstExceeded(limits, { day: use(9), month: use(900) }, ask)).toBeNull();
    expect(firstExceeded(limits, { day: use(10), month: use(900) }, ask)).toEqual({
      window: 'day',
      kind: 'requests',
      limit: 10,
      used: 10,
    });
  });

  test('names the window that keeps the caller waiting longest', () => {
    const limits = { day: { tokens: 100 }, month: { cost: nanoDollars(40) } };
    const exceeded = firstExceeded(limits, { day: use(0, 90), month: use() }, ask);
    expect(exceeded).toMatchObject({ window: 'month', kind: 'cost' });
  });

  test('keeps its reserve back for those who may not use it', () => {
    const limits = { day: { tokens: 1000 } };
    const uses = { day: use(0, 850), month: use() };
    expect(firstExceeded(limits, uses, ask, 1)).toBeNull();
    expect(firstExceeded(limits, uses, ask, 0.9)).toMatchObject({ kind: 'tokens', limit: 1000, used: 850 });
  });

  test('of nothing lets nothing through, and none at all lets everything through', () => {
    expect(firstExceeded({ day: { requests: 0 } }, { day: use(), month: use() }, ask)).not.toBeNull();
    expect(firstExceeded({}, { day: use(1e9, 1e15, 1e15), month: use(1e9) }, ask)).toBeNull();
  });

  test('is as used as its most used ceiling', () => {
    const limits = { day: { requests: 10, tokens: 100 }, month: { requests: 1000 } };
    expect(utilisation(limits, { day: use(2, 60), month: use(700) })).toBe(0.7);
    expect(utilisation({}, { day: use(2), month: use(7) })).toBeNull();
    expect(utilisation({ day: { requests: 0 } }, { day: use(), month: use() })).toBe(1);
  });
});

const iso = (ms: number) => new Date(ms).toISOString();
const bounds = (at: string, window: 'day' | 'month', zone: string) => {
  const { fromMs, toMs } = windowBounds(Date.parse(at), window, zone);
  return [iso(fromMs), iso(toMs)];
};

describe('the windows of a limit', () => {
  test('are calendar days and months in UTC', () => {
    expect(bounds('2026-11-22T23:59:59.999Z', 'day', 'UTC')).toEqual([
      '2026-11-22T00:00:00.000Z',
      '2026-11-23T00:00:00.000Z',
    ]);
    expect(bounds('2026-12-31T12:00:00Z', 'month', 'UTC')).toEqual([
      '2026-12-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ]);
  });

  test('follow a zone through both changes of its clocks', () => {
    expect(bounds('2026-03-29T12:00:00Z', 'day', 'Europe/Berlin')).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
    expect(bounds('2026-10-25T00:30:00Z', 'day', 'Europe/Berlin')).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ]);
    expect(bounds('2026-03-31T23:00:00Z', 'month', 'Europe/Berlin')).toEqual([
      '2026-03-31T22:00:00.000Z',
      '2026-04-30T22:00:00.000Z',
    ]);
  });

  test('begin with the first moment of a day whose midnight is skipped', () => {
    expect(bounds('2026-04-24T12:00:00Z', 'day', 'Africa/Cairo')).toEqual([
      '2026-04-23T22:00:00.000Z',
      '2026-04-24T21:00:00.000Z',
    ]);
  });

  test('reach the far ends of the world’s offsets', () => {
    expect(bounds('2026-11-22T10:30:00Z', 'day', 'Pacific/Kiritimati')[0]).toBe('2026-11-22T10:00:00.000Z');
    expect(bounds('2026-11-22T10:30:00Z', 'day', 'Pacific/Pago_Pago')[0]).toBe('2026-11-21T11:00:00.000Z');
    expect(bounds('2026-11-22T10:30:00Z', 'day', 'Asia/Kathmandu')[0]).toBe('2026-11-21T18:15:00.000Z');
  });

  test('always hold the moment they were asked for, and touch the next', () => {
    const zones = fc.constantFrom(
      'UTC',
      'America/New_York',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
    );
    const moments = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });
    fc.assert(
      fc.property(zones, moments, (zone, atMs) => {
        const day = windowBounds(atMs, 'day', zone);
        expect(day.fromMs <= atMs && atMs < day.toMs).toBe(true);
        expect(Math.abs(day.toMs - day.fromMs - DAY_MS)).toBeLessThanOrEqual(HOUR_MS);
        expect(windowBounds(day.toMs, 'day', zone).fromMs).toBe(day.toMs);
      }),
      { numRuns: 60 },
    );
  });

  test('are remembered until they end', () => {
    const windows = createWindows('Europe/Berlin');
    const first = windows(Date.parse('2026-11-22T10:00:00Z'), 'day');
    expect(windows(first.toMs - 1, 'day')).toBe(first);
    expect(windows(first.toMs, 'day').fromMs).toBe(first.toMs);
  });

  test('refuse a zone that does not exist', () => {
    expect(() => windowBounds(0, 'day', 'Mars/Olympus')).toThrow(RangeError);
  });
});
