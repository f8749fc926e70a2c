import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leadingDuration, parseDuration } from '../../../lib/resilience/duration.ts';
import { readToldWait, sayWait, TOLD_WAIT_MAX_MS } from '../../../lib/resilience/told-wait.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 9, 50);
const told = (headers: Record<string, string>, text = '') =>
  readToldWait(headers, text, NOW_MS)?.waitMs ?? null;

describe('a duration', () => {
  test.each([
    ['1m0.052s', 60_052],
    ['6m0s', 360_000],
    ['1s', 1_000],
    ['12ms', 12],
    ['120ms', 120],
    ['24h0m0s', 86_400_000],
    ['7h12m3.5s', 25_923_500],
    ['1m', 60_000],
    ['1ms', 1],
    ['1m1ms', 60_001],
    ['500us', 1],
    ['500µs', 1],
    ['999ns', 1],
    ['0s', 0],
    ['20', 20_000],
    ['0.5', 500],
    ['9.816s', 9_816],
    ['0.0001s', 1],
    ['7 minutes', 420_000],
    ['1 hour 2 minutes', 3_720_000],
    ['1 hour, 2 minutes and 3 seconds', 3_723_000],
    ['2 days', 172_800_000],
    [' 5s ', 5_000],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', 's', '-5s', '-1', 'soon', '5 apples', '5s later', '1.2.3s', 'ms', '5sx', 'NaN', 'Infinity'])(
    'is not "%s"',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  test('of any hours, minutes, seconds and milliseconds is their sum', () => {
    const part = fc.nat({ max: 99 });
    fc.assert(
      fc.property(part, part, part, part, (h, m, s, ms) => {
        expect(parseDuration(`${h}h${m}m${s}s${ms}ms`)).toBe(h * 3_600_000 + m * 60_000 + s * 1_000 + ms);
      }),
    );
  });

  test('with a fraction is never shorter than it says, and by less than a millisecond longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (micros) => {
        const text = `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}s`;
        const ms = parseDuration(text) ?? -1;
        expect(ms).toBeGreaterThanOrEqual(micros / 1_000);
        expect(ms).toBeLessThan(micros / 1_000 + 1);
      }),
    );
  });

  test('is never negative, fractional or not a number, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.hmsµ ]{0,20}$/)), (text) => {
        const ms = leadingDuration(text)?.ms ?? 0;
        expect(Number.isInteger(ms) && ms >= 0).toBe(true);
      }),
    );
  });
});

describe('a told wait', () => {
  test('comes from the finest header first, then from the text', () => {
    const text = 'Please try again in 7s.';
    expect(told({ 'retry-after-ms': '494', 'retry-after': '1' }, text)).toBe(494);
    expect(told({ 'x-ms-retry-after-ms': '300', 'retry-after': '1' }, text)).toBe(300);
    expect(told({ 'retry-after': '1' }, text)).toBe(1_000);
    expect(told({}, text)).toBe(7_000);
    expect(told({}, 'no')).toBeNull();
  });

  test.each([
    ['2', 2_000],
    ['1.5', 1_500],
    ['0', 0],
    ['1m30s', 90_000],
    [new Date(NOW_MS + 42_000).toUTCString(), 42_000],
    ['Sun, 22 Nov 2020 09:50:00 GMT', 0],
    [new Date(NOW_MS + 5_000).toISOString(), 5_000],
  ])('as retry-after: %s is %i ms', (value, ms) => {
    expect(told({ 'retry-after': value })).toBe(ms);
  });

  test.each(['-5', 'soon', '', '  ', 'NaN', '1e9', '2026'.repeat(8)])('is not retry-after: %s', (value) => {
    expect(told({ 'retry-after': value })).toBeNull();
  });

  test.each([
    ['Please try again in 1m0.052s. Visit', 60_052],
    ['Please try again in 120ms.', 120],
    ['Please try again in 7h12m0s', 25_920_000],
    ['Please retry after 20 seconds.', 20_000],
    ['Please retry in 46s', 46_000],
    ['Try again in about 5 minutes', 300_000],
    ['TRY AGAIN IN 3S', 3_000],
    ['try again in a while. Please try again in 4s', 4_000],
  ])('is heard in "%s"', (text, ms) => {
    expect(told({}, text)).toBe(ms);
  });

  test('is clamped to a day, and the raw text kept', () => {
    const wait = readToldWait({ 'retry-after': '31536000' }, '', NOW_MS);
    expect(wait).toEqual({ waitMs: TOLD_WAIT_MAX_MS, raw: '31536000', clamped: true });
  });

  test('is within its bounds for every header and text there can be', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
    );
    fc.assert(
      fc.property(odd, odd, fc.string(), (ms, after, text) => {
        const wait = readToldWait(
          { 'retry-after-ms': ms, 'retry-after': after },
          `try again in ${text}`,
          NOW_MS,
        );
        if (wait === null) return;
        expect(wait.waitMs).toBeGreaterThanOrEqual(0);
        expect(wait.waitMs).toBeLessThanOrEqual(TOLD_WAIT_MAX_MS);
        expect(Number.isInteger(wait.waitMs)).toBe(true);
        expect(wait.raw.length).toBeLessThanOrEqual(64);
      }),
    );
  });
});

describe('a wait in words', () => {
  test.each([
    [0, '0 ms'],
    [494, '494 ms'],
    [1_000, '1 s'],
    [9_816, '9.9 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [12_000_000, '3 h 20 min'],
    [90_000_000, '1 d 1 h'],
  ])('%i ms is said as %s', (ms, said) => {
    expect(sayWait(ms)).toBe(said);
  });
});
