/**
 * Rendezvous hashing: every (session, account) pair has a fixed rank, and the highest ranked candidate serves.
 * An account that comes or goes moves only the sessions that must move. Calls without a session go by the seed.
 */
import { sortedHead } from './sorted-head.ts';
import { finished, mixHash, type Scored, type StrategyContext } from './strategy.ts';

export function sticky<T extends Scored>(candidates: readonly T[], { session, seed }: StrategyContext): T[] {
  const salt = session === null ? seed : mixHash(session, 0);
  // Places instead of objects: of a thousand accounts each call would make and throw away as many.
  const ranks = new Uint32Array(candidates.length);
  const places: number[] = [];
  for (let at = 0; at < candidates.length; at++) {
    ranks[at] = finished((candidates[at]?.lot ?? 0) ^ salt);
    places.push(at);
  }
  const ordered = sortedHead(
    places,
    (a, b) => (ranks[b] ?? 0) - (ranks[a] ?? 0) || (idOf(candidates[a]) < idOf(candidates[b]) ? -1 : 1),
  );
  const result: T[] = [];
  for (const at of ordered) {
    const one = candidates[at];
    if (one !== undefined) result.push(one);
  }
  return result;
}

const idOf = (scored: Scored | undefined): string => scored?.upstream.account.id ?? '';
