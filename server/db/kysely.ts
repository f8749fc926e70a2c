/** Kysely over one of our handles. The handle stays ours to close. */
import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from 'kysely';
import type { Handle } from './open.ts';
import type { Db, Schema } from './schema.ts';

/** SQLite's schema changes are transactional; Kysely's own adapter does not make use of it. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * On a full disk and on some other failures SQLite has rolled back already, and a second time is an error that would
 * hide the first (SQLite, "Response To Errors Within A Transaction").
 */
class RollingBackOnce extends SqliteDriver {
  readonly #handle: Handle;
  constructor(handle: Handle) {
    super({ database: handle });
    this.#handle = handle;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#handle.inTransaction) await super.rollbackTransaction(connection);
  }
}

class TransactionalDialect extends SqliteDialect {
  readonly #handle: Handle;
  constructor(handle: Handle) {
    super({ database: handle });
    this.#handle = handle;
  }

  override createDriver(): Driver {
    return new RollingBackOnce(this.#handle);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

export function createKysely(handle: Handle): Db {
  return new Kysely<Schema>({ dialect: new TransactionalDialect(handle) });
}
