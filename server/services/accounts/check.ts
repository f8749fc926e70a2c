/** Asking the provider about a key that is not stored: sealed for the moment of the question only. */
import { type Account, DEFAULT_BASE_URL, type SealedAccount } from '../../../lib/accounts/account.ts';
import { accountId } from '../../../lib/base/id.ts';
import type { Secret } from '../../../lib/base/secret.ts';
import type { Clock } from '../../../lib/base/time.ts';
import type { AccountCheckView } from '../../../lib/wire/account-views.ts';
import type { AccountCheckInput } from '../../../lib/wire/inputs.ts';
import type { CheckAccount } from '../../upstream/check-account.ts';
import type { Vault } from '../../vault/vault.ts';
import { type CheckDestination, plainBaseUrl, providerAt } from './destination.ts';

export interface CheckKeyDeps {
  readonly vault: Pick<Vault, 'seal'>;
  readonly checkDestination: CheckDestination;
  readonly checkAccount: CheckAccount;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** A new account id. */
  readonly newId: () => string;
}

export async function checkKey(deps: CheckKeyDeps, input: AccountCheckInput): Promise<AccountCheckView> {
  const account = draftAccount(deps, { ...input, name: 'unnamed' });
  return deps.checkAccount(sealedUnder(deps.vault, account, input.key));
}

export type DraftInput = Omit<AccountCheckInput, 'key'> &
  Partial<Pick<Account, 'models' | 'priority' | 'weight' | 'limits'>> & { readonly name: string };

export const DEFAULT_PRIORITY = 100;
export const DEFAULT_WEIGHT = 1;

/** A new account's value with every default. Throws `base_url_refused`. */
export function draftAccount(
  deps: Pick<CheckKeyDeps, 'checkDestination' | 'clock' | 'newId'>,
  input: DraftInput,
): Account {
  const baseUrl = plainBaseUrl(input.baseUrl ?? DEFAULT_BASE_URL);
  const allowLocal = input.allowLocal ?? false;
  deps.checkDestination({ baseUrl, allowLocal });
  return {
    id: accountId(deps.newId()),
    name: input.name,
    provider: providerAt(baseUrl),
    baseUrl,
    allowLocal,
    organizationId: input.organizationId ?? null,
    projectId: input.projectId ?? null,
    models: input.models ?? [],
    priority: input.priority ?? DEFAULT_PRIORITY,
    weight: input.weight ?? DEFAULT_WEIGHT,
    enabled: true,
    limits: input.limits ?? {},
    priceMultiplier: 1,
    createdAtMs: deps.clock.nowMs(),
  };
}

export function sealedUnder(vault: Pick<Vault, 'seal'>, account: Account, key: Secret): SealedAccount {
  const sealedKey = vault.seal({ table: 'accounts', rowId: account.id, column: 'sealed_key' }, key);
  return { ...account, sealedKey, intact: true };
}
