import { describe, expect, test } from 'vitest';
import { fairShare, isCrowded } from '../../../lib/routing/fair-share.ts';

describe('the share of a client key', () => {
  test('is asked about above 80 % of all slots, not at it', () => {
    expect(isCrowded(80, 100)).toBe(false);
    expect(isCrowded(81, 100)).toBe(true);
  });

  test('is the slots by the keys that are active, and never less than two', () => {
    expect(fairShare(100, 4)).toBe(25);
    expect(fairShare(100, 3)).toBe(33);
    expect(fairShare(10, 40)).toBe(2);
  });

  test('is everything for a key that is alone', () => {
    expect(fairShare(10, 1)).toBe(Infinity);
  });
});
