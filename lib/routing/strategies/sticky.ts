/**
 * Rendezvous hashing: every (session, account) pair has a fixed rank, and the highest ranked candidate serves.
 * An account that comes or goes moves only the sessions that must move. Calls without a session go by the seed.
 */
import { mixHash, type Scored, type StrategyContext } from './strategy.ts';

export function sticky<T extends Scored>(candidates: readonly T[], { session, seed }: StrategyContext): T[] {
  const salt = session === null ? seed : mixHash(session, 0);
  return candidates
    .map((scored) => ({ scored, rank: mixHash(scored.upstream.account.id, salt) }))
    .sort((a, b) => b.rank - a.rank || (a.scored.upstream.account.id < b.scored.upstream.account.id ? -1 : 1))
    .map(({ scored }) => scored);
}
