/** Prices that the operator set, as stored. */
import type { Insertable, Selectable } from 'kysely';
import type { Db, OwnPricesTable } from './schema.ts';

export type OwnPriceRow = Selectable<OwnPricesTable>;

export function listOwnPrices(db: Db): Promise<OwnPriceRow[]> {
  return db.selectFrom('own_prices').selectAll().orderBy('model').orderBy('from_day').execute();
}

/** Replaces what was set for this model from this day. */
export async function putOwnPrice(db: Db, row: Insertable<OwnPricesTable>): Promise<void> {
  const { model: _model, from_day: _day, ...figures } = row;
  await db
    .insertInto('own_prices')
    .values(row)
    .onConflict((conflict) => conflict.columns(['model', 'from_day']).doUpdateSet(figures))
    .execute();
}

/** All days of this model, or one. Answers how many there were. */
export async function deleteOwnPrices(db: Db, model: string, fromDay: string | null): Promise<number> {
  let query = db.deleteFrom('own_prices').where('model', '=', model);
  if (fromDay !== null) query = query.where('from_day', '=', fromDay);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}
