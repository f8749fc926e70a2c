/** Revoking a client key: it holds from the next call, and for good. */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutClientKey } from '../../../lib/audit/deeds.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { RefInput } from '../../../lib/wire/inputs.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { Vault } from '../../vault/vault.ts';
import { findByRef } from '../find-by-ref.ts';
import type { Changes } from '../live/changes.ts';
import { clientKeyRow, keyringEntryOf } from './client-key-row.ts';
import type { ClientKeyStore } from './client-key-store.ts';

export interface RevokeClientDeps {
  readonly clientKeys: ClientKeyStore;
  readonly vault: Pick<Vault, 'rowMac' | 'rowMacMatches'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly changes: Pick<Changes, 'made'>;
  readonly reloadKeyring: () => Promise<void>;
}

export async function revokeClient(deps: RevokeClientDeps, { ref }: RefInput, actor: Actor): Promise<void> {
  const rows = await deps.clientKeys.list();
  const living = rows.filter((row) => row.revoked_at_ms === null);
  const row = findByRef(living.length > 0 ? living : rows, ref, 'client key', 'not_found');
  if (row.revoked_at_ms !== null) {
    throw new CamError('conflict', `${row.name} was revoked already.`, { param: 'ref' });
  }
  const nowMs = deps.clock.nowMs();
  const { clientKey } = keyringEntryOf(deps.vault, row);
  // Signed again even where the row was damaged: a revoked key grants nothing, whatever else the row says.
  const revoked = clientKeyRow(deps.vault, { ...clientKey, revokedAtMs: nowMs }, row.digest);
  await deps.clientKeys.replace(revoked, {
    ...aboutClientKey(actor, row),
    deed: 'client_key.revoked',
    detail: {},
  });
  await deps.reloadKeyring();
  deps.ledger.event({
    atMs: nowMs,
    kind: 'client_key.revoked',
    accountId: null,
    requestId: null,
    data: { name: row.name },
  });
  deps.changes.made();
}
