/** The client keys as stored: digests, never keys. Revoked ones stay, so that a revoked value stays revoked. */
import { INSERTION_ORDER } from './insertion-order.ts';
import { refusing } from './name-taken.ts';
import type { ClientKeyRow, Db } from './schema.ts';

const TAKEN = 'There is a client key of this name or value already.';

/** With the revoked ones, in the order in which they were made. */
export function listClientKeyRows(db: Db): Promise<ClientKeyRow[]> {
  return db.selectFrom('client_keys').selectAll().orderBy('created_at_ms').orderBy(INSERTION_ORDER).execute();
}

export async function findClientKeyByDigest(db: Db, digest: Uint8Array): Promise<ClientKeyRow | null> {
  const query = db.selectFrom('client_keys').selectAll().where('digest', '=', digest);
  return (await query.executeTakeFirst()) ?? null;
}

/** Throws `conflict` when the name is in use or the value was registered before, be it revoked. */
export async function insertClientKeyRow(db: Db, row: ClientKeyRow): Promise<void> {
  await refusing(db.insertInto('client_keys').values(row).execute(), 'conflict', TAKEN);
}

/** Replaces every column. Answers whether there is such a key. Throws `conflict`. */
export async function replaceClientKeyRow(db: Db, { id, ...columns }: ClientKeyRow): Promise<boolean> {
  const query = db.updateTable('client_keys').set(columns).where('id', '=', id);
  const { numUpdatedRows } = await refusing(query.executeTakeFirst(), 'conflict', TAKEN);
  return numUpdatedRows > 0n;
}
