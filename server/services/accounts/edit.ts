/**
 * Changing an account; only what is named changes. Where its calls go decides who gets its key: for that the
 * key itself and the master key are needed in the same request, so that a borrowed sign-in cannot lead a key away.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { type AuditSubject, aboutAccount } from '../../../lib/audit/deeds.ts';
import { lastFour, type Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import type { AccountEditInput } from '../../../lib/wire/inputs.ts';
import type { AccountRow } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { findByRef } from '../find-by-ref.ts';
import { type StepUpDeps, stepUp } from '../session/try-master-key.ts';
import { type AccountDraft, accountColumns, accountOf } from './account-row.ts';
import type { ChangeAccountDeps } from './account-store.ts';
import { changeAccount } from './change-account.ts';
import { type CheckDestination, plainBaseUrl, providerAt } from './destination.ts';
import { refuseDuplicateKey, refuseTakenName } from './duplicates.ts';

export interface EditAccountDeps extends ChangeAccountDeps {
  readonly vault: Pick<
    Vault,
    'rowMac' | 'rowMacMatches' | 'opens' | 'seal' | 'accountKeyFingerprint' | 'verify'
  >;
  readonly throttle: StepUpDeps['throttle'];
  readonly audit: StepUpDeps['audit'];
  readonly checkDestination: CheckDestination;
}

export async function editAccount(
  deps: EditAccountDeps,
  input: AccountEditInput,
  actor: Actor,
): Promise<AccountView> {
  const rows = await deps.accounts.list();
  const row = findByRef(rows, input.ref, 'account', 'account_not_found');
  const before = accountOf(row);
  const baseUrl = input.baseUrl === undefined ? before.baseUrl : plainBaseUrl(input.baseUrl);
  const account = {
    ...before,
    baseUrl,
    provider: baseUrl === before.baseUrl ? before.provider : providerAt(baseUrl),
    allowLocal: input.allowLocal ?? before.allowLocal,
    name: input.name ?? before.name,
    organizationId: input.organizationId === undefined ? before.organizationId : input.organizationId,
    projectId: input.projectId === undefined ? before.projectId : input.projectId,
    models: input.models ?? before.models,
    priority: input.priority ?? before.priority,
    weight: input.weight ?? before.weight,
    limits: input.limits ?? before.limits,
  };
  if (account.name !== before.name) refuseTakenName(rows, account.name, row.id);
  const moves = account.baseUrl !== before.baseUrl || account.allowLocal !== before.allowLocal;
  const subject = aboutAccount(actor, before);
  if (moves) await allowMove(deps, input, account, subject);
  const fingerprint = input.key ? deps.vault.accountKeyFingerprint(input.key) : row.key_fingerprint;
  if (fingerprint !== null && (input.key || moves))
    refuseDuplicateKey(rows, { ...account, fingerprint }, row.id);
  const columns = {
    ...accountColumns(account),
    ...(input.key ? keyColumns(deps, row, input.key, fingerprint) : {}),
  };
  const elsewhere =
    moves || account.organizationId !== before.organizationId || account.projectId !== before.projectId;
  return changeAccount(deps, row, columns, {
    entry: (changed) => ({
      ...subject,
      deed: 'account.edited',
      detail: { changed, movedTo: moves ? account.baseUrl : null },
    }),
    fresh: input.key !== undefined,
    forget: elsewhere || input.key !== undefined,
  });
}

async function allowMove(
  deps: EditAccountDeps,
  input: AccountEditInput,
  to: { readonly baseUrl: string; readonly allowLocal: boolean },
  subject: AuditSubject,
): Promise<void> {
  if (input.key === undefined) {
    throw new CamError(
      'step_up_required',
      "To change where an account's calls go, its key is needed again.",
      {
        param: 'key',
      },
    );
  }
  await stepUp(deps, input.masterKey, "To change where an account's calls go", subject);
  deps.checkDestination(to);
}

function keyColumns(
  deps: EditAccountDeps,
  row: AccountRow,
  key: Secret,
  fingerprint: Uint8Array | null,
): Partial<AccountDraft> {
  return {
    sealed_key: deps.vault.seal({ table: 'accounts', rowId: row.id, column: 'sealed_key' }, key),
    key_fingerprint: fingerprint,
    key_last_four: lastFour(key),
  };
}
