/**
 * The accounts, what we learned of them and how they are. Rows go in and out as they are stored; what they mean,
 * and their MACs, is the business of whoever holds the vault.
 */
import { refusing } from './name-taken.ts';
import type {
  AccountFactsRow,
  AccountHealthRow,
  AccountPatch,
  AccountRow,
  Db,
  NewAccountRow,
} from './schema.ts';

const NAME_TAKEN = 'There is an account of this name already.';

/** Without tombstones, in the order in which they were added. */
export function listAccountRows(db: Db): Promise<AccountRow[]> {
  return db
    .selectFrom('accounts')
    .selectAll()
    .where('deleted_at_ms', 'is', null)
    .orderBy('created_at_ms')
    .orderBy('id')
    .execute();
}

/** Null also for a tombstone. */
export async function findAccountRow(db: Db, id: string): Promise<AccountRow | null> {
  const query = db.selectFrom('accounts').selectAll().where('id', '=', id).where('deleted_at_ms', 'is', null);
  return (await query.executeTakeFirst()) ?? null;
}

/** Throws `account_name_taken`. */
export async function insertAccountRow(db: Db, row: NewAccountRow): Promise<void> {
  await refusing(db.insertInto('accounts').values(row).execute(), 'account_name_taken', NAME_TAKEN);
}

/** Answers whether there was such an account. Throws `account_name_taken`. */
export async function updateAccountRow(db: Db, id: string, patch: AccountPatch): Promise<boolean> {
  const query = db.updateTable('accounts').set(patch).where('id', '=', id).where('deleted_at_ms', 'is', null);
  const { numUpdatedRows } = await refusing(query.executeTakeFirst(), 'account_name_taken', NAME_TAKEN);
  return numUpdatedRows > 0n;
}

/**
 * Takes the secrets away and leaves a tombstone, so that lists, totals and exports still have the name. `mac` is
 * that of the row with `deleted_at_ms` set.
 */
export async function buryAccountRow(
  db: Db,
  id: string,
  { deletedAtMs, mac }: { readonly deletedAtMs: number; readonly mac: Uint8Array },
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await trx.deleteFrom('account_health').where('account_id', '=', id).execute();
    await trx.deleteFrom('account_facts').where('account_id', '=', id).execute();
    return updateAccountRow(trx, id, {
      sealed_key: null,
      sealed_admin_key: null,
      key_fingerprint: null,
      key_last_four: null,
      enabled: 0,
      deleted_at_ms: deletedAtMs,
      updated_at_ms: deletedAtMs,
      mac,
    });
  });
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
