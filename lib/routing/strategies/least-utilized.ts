/**
 * Least utilised first; then fewest calls in flight; then longest unused; then by turns that the seed begins, so
 * that accounts nobody has used yet are not always tried in the same order.
 */
import { sortedHead } from './sorted-head.ts';
import type { Compare, Scored, StrategyContext } from './strategy.ts';

export function leastUtilized<T extends Scored>(candidates: readonly T[], { seed }: StrategyContext): T[] {
  return sortedHead(rotated(candidates, seed), byUse);
}

/** Differences below a hundredth are noise of what is under way; the calls in flight tell more. */
export const byUse: Compare = (a, b) =>
  a.hundredths - b.hundredths ||
  a.upstream.inFlight - b.upstream.inFlight ||
  (a.upstream.lastUsedAtMs ?? 0) - (b.upstream.lastUsedAtMs ?? 0);

/** Sorting keeps the order of equals, so where the list begins decides between them. */
export function rotated<T>(candidates: readonly T[], seed: number): T[] {
  const first = candidates.length === 0 ? 0 : Math.abs(Math.trunc(seed)) % candidates.length;
  return first === 0 ? candidates.slice() : candidates.slice(first).concat(candidates.slice(0, first));
}
