/**
 * Where a conversation lives after an answer. A temporary failover does not move it for good; it only notes which
 * organisation served last, because that one has the prompt cache and sealed the newest reasoning, and that the
 * conversation now carries reasoning of more than one organisation.
 */
import { modelAllowed } from '../accounts/models-scope.ts';
import { organizationOf, sealerOf } from './limit-group.ts';
import type { Home } from './plan-input.ts';
import type { Upstream } from './upstream.ts';

/** What the call that was answered says of the conversation. */
export interface Turn {
  readonly model: string | null;
  /** It brings encrypted reasoning or a compacted history along. */
  readonly carries: boolean;
  /** Something that a model or a tool has said is in it. */
  readonly continues: boolean;
  /** It names a prompt cache of its own, as the turns of a conversation do and calls beside it do not. */
  readonly keyed: boolean;
  /** Encrypted reasoning was removed from what was sent. */
  readonly removed: boolean;
}

/**
 * @param pinned where it lived until now; null for nowhere
 * @param pinnedTo the account that it lived on, as it is now; null when it is gone
 */
export function homeAfter(
  served: Upstream,
  pinned: Home | null,
  pinnedTo: Upstream | null,
  turn: Turn,
): Home {
  // A call beside the conversation (a title, a summary) says nothing about who served it last.
  const beside = pinned !== null && !turn.carries && !turn.continues && !turn.keyed;
  const elsewhere = pinned !== null && pinned.accountId !== served.account.id;
  const stays = elsewhere && isAlive(pinnedTo) && (beside || mayServe(pinnedTo, turn.model));
  const sealer = stays ? sealerOf(served) : organizationOf(served);
  return {
    accountId: stays ? pinned.accountId : served.account.id,
    organization: beside && (stays || !elsewhere) ? pinned.organization : sealer,
    mixed: turn.carries ? turn.removed : (pinned?.mixed ?? false),
  };
}

function isAlive(upstream: Upstream | null): upstream is Upstream {
  return upstream?.account.enabled === true && upstream.intact && upstream.credentialRefused === null;
}

/** The title of a conversation comes first and may be of a small model that has an account of its own. */
function mayServe({ account }: Upstream, model: string | null): boolean {
  return modelAllowed(account.models, model);
}
