/**
 * Where a conversation lives. A temporary failover does not move it for good; it only notes who sealed its newest
 * reasoning, and that it now carries reasoning of more than one organisation.
 */
import type { AccountId } from '../../lib/base/id.ts';
import type { Call } from '../../lib/calls/call.ts';
import { homeAfter } from '../../lib/routing/home-after.ts';
import { organizationOf, sealerOf } from '../../lib/routing/limit-group.ts';
import type { Upstream } from '../../lib/routing/upstream.ts';
import type { SessionHomes } from '../db/session-homes.ts';

type Homes = Pick<SessionHomes, 'get' | 'set'>;

/**
 * After an answer was committed, before it is shown.
 * @param removed encrypted reasoning was removed from what was sent
 * @returns whether that is news: the same items are removed again on every later turn there, and that is not
 */
export function rememberHome(
  { session, facts, model }: Call,
  served: Upstream,
  removed: boolean,
  upstream: (id: AccountId) => Upstream | null,
  homes: Homes,
): boolean {
  if (!session) return removed;
  const before = homes.get(session.hash);
  const news = removed && !(before?.mixed && before.organization === sealerOf(served));
  const carries = facts !== null && (facts.sealedReasoning !== null || facts.hasCompaction);
  const continues = facts?.continues ?? false;
  const keyed = facts !== null && facts.promptCacheKey !== null;
  const turn = { model, carries, continues, keyed, removed };
  homes.set(session.hash, homeAfter(served, before, before && upstream(before.accountId), turn));
  return news;
}

/** When the answer is over and has sealed something: the next turn brings it along. */
export function rememberSealer({ session }: Call, served: Upstream, homes: Homes): void {
  const home = session && homes.get(session.hash);
  if (!home) return;
  const { accountId, mixed } = home;
  const organization = accountId === served.account.id ? organizationOf(served) : sealerOf(served);
  homes.set(session.hash, { accountId, organization, mixed });
}
