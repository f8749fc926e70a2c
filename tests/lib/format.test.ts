import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCallCost,
  formatCallTokens,
  formatCents,
  formatCount,
  formatCountdown,
  formatDuration,
  formatLimit,
  formatMoney,
  formatPercent,
  formatSpan,
  formatTokens,
} from '../../lib/format.ts';

const dollars = (amount: number) => Math.round(amount * 1e9);

describe('figures as people read them', () => {
  test('an estimate says so, and an unknown figure stays a dash', () => {
    const call = (totalTokens: number | null, cost: number | null, estimated: boolean) => ({
      usage: { totalTokens, estimated },
      cost,
    });
    const read = (shown: ReturnType<typeof call>) => [formatCallTokens(shown), formatCallCost(shown)];
    expect(read(call(1_234, dollars(0.5), true))).toEqual(['≈1.2k', '≈$0.500']);
    expect(read(call(1_234, dollars(0.5), false))).toEqual(['1.2k', '$0.500']);
    expect(read(call(null, null, true))).toEqual(['—', '—']);
    expect([formatCallTokens({ usage: null }), formatCallCost({ usage: null, cost: 0 })]).toEqual([
      '—',
      '$0',
    ]);
  });

  test.each([
    [0, '0'],
    [999, '999'],
    [1_234, '1.2k'],
    [22_722, '22.7k'],
    [999_949, '999.9k'],
    [999_950, '1.0M'],
    [98_100_000, '98.1M'],
    [2_000_000_000, '2.0B'],
  ])('%i tokens read %s', (count, text) => expect(formatTokens(count)).toBe(text));

  test.each([
    [0, '$0'],
    [0.000_01, '<$0.0001'],
    [0.0082, '$0.0082'],
    [0.068, '$0.068'],
    [0.9, '$0.900'],
    [0.9996, '$1.00'],
    [18.63, '$18.63'],
    [99.994, '$99.99'],
    [402.31, '$402'],
    [1_204.4, '$1,204'],
    [-2.5, '-$2.50'],
  ])('%d dollars read %s', (amount, text) => expect(formatMoney(dollars(amount))).toBe(text));

  test.each([
    [0.4, '0 ms'],
    [3, '3 ms'],
    [210, '0.21 s'],
    [994, '0.99 s'],
    [1_380, '1.4 s'],
    [59_949, '59.9 s'],
    [61_000, '1:01'],
  ])('%d milliseconds of work read %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  test.each([
    [0, '0:00'],
    [1, '0:01'],
    [102_000, '1:42'],
    [3_725_000, '1:02:05'],
    [273_600_000, '3d 4h'],
    [-5, '0:00'],
  ])('%d milliseconds left read %s', (ms, text) => expect(formatCountdown(ms)).toBe(text));

  test.each([
    [59_999, '59s'],
    [240_000, '4m'],
    [11_520_000, '3h 12m'],
    [273_600_000, '3d 4h'],
    [172_800_000, '2d'],
  ])('%d milliseconds ago read %s', (ms, text) => expect(formatSpan(ms)).toBe(text));

  test('shares never round up to everything', () => {
    expect(formatPercent(0.31)).toBe('31%');
    expect(formatPercent(0.9994)).toBe('99.94%');
    expect(formatPercent(0.999_999)).toBe('99.99%');
    expect(formatPercent(1)).toBe('100%');
  });

  test('limits, counts, cents and bytes', () => {
    expect(formatLimit(2_000_000)).toBe('2M');
    expect(formatLimit(1_500)).toBe('1.5k');
    expect(formatCount(14_208)).toBe('14,208');
    expect(formatCents(dollars(1_204.4))).toBe('$1,204.40');
    expect(formatCents(0)).toBe('$0.00');
    expect(formatBytes(812)).toBe('812 B');
    expect(formatBytes(39_527)).toBe('38.6 KB');
    expect(formatBytes(1_048_576)).toBe('1.0 MB');
  });

  test('unknown is a dash everywhere', () => {
    const all = [formatBytes, formatCents, formatCount, formatCountdown, formatDuration, formatLimit];
    for (const format of [...all, formatMoney, formatPercent, formatSpan, formatTokens]) {
      expect(format(null)).toBe('—');
    }
  });
});
