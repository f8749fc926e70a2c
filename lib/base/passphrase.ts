/**
 * A generated master key as people can read it aloud, write it down and type it again: six words of five
 * letters, each made of 16 random bits as consonant, vowel, consonant, vowel, consonant (a proquint).
 * 96 bits in all. The random bytes are handed in.
 */
const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';

export const PASSPHRASE_BYTES = 12;

/** @param random exactly 12 bytes from a cryptographic source */
export function passphraseWords(random: Uint8Array): readonly string[] {
  if (random.length !== PASSPHRASE_BYTES) {
    throw new RangeError(`a passphrase is made of ${PASSPHRASE_BYTES} random bytes`);
  }
  const words: string[] = [];
  for (let at = 0; at < random.length; at += 2) {
    words.push(wordOf(((random[at] ?? 0) << 8) | (random[at + 1] ?? 0)));
  }
  return words;
}

/** What the words are as one key: the form that is stored in password managers and typed at the prompt. */
export const passphraseText = (words: readonly string[]): string => words.join('-');

function wordOf(bits: number): string {
  const consonant = (shift: number) => CONSONANTS.charAt((bits >> shift) & 0xf);
  const vowel = (shift: number) => VOWELS.charAt((bits >> shift) & 0x3);
  return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0);
}
