/** The admin key of an account's organisation: what can tell usage and cost, and so is guarded like the account's own. */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutAccount } from '../../../lib/audit/deeds.ts';
import type { AdminKeySetInput, ProviderListView } from '../../../lib/wire/provider-views.ts';
import { forgetProvider } from '../../db/provider-figures.ts';
import type { Db } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ChangeAccountDeps } from '../accounts/account-store.ts';
import { changeAccount } from '../accounts/change-account.ts';
import { findByRef } from '../find-by-ref.ts';
import { type StepUpDeps, stepUp } from '../session/try-master-key.ts';
import { listProviders } from './reconcile.ts';

export interface AdminKeyDeps extends ChangeAccountDeps {
  readonly db: Db;
  readonly vault: ChangeAccountDeps['vault'] & Pick<Vault, 'seal' | 'verify'>;
  readonly throttle: StepUpDeps['throttle'];
  readonly audit: StepUpDeps['audit'];
}

/** Throws `account_not_found`, `step_up_required`, `wrong_master_key`. */
export async function setAdminKey(
  deps: AdminKeyDeps,
  { ref, adminKey, masterKey }: AdminKeySetInput,
  actor: Actor,
): Promise<ProviderListView> {
  const row = findByRef(await deps.accounts.list(), ref, 'account', 'account_not_found');
  const subject = aboutAccount(actor, row);
  await stepUp(deps, masterKey, "To change an organisation's admin key", subject);
  const sealed =
    adminKey === null
      ? null
      : deps.vault.seal({ table: 'accounts', rowId: row.id, column: 'sealed_admin_key' }, adminKey);
  await changeAccount(
    deps,
    row,
    { sealed_admin_key: sealed },
    {
      entry: (changed) => ({
        ...subject,
        deed: 'account.edited',
        detail: { changed: [...changed, 'admin key'], movedTo: null },
      }),
      fresh: false,
      forget: false,
    },
  );
  // What another key told may be another organisation's.
  await forgetProvider(deps.db, row.id);
  return listProviders(deps);
}
