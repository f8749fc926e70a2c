import { describe, expect, it } from 'vitest';
import { fromDollars } from '../../../lib/base/money.ts';
import { limitsWith, windowsOf } from '../../../server/cli/limit-option.ts';

describe('--limit', () => {
  it('sets one ceiling each time, for all models or for some', () => {
    expect(
      limitsWith({ month: { requests: 7 } }, [
        'usd/day=$2.50',
        'requests/hour=1,000',
        'ft:gpt-4o:me:*,!o3:tokens/5h=2_000_000',
      ]),
    ).toEqual({
      month: { requests: 7 },
      day: { cost: fromDollars(2.5) },
      hour: { requests: 1_000 },
      byModel: [{ models: ['ft:gpt-4o:me:*', '!o3'], five_hours: { tokens: 2_000_000 } }],
    });
  });

  it('takes a ceiling away with none', () => {
    expect(limitsWith({ day: { requests: 5, tokens: 9 } }, ['requests/day=none'])).toEqual({
      day: { tokens: 9 },
    });
  });

  it.each([
    ['usd/day=-5', 'above 0'],
    ['usd/day=0', 'above 0'],
    ['usd/day=1e9', 'above 0'],
    ['usd/day=9999999999', 'above 0'],
    ['requests/day=0', 'at least 1'],
    ['requests/day=2.5', 'whole number'],
    ['tokens/week=many', 'whole number'],
    ['usd/fortnight=5', '--limit takes'],
    ['5', '--limit takes'],
  ])('says what is wrong with %s', (text, words) => {
    expect(() => limitsWith({}, [text])).toThrow(words);
  });

  it('names windows as people write them', () => {
    expect(windowsOf('5h, week')).toEqual(['five_hours', 'week']);
    expect(() => windowsOf('year')).toThrow('--window takes');
  });
});
