/**
 * Removing an account: its secret is deleted for good, a tombstone stays so that lists, totals and exports agree.
 * It works on a quarantined row too: that is the way to be rid of one.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutAccount } from '../../../lib/audit/deeds.ts';
import { accountId } from '../../../lib/base/id.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import type { AccountRow } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { withAccountMac } from './account-row.ts';
import type { ChangeAccountDeps } from './account-store.ts';
import { findAccount } from './change-account.ts';

export type RemoveAccountDeps = Omit<ChangeAccountDeps, 'viewOf'>;

export async function removeAccount(deps: RemoveAccountDeps, { ref }: RefInput, actor: Actor): Promise<void> {
  const row = await findAccount(deps.accounts, ref);
  const nowMs = deps.clock.nowMs();
  deps.pool.put(accountId(row.id), null);
  await deps.accounts.replace(tombstoneOf(deps.vault, row, nowMs), {
    ...aboutAccount(actor, row),
    deed: 'account.removed',
    detail: {},
  });
  deps.ledger.event({
    atMs: nowMs,
    kind: 'account.removed',
    accountId: accountId(row.id),
    requestId: null,
    data: { name: row.name },
  });
  deps.changes.made();
}

export function tombstoneOf(vault: Pick<Vault, 'rowMac'>, row: AccountRow, nowMs: number): AccountRow {
  return withAccountMac(vault, {
    ...row,
    enabled: 0,
    sealed_key: null,
    sealed_admin_key: null,
    key_fingerprint: null,
    key_last_four: null,
    updated_at_ms: nowMs,
    deleted_at_ms: nowMs,
  });
}
