import { expect, test } from 'vitest';
import { keyStrength } from '../../../lib/base/key-strength.ts';
import { passphraseText, passphraseWords } from '../../../lib/base/passphrase.ts';

test('a key that is too short is told how many characters are missing', () => {
  expect(keyStrength('elevenchars')).toMatchObject({ strength: 'short', why: '1 more character at least' });
  expect(keyStrength('').strength).toBe('short');
});

test.each([
  'summer2026acme',
  'passwordpassword',
  'aaaaaaaaaaaaaaaaaaaa',
  '123456789012',
  'Correcthorse1!',
  'abcdefghijklmnop',
])('%s is called guessable, with a reason', (key) => {
  const view = keyStrength(key);
  expect(view.strength).toBe('guessable');
  expect(view.why.length).toBeGreaterThan(10);
});

test('four unrelated words are fair and six are strong', () => {
  expect(keyStrength('harbor velvet ninety quartz').strength).toBe('fair');
  expect(keyStrength('harbor velvet ninety quartz meadow cobalt').strength).toBe('strong');
});

test('a generated key is strong', () => {
  const random = Uint8Array.from({ length: 12 }, (_, i) => (i * 97 + 31) % 256);
  expect(keyStrength(passphraseText(passphraseWords(random))).strength).toBe('strong');
});

test('a long mixture from a password manager is strong', () => {
  expect(keyStrength('x7K-q9Z_m2Wp4rT!v8Ls').strength).toBe('strong');
});
