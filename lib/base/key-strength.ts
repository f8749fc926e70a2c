/** How hard a chosen master key is to guess, as everybody is told it. The judging itself is the server's. */
export const KEY_STRENGTHS = ['short', 'guessable', 'fair', 'strong'] as const;
export type KeyStrength = (typeof KEY_STRENGTHS)[number];

export const MASTER_KEY_LENGTH_MIN = 12;

/** By zxcvbn's score: 0 to 4, how many guesses it takes who knows how people choose. */
export function strengthOfScore(score: number): KeyStrength {
  if (score < 3) return 'guessable';
  return score < 4 ? 'fair' : 'strong';
}

export interface StrengthView {
  readonly strength: KeyStrength;
  /** What makes it weak, or what it is; one clause without a full stop. */
  readonly why: string;
}

/** How many more characters a key needs; null when it has enough. Characters are what people count. */
export function tooShort(key: string): StrengthView | null {
  const missing = MASTER_KEY_LENGTH_MIN - [...key].length;
  if (missing <= 0) return null;
  return { strength: 'short', why: `${missing} more ${missing === 1 ? 'character' : 'characters'} at least` };
}
