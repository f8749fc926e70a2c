/**
 * Adding an account: is the name free, the destination allowed, the key new; does the provider accept it; then
 * it is sealed and stored, and serves from the next call on. A key that is refused is not stored.
 */
import type { Account, AccountFacts, SealedAccount } from '../../../lib/accounts/account.ts';
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutAccount } from '../../../lib/audit/deeds.ts';
import { lastFour, type Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import type { AccountAddedView, AccountCheckView, AccountView } from '../../../lib/wire/account-views.ts';
import type { AccountAddInput } from '../../../lib/wire/inputs.ts';
import type { AccountRow } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { accountColumns, NOTHING_LEARNED, withAccountMac } from './account-row.ts';
import type { ChangeAccountDeps } from './account-store.ts';
import { type CheckKeyDeps, draftAccount, sealedUnder } from './check.ts';
import { refuseDuplicateKey, refuseTakenName, sameKey } from './duplicates.ts';

export interface AddAccountDeps extends ChangeAccountDeps, CheckKeyDeps {
  readonly vault: Pick<Vault, 'rowMac' | 'rowMacMatches' | 'opens' | 'seal' | 'accountKeyFingerprint'>;
  readonly clock: ChangeAccountDeps['clock'];
}

export async function addAccount(
  deps: AddAccountDeps,
  input: AccountAddInput,
  actor: Actor,
): Promise<AccountAddedView> {
  const rows = await deps.accounts.list();
  refuseTakenName(rows, input.name, null);
  const account = draftAccount(deps, input);
  const fingerprint = deps.vault.accountKeyFingerprint(input.key);
  refuseDuplicateKey(rows, { ...account, fingerprint }, null);
  const check = input.check
    ? await acceptedCheck(deps, sealedUnder(deps.vault, account, input.key))
    : SKIPPED;
  // Sealed last: while the provider was asked, the vault may have got another data key.
  const sealed = sealedUnder(deps.vault, account, input.key);
  const row = newRow(deps, account, sealed.sealedKey, fingerprint, input.key);
  await deps.accounts.insert(row, {
    ...aboutAccount(actor, account),
    deed: 'account.added',
    detail: { verdict: check.verdict, baseUrl: account.baseUrl },
  });
  const facts = learnedFrom(check, deps.clock.nowMs());
  if (facts !== NOTHING_LEARNED) await deps.accounts.saveFacts(row.id, facts);
  deps.pool.put(account.id, { account: sealed, facts, health: null });
  deps.ledger.event({
    atMs: deps.clock.nowMs(),
    kind: 'account.added',
    accountId: account.id,
    requestId: null,
    data: { name: account.name, verdict: check.verdict },
  });
  deps.changes.made();
  const view = await deps.viewOf(row.id);
  return { account: view, check, notes: notes(view, sameKey(rows, fingerprint, row.id)) };
}

const SKIPPED: AccountCheckView = {
  ok: true,
  verdict: 'skipped',
  message: 'The provider was not asked whether it accepts the key.',
  status: null,
  durationMs: null,
  organization: null,
  project: null,
  modelIds: null,
  headerLimits: {},
};

async function acceptedCheck(deps: CheckKeyDeps, sealed: SealedAccount): Promise<AccountCheckView> {
  const check = await deps.checkAccount(sealed);
  if (check.ok) return check;
  throw new CamError('account_check_failed', `${check.message} Nothing was added.`, {
    details: { verdict: check.verdict, status: check.status },
    hint:
      check.verdict === 'refused'
        ? 'Copy the key again: a provider shows it only once, when it is made.'
        : 'Adding it without the check is possible: `--no-check`, or the switch on the page.',
  });
}

function newRow(
  deps: AddAccountDeps,
  account: Account,
  sealedKey: Uint8Array,
  fingerprint: Uint8Array,
  key: Secret,
): AccountRow {
  return withAccountMac(deps.vault, {
    ...accountColumns(account),
    sealed_key: sealedKey,
    sealed_admin_key: null,
    key_fingerprint: fingerprint,
    key_last_four: lastFour(key),
    updated_at_ms: account.createdAtMs,
    deleted_at_ms: null,
  });
}

export function learnedFrom(check: AccountCheckView, nowMs: number): AccountFacts {
  if (check.status === null) return NOTHING_LEARNED;
  return {
    organization: check.organization,
    project: check.project,
    modelIds: check.modelIds,
    checkedAtMs: nowMs,
  };
}

function notes(account: AccountView, twins: readonly AccountRow[]): string[] {
  const shared = account.sharesLimitsWith;
  return [
    ...(shared.length === 0 ? [] : [`It shares limits with ${shared.join(', ')}: no help on 429.`]),
    ...twins.map(
      (twin) => `It has the same key as ${twin.name}, for another organisation, project or address.`,
    ),
    ...(account.allowLocal ? ['Its calls may go to addresses of this computer and network.'] : []),
  ];
}
