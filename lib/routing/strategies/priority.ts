/** Lowest priority number first; inside one number, least utilised. */
import { byUse, rotated } from './least-utilized.ts';
import { sortedHead } from './sorted-head.ts';
import type { Scored, StrategyContext } from './strategy.ts';

export function priority<T extends Scored>(candidates: readonly T[], { seed }: StrategyContext): T[] {
  return sortedHead(
    rotated(candidates, seed),
    (a, b) => a.upstream.account.priority - b.upstream.account.priority || byUse(a, b),
  );
}
