/**
 * The accounts, what we learned of them and how they are. Rows go in and out as they are stored; what they mean,
 * and their MACs, is the business of whoever holds the vault.
 */
import { INSERTION_ORDER } from './insertion-order.ts';
import { refusing } from './name-taken.ts';
import type { AccountFactsRow, AccountHealthRow, AccountRow, Db } from './schema.ts';

const NAME_TAKEN = 'There is an account of this name already.';

/** Without tombstones, in the order in which they were added. */
export function listAccountRows(db: Db): Promise<AccountRow[]> {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('deleted_at_ms', 'is', null)
    .orderBy('created_at_ms')
    .orderBy(INSERTION_ORDER)
    .execute();
}

/** Null also for a tombstone. */
export async function findAccountRow(db: Db, id: string): Promise<AccountRow | null> {
  const query = db.selectFrom('accounts').selectAll().where('id', '=', id).where('deleted_at_ms', 'is', null);
  return (await query.executeTakeFirst()) ?? null;
}

/** Throws `account_name_taken`. */
export async function insertAccountRow(db: Db, row: AccountRow): Promise<void> {
  await refusing(db.insertInto('accounts').values(row).execute(), 'account_name_taken', NAME_TAKEN);
}

/**
 * Replaces every column, also for making a tombstone. Answers whether there was such an account; a tombstone
 * stays one. Throws `account_name_taken`.
 */
export async function replaceAccountRow(db: Db, { id, ...columns }: AccountRow): Promise<boolean> {
  const query = db
    .updateTable('accounts')
    .set(columns)
    .where('id', '=', id)
    .where('deleted_at_ms', 'is', null);
  const { numUpdatedRows } = await refusing(query.executeTakeFirst(), 'account_name_taken', NAME_TAKEN);
  return numUpdatedRows > 0n;
}

export function listAccountFacts(db: Db): Promise<AccountFactsRow[]> {
  return db.selectFrom('account_facts').selectAll().execute();
}

/** Nothing happens for an account that is gone by now. */
export async function saveAccountFacts(db: Db, row: AccountFactsRow): Promise<void> {
  if (!(await findAccountRow(db, row.account_id))) return;
  const { account_id: _, ...facts } = row;
  await db
    .insertInto('account_facts')
    .values(row)
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(facts))
    .execute();
}

export function listAccountHealth(db: Db): Promise<AccountHealthRow[]> {
  return db.selectFrom('account_health').selectAll().execute();
}

/** Nothing happens for an account that is gone by now. */
export async function saveAccountHealth(db: Db, row: AccountHealthRow): Promise<void> {
  if (!(await findAccountRow(db, row.account_id))) return;
  const { account_id: _, ...health } = row;
  await db
    .insertInto('account_health')
    .values(row)
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(health))
    .execute();
}
