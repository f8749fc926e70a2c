/**
 * Changing a client key; only what is named changes, and it holds from the next call. What gives the key more than
 * it had needs the master key in the same request. Its value never changes: for another one, make another key.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutClientKey } from '../../../lib/audit/deeds.ts';
import type { AccountId } from '../../../lib/base/id.ts';
import type { ClientKey } from '../../../lib/clients/client-key.ts';
import { widened } from '../../../lib/clients/widened.ts';
import { CamError } from '../../../lib/errors.ts';
import type { ClientEditInput } from '../../../lib/wire/inputs.ts';
import type { ClientKeyView } from '../../../lib/wire/views.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { type StepUpDeps, stepUp } from '../session/try-master-key.ts';
import { accountIds, refuseTaken } from './add.ts';
import { clientKeyRow, keyringEntryOf } from './client-key-row.ts';
import { type ChangeClientDeps, findLivingClient } from './living-client.ts';

export interface EditClientDeps extends ChangeClientDeps {
  readonly vault: ChangeClientDeps['vault'] & StepUpDeps['vault'];
  readonly throttle: StepUpDeps['throttle'];
  readonly audit: StepUpDeps['audit'];
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly reloadKeyring: () => Promise<void>;
  readonly viewOf: (id: string) => Promise<ClientKeyView>;
}

export async function editClient(
  deps: EditClientDeps,
  input: ClientEditInput,
  actor: Actor,
): Promise<ClientKeyView> {
  const row = await findLivingClient(deps, input.ref);
  const before = keyringEntryOf(deps.vault, row).clientKey;
  const after = await changed(deps, before, input);
  const nowMs = deps.clock.nowMs();
  if (after.expiresAtMs !== null && after.expiresAtMs !== before.expiresAtMs && after.expiresAtMs <= nowMs) {
    throw new CamError('invalid_request', 'To end a key now, revoke it.', { param: 'expiresAtMs' });
  }
  if (after.name !== before.name) await refuseTaken(deps.clientKeys, after.name, row.id);
  const raised = widened(before, after);
  const subject = aboutClientKey(actor, before);
  if (raised.length > 0)
    await stepUp(deps, input.masterKey, 'To give a client key more than it had', subject);
  const fields = changedFields(before, after);
  const next = clientKeyRow(deps.vault, after, row.digest);
  await deps.clientKeys.replace(next, {
    ...subject,
    deed: 'client_key.edited',
    detail: { changed: fields, raised },
  });
  await deps.reloadKeyring();
  deps.ledger.event({
    atMs: nowMs,
    kind: 'client_key.edited',
    accountId: null,
    requestId: null,
    data: { name: after.name, changed: fields, raised },
  });
  deps.changes.made();
  return deps.viewOf(row.id);
}

async function changed(
  deps: Pick<EditClientDeps, 'accounts'>,
  before: ClientKey,
  input: ClientEditInput,
): Promise<ClientKey> {
  const { accounts, expiresAtMs, serviceTiers, reasoningEfforts } = input;
  return {
    ...before,
    name: input.name ?? before.name,
    accounts: accounts ? await tiedTo(deps, before, accounts) : orBefore(accounts, before.accounts),
    models: input.models ?? before.models,
    scopes: input.scopes ?? before.scopes,
    limits: input.limits ?? before.limits,
    serviceTiers: orBefore(serviceTiers, before.serviceTiers),
    reasoningEfforts: orBefore(reasoningEfforts, before.reasoningEfforts),
    expiresAtMs: orBefore(expiresAtMs, before.expiresAtMs),
  };
}

/** Null is a value of these: only what was not named stays. */
const orBefore = <T>(named: T | undefined, before: T): T => (named === undefined ? before : named);

/** Accounts that are gone may stay in the list: a key whose last account was removed is tied to none, not to all. */
async function tiedTo(
  { accounts }: Pick<EditClientDeps, 'accounts'>,
  before: ClientKey,
  refs: readonly string[],
): Promise<readonly AccountId[]> {
  const kept = (before.accounts ?? []).filter((id) => refs.includes(id));
  const others = refs.filter((ref) => !kept.some((id) => id === ref));
  return [...new Set([...kept, ...(await accountIds(accounts, others))])];
}

/** Which fields changed, never what they hold. */
function changedFields(before: ClientKey, after: ClientKey): string[] {
  const names = Object.keys(after) as (keyof ClientKey)[];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
