/** Kysely over one of our handles. The handle stays ours to close. */
import { Kysely, SqliteAdapter, SqliteDialect } from 'kysely';
import type { Handle } from './open.ts';
import type { Db, Schema } from './schema.ts';

/** SQLite's schema changes are transactional; Kysely's own adapter does not make use of it. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class TransactionalDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

export function createKysely(handle: Handle): Db {
  return new Kysely<Schema>({ dialect: new TransactionalDialect({ database: handle }) });
}
