/**
 * Rendezvous hashing: every (session, account) pair has a fixed rank, and the highest ranked candidate serves.
 * An account that comes or goes moves only the sessions that must move. Calls without a session go by the seed.
 */
import { sortedHead } from './sorted-head.ts';
import { mixHash, type Scored, type StrategyContext } from './strategy.ts';

/** The last part of a UUID of any version is random; the rest would only cost time. */
const RANDOM_END = 12;

export function sticky<T extends Scored>(candidates: readonly T[], { session, seed }: StrategyContext): T[] {
  const salt = session === null ? seed : mixHash(session, 0);
  const ranks = candidates.map((scored) => ({
    scored,
    rank: mixHash(scored.upstream.account.id.slice(-RANDOM_END), salt),
  }));
  return sortedHead(ranks, byRank).map(({ scored }) => scored);
}

interface Rank {
  readonly scored: Scored;
  readonly rank: number;
}

function byRank(a: Rank, b: Rank): number {
  return b.rank - a.rank || (a.scored.upstream.account.id < b.scored.upstream.account.id ? -1 : 1);
}
