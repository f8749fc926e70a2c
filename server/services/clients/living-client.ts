/** The client key that a change is about: one that is not revoked, and still what we wrote. */
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { ClientKeyRow } from '../../db/schema.ts';
import type { Vault } from '../../vault/vault.ts';
import { findByRef } from '../find-by-ref.ts';
import type { Changes } from '../live/changes.ts';
import { keyringEntryOf } from './client-key-row.ts';
import type { ClientKeyStore } from './client-key-store.ts';

/** What every verb that changes a client key works with. */
export interface ChangeClientDeps {
  readonly clientKeys: ClientKeyStore;
  readonly vault: Pick<Vault, 'rowMac' | 'rowMacMatches'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly changes: Pick<Changes, 'made'>;
}

/** A damaged row is never signed again by accident: that would make an intruder's grants ours. */
export async function findLivingClient(
  deps: Pick<ChangeClientDeps, 'clientKeys' | 'vault'>,
  ref: string,
): Promise<ClientKeyRow> {
  const rows = (await deps.clientKeys.list()).filter((row) => row.revoked_at_ms === null);
  const row = findByRef(rows, ref, 'client key', 'not_found');
  if (keyringEntryOf(deps.vault, row).intact) return row;
  throw new CamError('conflict', `${row.name} was changed in the database by something else.`, {
    hint: 'Revoke it and make another one.',
  });
}
