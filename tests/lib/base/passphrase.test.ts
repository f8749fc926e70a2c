import { expect, test } from 'vitest';
import { PASSPHRASE_BYTES, passphraseText, passphraseWords } from '../../../lib/base/passphrase.ts';

test('every bit of the random bytes is in the words, so that 96 bits stay 96 bits', () => {
  const seen = new Set<string>([passphraseText(passphraseWords(new Uint8Array(PASSPHRASE_BYTES)))]);
  for (let bit = 0; bit < PASSPHRASE_BYTES * 8; bit++) {
    const bytes = new Uint8Array(PASSPHRASE_BYTES);
    bytes[bit >> 3] = 0x80 >> (bit & 7);
    seen.add(passphraseText(passphraseWords(bytes)));
  }
  expect(seen.size).toBe(PASSPHRASE_BYTES * 8 + 1);
});

test('words are six, of five letters, and can be spoken: consonants and vowels in turn', () => {
  const words = passphraseWords(Uint8Array.from({ length: PASSPHRASE_BYTES }, (_, i) => i * 21 + 3));
  expect(words).toHaveLength(6);
  for (const word of words)
    expect(word).toMatch(/^[bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]$/);
});

test('the encoding is the published one: 127.0.0.1 is lusab-babad', () => {
  const bytes = new Uint8Array(PASSPHRASE_BYTES);
  bytes.set([127, 0, 0, 1]);
  expect(passphraseWords(bytes).slice(0, 2)).toEqual(['lusab', 'babad']);
});

test('too few random bytes are refused instead of making a weaker key', () => {
  expect(() => passphraseWords(new Uint8Array(8))).toThrow(RangeError);
});
