/** Every account that is or was, in the order in which they were added: removed ones keep their place and name. */
import { INSERTION_ORDER } from './insertion-order.ts';
import type { Db } from './schema.ts';

export interface AccountNameRow {
  readonly id: string;
  readonly name: string;
}

export function listAccountNames(db: Db): Promise<AccountNameRow[]> {
  return db
    .selectFrom('accounts')
    .select(['id', 'name'])
    .orderBy('created_at_ms')
    .orderBy(INSERTION_ORDER)
    .execute();
}
