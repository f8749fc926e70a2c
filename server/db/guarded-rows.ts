/** The rows that the vault guards, in batches, and what of them a rotation writes: seals and MACs, nothing else. */
import type { AccountRow, ClientKeyRow, Db, UseResetRow } from './schema.ts';

/** With the tombstones, by id. */
export function accountRowsAfter(db: Db, after: string, limit: number): Promise<AccountRow[]> {
  return db.selectFrom('accounts').selectAll().where('id', '>', after).orderBy('id').limit(limit).execute();
}

export type AccountSeals = Partial<Pick<AccountRow, 'sealed_key' | 'sealed_admin_key' | 'mac'>>;

export async function updateAccountSeals(db: Db, id: string, seals: AccountSeals): Promise<void> {
  await db.updateTable('accounts').set(seals).where('id', '=', id).execute();
}

export function clientKeyRowsAfter(db: Db, after: string, limit: number): Promise<ClientKeyRow[]> {
  return db
    .selectFrom('client_keys')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function updateClientKeyMac(db: Db, id: string, mac: Uint8Array): Promise<void> {
  await db.updateTable('client_keys').set({ mac }).where('id', '=', id).execute();
}

export async function updateUseResetMac(db: Db, row: UseResetRow): Promise<void> {
  await db
    .updateTable('use_resets')
    .set({ mac: row.mac })
    .where('holder_id', '=', row.holder_id)
    .where('limit_window', '=', row.limit_window)
    .execute();
}
