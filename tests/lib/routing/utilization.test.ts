import { describe, expect, test } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import { spentLimit, utilizationOf } from '../../../lib/routing/utilization.ts';
import { NOW_MS, UNUSED, upstream } from './fixtures.ts';

const of = (one: Parameters<typeof utilizationOf>[0]) => {
  const { share, decidedBy, spent } = utilizationOf(one, NOW_MS, 200);
  expect(spent).toBe(spentLimit(one) !== null);
  return { share, decidedBy };
};
const header = (limit: number | null, remaining: number | null, fullAtMs: number | null = null) => ({
  limit,
  remaining,
  fullAtMs,
  readAtMs: NOW_MS - 60_000,
});

describe('utilisation', () => {
  test('is unknown where nothing is known', () => {
    expect(of(upstream('a'))).toEqual({ share: null, decidedBy: null });
    expect(of(upstream('a', { headerLimits: { tokens: header(null, null) } }))).toEqual({
      share: null,
      decidedBy: null,
    });
  });

  test('is the highest known share, and says which', () => {
    const one = upstream('a', {
      account: { limits: { day: { requests: 100, tokens: 1_000 }, month: { cost: nanoDollars(1_000) } } },
      used: {
        day: { requests: 10, tokens: 400, cost: nanoDollars(1) },
        month: { requests: 10, tokens: 400, cost: nanoDollars(300) },
      },
      headerLimits: { requests: header(100, 80), tokens: header(1_000, 650) },
    });
    expect(of(one)).toEqual({ share: 0.4, decidedBy: 'day.tokens' });
    expect(of({ ...one, headerLimits: { tokens: header(1_000, 100) } })).toEqual({
      share: 0.9,
      decidedBy: 'header.tokens',
    });
    expect(of({ ...one, headerLimits: {}, inFlight: 190 })).toEqual({ share: 0.95, decidedBy: 'in_flight' });
  });

  test('counts calls under way as requests that the header does not know yet', () => {
    const one = upstream('a', { inFlight: 5, headerLimits: { requests: header(10, 10) } });
    expect(of(one)).toEqual({ share: 0.5, decidedBy: 'header.requests' });
  });

  test('takes a bucket past its reset as full again', () => {
    const one = upstream('a', { headerLimits: { tokens: header(100, 1, NOW_MS) } });
    expect(of(one)).toEqual({ share: 0, decidedBy: 'header.tokens' });
    expect(of(upstream('a', { headerLimits: { tokens: header(100, 1, NOW_MS + 1) } })).share).toBe(0.99);
  });

  test('may pass the whole', () => {
    const used = { day: { requests: 15, tokens: 0, cost: nanoDollars(0) }, month: UNUSED.month };
    expect(of(upstream('a', { account: { limits: { day: { requests: 10 } } }, used })).share).toBe(1.5);
  });
});

describe('a spent limit', () => {
  const used = {
    day: { requests: 10, tokens: 0, cost: nanoDollars(0) },
    month: { requests: 10, tokens: 0, cost: nanoDollars(0) },
  };
  test('is found where nothing is left, the longest window first', () => {
    expect(spentLimit(upstream('a', { used }))).toBeNull();
    expect(spentLimit(upstream('a', { used, account: { limits: { day: { requests: 11 } } } }))).toBeNull();
    expect(spentLimit(upstream('a', { used, account: { limits: { day: { requests: 10 } } } }))).toEqual({
      window: 'day',
      amount: 'requests',
    });
    const both = { day: { requests: 1 }, month: { requests: 1 } };
    expect(spentLimit(upstream('a', { used, account: { limits: both } }))).toEqual({
      window: 'month',
      amount: 'requests',
    });
  });

  test('of nothing is spent from the start', () => {
    expect(spentLimit(upstream('a', { account: { limits: { day: { cost: nanoDollars(0) } } } }))).toEqual({
      window: 'day',
      amount: 'cost',
    });
  });
});
