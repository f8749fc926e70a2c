/** Seeded randomness for the emulator: the same seed and calls give the same ids and texts. */
import { seededRandom } from '../../lib/base/random.ts';

export interface SeededRandom {
  /** 0 ≤ next() < 1 */
  next(): number;
  hex(length: number): string;
}

export function createRandom(seed: number): SeededRandom {
  const next = seededRandom(seed);
  return {
    next,
    hex: (length) => Array.from({ length }, () => Math.floor(next() * 16).toString(16)).join(''),
  };
}
