/**
 * After an answer was committed: where the conversation, the response and the conversation object live now.
 * A temporary failover does not move a conversation for good; it only notes which organisation served last,
 * because that one sealed the newest reasoning.
 */
import type { AccountId } from '../../lib/base/id.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { organizationOf, sealerOf } from '../../lib/routing/limit-group.ts';
import type { Upstream } from '../../lib/routing/upstream.ts';
import type { SessionHomes } from '../db/session-homes.ts';
import { conversationKey, responseKey, sealedKey } from './plan-call.ts';

type Homes = Pick<SessionHomes, 'get' | 'set'>;

export function rememberHome(
  call: Call,
  caller: Caller,
  served: Upstream,
  upstream: (id: AccountId) => Upstream | null,
  homes: Homes,
): void {
  const here = { accountId: served.account.id, organization: organizationOf(served) };
  const { session, facts } = call;
  if (session) {
    const pinned = homes.get(session.hash);
    const stays =
      pinned !== null && pinned.accountId !== here.accountId && isAlive(upstream(pinned.accountId));
    homes.set(session.hash, stays ? { accountId: pinned.accountId, organization: sealerOf(served) } : here);
  } else if (facts?.sealedReasoning) homes.set(sealedKey(caller.clientKeyId, facts.sealedReasoning), here);
  if (facts?.conversation) homes.set(conversationKey(caller.clientKeyId, facts.conversation), here);
}

/** So that `previous_response_id` finds the account that stores it. */
export function rememberResponse(
  call: Call,
  caller: Caller,
  responseId: string | null,
  served: Upstream,
  homes: Homes,
): void {
  if (call.endpoint.family !== 'responses' || responseId === null) return;
  homes.set(responseKey(caller.clientKeyId, responseId), {
    accountId: served.account.id,
    organization: organizationOf(served),
  });
}

function isAlive(upstream: Upstream | null): boolean {
  return upstream?.account.enabled === true && upstream.intact && upstream.credentialRefused === null;
}
