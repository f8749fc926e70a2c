/** Whether what lies in a copy is what the vault wrote: MACs, and every sealed key opened once and forgotten. */
import { CamError } from '../../../lib/errors.ts';
import type { CopiedRows } from '../../db/copier.ts';
import type { Vault } from '../../vault/vault.ts';
import { isAccountIntact } from '../accounts/account-row.ts';
import { keyringEntryOf } from '../clients/client-key-row.ts';

export interface TriedRows {
  readonly accounts: number;
  readonly clientKeys: number;
  /** Rows that do not verify. */
  readonly damaged: readonly { readonly id: string; readonly name: string }[];
}

/** Throws `vault_damaged` where a row that verifies holds a key that does not open. */
export function tryRows(
  vault: Pick<Vault, 'rowMacMatches' | 'unseal'>,
  { accounts, clientKeys }: Pick<CopiedRows, 'accounts' | 'clientKeys'>,
): TriedRows {
  const damaged: { id: string; name: string }[] = [];
  for (const row of accounts) {
    if (!isAccountIntact(vault, row)) damaged.push(row);
    else if (row.sealed_key !== null) {
      if (row.deleted_at_ms !== null) throw notOurs(row.name);
      vault.unseal({ table: 'accounts', rowId: row.id, column: 'sealed_key' }, row.sealed_key);
      if (row.sealed_admin_key !== null)
        vault.unseal({ table: 'accounts', rowId: row.id, column: 'sealed_admin_key' }, row.sealed_admin_key);
    }
  }
  for (const row of clientKeys) if (!keyringEntryOf(vault, row).intact) damaged.push(row);
  return {
    accounts: accounts.filter((row) => row.deleted_at_ms === null).length,
    clientKeys: clientKeys.filter((row) => row.revoked_at_ms === null).length,
    damaged: damaged.map(({ id, name }) => ({ id, name })),
  };
}

const notOurs = (name: string): CamError =>
  new CamError('vault_damaged', `The removed account ${name} has a key again, which is not our doing.`);
