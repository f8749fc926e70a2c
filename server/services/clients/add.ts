/** Making a client key, or registering a value of the operator's own. Its text is in the answer and nowhere else. */
import { accountNameKey } from '../../../lib/accounts/account.ts';
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutClientKey } from '../../../lib/audit/deeds.ts';
import { type AccountId, accountId, clientKeyId } from '../../../lib/base/id.ts';
import { reveal, type Secret } from '../../../lib/base/secret.ts';
import type { Clock } from '../../../lib/base/time.ts';
import type { ClientKey, ClientScope } from '../../../lib/clients/client-key.ts';
import { PLAYGROUND_NAME } from '../../../lib/clients/playground.ts';
import { CamError } from '../../../lib/errors.ts';
import type { ClientAddInput } from '../../../lib/wire/inputs.ts';
import type { ClientKeyAddedView, ClientKeyView } from '../../../lib/wire/views.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import { adoptClientKey, mintClientKey, type NewClientKey } from '../../vault/client-key-minting.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { findByRef } from '../find-by-ref.ts';
import type { Changes } from '../live/changes.ts';
import { clientKeyRow } from './client-key-row.ts';
import type { ClientKeyStore } from './client-key-store.ts';

export interface AddClientDeps {
  readonly clientKeys: ClientKeyStore;
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly vault: Pick<Vault, 'rowMac' | 'clientKeyDigest'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: (bytes: number) => Uint8Array;
  readonly newId: () => string;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly changes: Pick<Changes, 'made'>;
  /** Lets the gateway know. */
  readonly reloadKeyring: () => Promise<void>;
  readonly viewOf: (id: string) => Promise<ClientKeyView>;
}

const DEFAULT_SCOPES: readonly ClientScope[] = ['inference'];

export async function addClient(
  deps: AddClientDeps,
  input: ClientAddInput,
  actor: Actor,
): Promise<ClientKeyAddedView> {
  const nowMs = deps.clock.nowMs();
  if (input.expiresAtMs && input.expiresAtMs <= nowMs) {
    throw new CamError('invalid_request', 'A key that has expired already would be of no use.', {
      param: 'expiresAtMs',
    });
  }
  await refuseTaken(deps.clientKeys, input.name);
  const accounts = input.accounts ? await accountIds(deps.accounts, input.accounts) : null;
  const made = input.value ? adoptClientKey(input.value) : mintClientKey(deps.random);
  const clientKey = newClientKey(deps, made, { ...input, accounts });
  await storeClientKey(deps, clientKey, made.key, actor);
  await deps.reloadKeyring();
  deps.changes.made();
  return { clientKey: await deps.viewOf(clientKey.id), key: reveal(made.key) };
}

interface Grants {
  readonly name: string;
  readonly accounts: readonly AccountId[] | null;
  readonly models?: ClientKey['models'] | undefined;
  readonly scopes?: ClientKey['scopes'] | undefined;
  readonly limits?: ClientKey['limits'] | undefined;
  readonly serviceTiers?: ClientKey['serviceTiers'] | undefined;
  readonly reasoningEfforts?: ClientKey['reasoningEfforts'] | undefined;
  readonly expiresAtMs?: number | null | undefined;
}

export function newClientKey(
  deps: Pick<AddClientDeps, 'clock' | 'newId'>,
  made: NewClientKey,
  grants: Grants,
): ClientKey {
  return {
    id: clientKeyId(deps.newId()),
    name: grants.name,
    prefix: made.prefix,
    guessable: made.guessable,
    accounts: grants.accounts,
    models: grants.models ?? [],
    scopes: grants.scopes ?? DEFAULT_SCOPES,
    limits: grants.limits ?? {},
    serviceTiers: grants.serviceTiers ?? null,
    reasoningEfforts: grants.reasoningEfforts ?? null,
    expiresAtMs: grants.expiresAtMs ?? null,
    revokedAtMs: null,
    createdAtMs: deps.clock.nowMs(),
  };
}

export async function storeClientKey(
  deps: Pick<AddClientDeps, 'clientKeys' | 'vault' | 'ledger' | 'clock'>,
  clientKey: ClientKey,
  key: Secret,
  actor: Actor,
): Promise<void> {
  const digest = deps.vault.clientKeyDigest(key);
  const known = await deps.clientKeys.findByDigest(digest);
  if (known) {
    const revoked = known.revoked_at_ms !== null;
    throw new CamError(
      'conflict',
      revoked
        ? `This value was revoked (${known.name}), and a revoked value stays revoked.`
        : `This value is registered already, as ${known.name}.`,
      { param: 'value' },
    );
  }
  await deps.clientKeys.insert(clientKeyRow(deps.vault, clientKey, digest), {
    ...aboutClientKey(actor, clientKey),
    deed: 'client_key.added',
    detail: { guessable: clientKey.guessable },
  });
  deps.ledger.event({
    atMs: deps.clock.nowMs(),
    kind: 'client_key.added',
    accountId: null,
    requestId: null,
    data: { name: clientKey.name, guessable: clientKey.guessable },
  });
}

/** @param own the id of the key that is being renamed */
export async function refuseTaken(
  clientKeys: Pick<ClientKeyStore, 'list'>,
  name: string,
  own?: string,
): Promise<void> {
  const nameKey = accountNameKey(name);
  if (nameKey === accountNameKey(PLAYGROUND_NAME))
    throw new CamError('conflict', "The dashboard's own calls are booked under this name.", {
      param: 'name',
    });
  const other = (await clientKeys.list()).find(
    (row) => row.name_key === nameKey && row.revoked_at_ms === null && row.id !== own,
  );
  if (other)
    throw new CamError('conflict', `There is a client key called ${other.name} already.`, { param: 'name' });
}

export async function accountIds(
  accounts: Pick<AccountStore, 'list'>,
  refs: readonly string[],
): Promise<AccountId[]> {
  const rows = await accounts.list();
  return [...new Set(refs.map((ref) => accountId(findByRef(rows, ref, 'account', 'account_not_found').id)))];
}
