import { expect, test } from 'vitest';
import { strengthOfScore, tooShort } from '../../../lib/base/key-strength.ts';

test('a key that is too short is told how many characters are missing', () => {
  expect(tooShort('elevenchars')).toMatchObject({ strength: 'short', why: '1 more character at least' });
  expect(tooShort('')).toMatchObject({ strength: 'short', why: '12 more characters at least' });
  expect(tooShort('twelve chars')).toBeNull();
});

test('characters are counted as people count them', () => {
  expect(tooShort('🔑'.repeat(11))?.strength).toBe('short');
  expect(tooShort('🔑'.repeat(12))).toBeNull();
});

test('every score below 3 is called guessable', () => {
  expect([0, 1, 2, 3, 4].map(strengthOfScore)).toEqual([
    'guessable',
    'guessable',
    'guessable',
    'fair',
    'strong',
  ]);
});
