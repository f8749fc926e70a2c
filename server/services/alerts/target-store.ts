/** Where alerts are sent: as stored, sealed and signed. One whose row something else changed is sent nothing. */
import { CamError } from '../../../lib/errors.ts';
import { listTargetRows, type TargetRow } from '../../db/alerts.ts';
import type { Db } from '../../db/schema.ts';
import type { MacFields, Vault } from '../../vault/vault.ts';

export type TargetDraft = Omit<TargetRow, 'mac'>;

/** Everything but the MAC itself; what is sealed authenticates its own bytes, and here that it belongs to this row. */
export function targetMacFields({
  id,
  name,
  name_key,
  format,
  origin,
  allow_local,
  created_at_ms,
}: TargetDraft): MacFields {
  return { id, name, name_key, format, origin, allow_local, created_at_ms };
}

export function withTargetMac(vault: Pick<Vault, 'rowMac'>, draft: TargetDraft): TargetRow {
  return { ...draft, mac: vault.rowMac('notification_targets', draft.id, targetMacFields(draft)) };
}

export function isTargetIntact(vault: Pick<Vault, 'rowMacMatches' | 'opens'>, row: TargetRow): boolean {
  const place = { table: 'notification_targets', rowId: row.id } as const;
  return (
    vault.rowMacMatches('notification_targets', row.id, targetMacFields(row), row.mac) &&
    vault.opens({ ...place, column: 'sealed_url' }, row.sealed_url) &&
    (row.sealed_secret === null || vault.opens({ ...place, column: 'sealed_secret' }, row.sealed_secret))
  );
}

/** By name or the beginning of its id. Throws `not_found`. */
export async function findTarget(db: Db, ref: string): Promise<TargetRow> {
  const rows = await listTargetRows(db);
  const wanted = ref.trim().toLowerCase();
  const named = rows.find((row) => row.name_key === wanted);
  const begun = rows.filter(({ id }) => wanted.length >= 4 && id.startsWith(wanted));
  const found = named ?? (begun.length === 1 ? begun[0] : undefined);
  if (found === undefined) throw new CamError('not_found', `Alerts are sent to nothing called "${ref}".`);
  return found;
}
