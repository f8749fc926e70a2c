import { describe, expect, test } from 'vitest';
import {
  type Cooldown,
  cooldownVerdict,
  isActive,
  nextMonthMs,
  onQuota,
  onQuotaProbe,
  onRateLimited,
} from '../../../lib/resilience/cooldown.ts';

const config = { guess_ms: 1_000, guess_max_ms: 20_000 };
const T = Date.UTC(2026, 10, 22, 9, 50);
const HOUR_MS = 3_600_000;

const limited = (previous: Cooldown | null, toldWaitMs: number | null, nowMs: number) =>
  onRateLimited(previous, { toldWaitMs, code: 'rate_limit_exceeded' }, nowMs, config);

describe('a cooldown after a rate limit', () => {
  test('lasts as long as the provider said', () => {
    expect(limited(null, 9_816, T)).toMatchObject({
      untilMs: T + 9_816,
      guessed: false,
      cause: 'rate_limit',
    });
  });

  test('is guessed where nothing was said: 1 s, doubling with each that follows, at most 20 s', () => {
    let cooldown: Cooldown | null = null;
    let now = T;
    for (const seconds of [1, 2, 4, 8, 16, 20, 20]) {
      cooldown = limited(cooldown, null, now);
      expect(cooldown).toMatchObject({ untilMs: now + seconds * 1_000, guessed: true });
      now = cooldown.untilMs;
    }
  });

  test('counts several refusals at once as one', () => {
    let cooldown = limited(null, null, T);
    for (let i = 0; i < 10; i++) cooldown = limited(cooldown, null, T + i);
    expect(cooldown).toMatchObject({ streak: 1, untilMs: T + 1_009, sinceMs: T });
  });

  test('is extended and never shortened', () => {
    const long = limited(null, 60_000, T);
    expect(limited(long, 1_000, T + 10)).toBe(long);
    expect(limited(long, 90_000, T + 10).untilMs).toBe(T + 90_010);
  });

  test('does not shorten a quota cooldown', () => {
    const quota = onQuota(null, { code: 'credit_balance_exhausted' }, T);
    expect(limited(quota, 1_000, T + 10)).toBe(quota);
  });

  test('ends by itself, without a probe', () => {
    const cooldown = limited(null, 5_000, T);
    expect(cooldownVerdict(cooldown, T + 4_999)).toBe('blocked');
    expect(cooldownVerdict(cooldown, T + 5_000)).toBe('free');
    expect(cooldownVerdict(undefined, T)).toBe('free');
  });

  test('does not outlive a clock that was set back by a year', () => {
    const cooldown = limited(null, 5_000, T + 365 * 24 * HOUR_MS);
    expect(isActive(cooldown, T)).toBe(false);
  });
});

describe('a cooldown after a quota', () => {
  test('lasts until the month begins anew, in UTC', () => {
    expect(onQuota(null, { code: 'x' }, T).untilMs).toBe(Date.UTC(2026, 11, 1));
    expect(nextMonthMs(Date.UTC(2026, 11, 31, 23, 59))).toBe(Date.UTC(2027, 0, 1));
    expect(nextMonthMs(Date.UTC(2026, 0, 1))).toBe(Date.UTC(2026, 1, 1));
  });

  test('lets one ordinary call an hour through', () => {
    const quota = onQuota(null, { code: 'x' }, T);
    expect(cooldownVerdict(quota, T + HOUR_MS - 1)).toBe('blocked');
    expect(cooldownVerdict(quota, T + HOUR_MS)).toBe('probe');
    const probed = onQuotaProbe(quota, T + HOUR_MS);
    expect(cooldownVerdict(probed, T + HOUR_MS + 1)).toBe('blocked');
    expect(cooldownVerdict(probed, T + 2 * HOUR_MS)).toBe('probe');
  });

  test('remembers when it began when the probe finds it still empty', () => {
    const again = onQuota(onQuota(null, { code: 'x' }, T), { code: 'x' }, T + HOUR_MS);
    expect(again).toMatchObject({ sinceMs: T, probeAtMs: T + 2 * HOUR_MS });
  });

  test('replaces a running rate limit', () => {
    expect(onQuota(limited(null, 5_000, T), { code: 'x' }, T + 1).cause).toBe('quota');
  });
});
