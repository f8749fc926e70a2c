/**
 * After an answer was committed: where the conversation, the response and the conversation object live now.
 */
import type { AccountId } from '../../lib/base/id.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { homeAfter } from '../../lib/routing/home-after.ts';
import { organizationOf } from '../../lib/routing/limit-group.ts';
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
    homes.set(session.hash, homeAfter(served, pinned, pinned && upstream(pinned.accountId)));
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
