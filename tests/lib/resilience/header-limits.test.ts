import { describe, expect, test } from 'vitest';
import { readHeaderLimits } from '../../../lib/resilience/header-limits.ts';

const T = 1_000_000;

describe('rate limits in headers', () => {
  test('are read for every bucket there is', () => {
    const limits = readHeaderLimits(
      {
        'x-ratelimit-limit-requests': '5000',
        'x-ratelimit-remaining-requests': '4999',
        'x-ratelimit-reset-requests': '12ms',
        'x-ratelimit-limit-tokens': '30,000',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '1m0.052s',
        'x-ratelimit-limit-project-tokens': '9',
        'x-ratelimit-remaining-tokens_usage_based': '7',
        'content-type': 'application/json',
      },
      T,
    );
    expect(limits).toEqual({
      requests: { limit: 5000, remaining: 4999, fullAtMs: T + 12, readAtMs: T },
      tokens: { limit: 30_000, remaining: 0, fullAtMs: T + 60_052, readAtMs: T },
      'project-tokens': { limit: 9, remaining: null, fullAtMs: null, readAtMs: T },
      tokens_usage_based: { limit: null, remaining: 7, fullAtMs: null, readAtMs: T },
    });
  });

  test('are null where an answer has none', () => {
    expect(readHeaderLimits({ 'content-type': 'x', 'x-request-id': 'req_1' }, T)).toBeNull();
  });

  test.each(['-1', '0', '', 'many', '1e9', '99999999999999999999'])(
    'with the limit %s are unknown, not used up',
    (limit) => {
      const limits = readHeaderLimits(
        { 'x-ratelimit-limit-tokens': limit, 'x-ratelimit-remaining-tokens': '0' },
        T,
      );
      expect(limits?.tokens).toMatchObject({ limit: null, remaining: null });
    },
  );

  test('take a bare number as seconds, and believe no reset of years', () => {
    const reset = (value: string) =>
      readHeaderLimits({ 'x-ratelimit-reset-tokens': value }, T)?.tokens?.fullAtMs;
    expect(reset('30')).toBe(T + 30_000);
    expect(reset('soon')).toBeNull();
    expect(reset('999999h')).toBeNull();
  });

  test('are bounded in number', () => {
    const headers: Record<string, string> = {};
    for (let i = 0; i < 100; i++) headers[`x-ratelimit-limit-bucket${i}`] = '1';
    expect(Object.keys(readHeaderLimits(headers, T) ?? {})).toHaveLength(16);
  });
});
