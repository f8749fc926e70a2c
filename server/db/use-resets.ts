/** From when on the use of a window counts, as stored. No figure is in it: figures are sums over the ledger. */
import type { Db, UseResetRow } from './schema.ts';

export function listUseResets(db: Db): Promise<UseResetRow[]> {
  return db.selectFrom('use_resets').selectAll().execute();
}

/** Writes these and forgets those that are too old to matter; in a transaction of the caller's. */
export async function replaceUseResets(
  transaction: Db,
  rows: readonly UseResetRow[],
  forgetBeforeMs: number,
): Promise<void> {
  await transaction.deleteFrom('use_resets').where('counted_since_ms', '<', forgetBeforeMs).execute();
  for (const row of rows) {
    const { counted_since_ms, mac } = row;
    await transaction
      .insertInto('use_resets')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['holder_id', 'limit_window']).doUpdateSet({ counted_since_ms, mac }),
      )
      .execute();
  }
}
