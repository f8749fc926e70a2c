/**
 * Where a conversation lives after an answer. A temporary failover does not move it for good; it only notes which
 * organisation served last, because that one sealed the newest reasoning.
 */
import { organizationOf, sealerOf } from './limit-group.ts';
import type { Home } from './plan-input.ts';
import type { Upstream } from './upstream.ts';

/**
 * @param pinned where it lived until now; null for nowhere
 * @param pinnedTo the account that it lived on, as it is now; null when it is gone
 */
export function homeAfter(served: Upstream, pinned: Home | null, pinnedTo: Upstream | null): Home {
  const stays = pinned !== null && pinned.accountId !== served.account.id && isAlive(pinnedTo);
  return stays
    ? { accountId: pinned.accountId, organization: sealerOf(served) }
    : { accountId: served.account.id, organization: organizationOf(served) };
}

function isAlive(upstream: Upstream | null): boolean {
  return upstream?.account.enabled === true && upstream.intact && upstream.credentialRefused === null;
}
