/**
 * How hard a chosen master key is to guess: a rough, deliberately pessimistic count of bits. Whoever guesses
 * tries words, names and years first, so a word counts as one pick from a list however long it is.
 */
export type KeyStrength = 'short' | 'guessable' | 'fair' | 'strong';

export interface StrengthView {
  readonly strength: KeyStrength;
  readonly bits: number;
  /** What makes it weak, or what it is; one clause without a full stop. */
  readonly why: string;
}

export const MASTER_KEY_LENGTH_MIN = 12;
const WORD_BITS = 14;
const WORD_LETTERS_MAX = 8;
const LETTER_BITS = 4.7;
const DIGIT_BITS = 3.3;
const SYMBOL_BITS = 5;
const YEAR_BITS = 7;
const FAIR_FROM_BITS = 40;
const STRONG_FROM_BITS = 64;

const RUNS = /\p{L}+|\d+|[^\p{L}\d]+/gu;
const YEAR = /^(?:19|20)\d\d$/;

export function keyStrength(key: string): StrengthView {
  const length = [...key].length;
  if (length < MASTER_KEY_LENGTH_MIN) {
    const missing = MASTER_KEY_LENGTH_MIN - length;
    return {
      strength: 'short',
      bits: 0,
      why: `${missing} more ${missing === 1 ? 'character' : 'characters'} at least`,
    };
  }
  const runs = [...new Set(key.toLowerCase().match(RUNS) ?? [])];
  const changesCase = /\p{Lu}/u.test(key) && /\p{Ll}/u.test(key);
  const bits = Math.floor(runs.reduce((sum, run) => sum + runBits(run), changesCase ? 3 : 0));
  if (bits < FAIR_FROM_BITS) return { strength: 'guessable', bits, why: weakness(runs) };
  if (bits < STRONG_FROM_BITS)
    return { strength: 'fair', bits, why: 'two more unrelated words would make it strong' };
  return { strength: 'strong', bits, why: `about ${bits} bits` };
}

/** A run of one kind of character; one that repeats or counts up adds next to nothing. */
function runBits(run: string): number {
  const letters = [...run];
  if (isPattern(letters)) return WORD_BITS / 2;
  if (YEAR.test(run)) return YEAR_BITS;
  if (/^\d/.test(run)) return Math.min(letters.length, 12) * DIGIT_BITS;
  if (!/^\p{L}/u.test(run)) return letters.length === 1 ? 1 : letters.length * SYMBOL_BITS;
  if (letters.length < 3) return letters.length * LETTER_BITS;
  return WORD_BITS + Math.max(0, letters.length - WORD_LETTERS_MAX) * (LETTER_BITS / 2);
}

function isPattern(letters: readonly string[]): boolean {
  if (letters.length < 3) return false;
  const steps = new Set<number>();
  for (let at = 1; at < letters.length; at++) {
    steps.add((letters[at]?.codePointAt(0) ?? 0) - (letters[at - 1]?.codePointAt(0) ?? 0));
  }
  const step = [...steps][0] ?? 0;
  return steps.size === 1 && Math.abs(step) <= 1;
}

function weakness(runs: readonly string[]): string {
  const words = runs.filter((run) => /^\p{L}{3,}/u.test(run)).length;
  if (runs.some((run) => YEAR.test(run))) return 'a word and a year are tried first; add two unrelated words';
  if (words <= 1) return 'one word with extras is tried first; use four unrelated words';
  return 'words like these are tried first; add two unrelated ones';
}
