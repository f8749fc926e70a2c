/** A database looked at from outside, for `doctor`: is it whole, how is it set, and what time do its rows believe in. */
import { sql } from 'kysely';
import { createKysely } from './kysely.ts';
import { MIGRATION_TABLE } from './migrate.ts';
import { openReadOnly } from './open.ts';
import type { Db } from './schema.ts';

export interface DatabaseFacts {
  /** What SQLite's own full check found, at most twenty lines; empty when all is well. */
  readonly damage: readonly string[];
  readonly orphans: number;
  readonly journalMode: string;
  readonly sqliteVersion: string;
  readonly migrations: number;
  /** The latest moment that any row tells; null without rows. */
  readonly newestAtMs: number | null;
  readonly newestIn: string | null;
}

/**
 * Runs in the read worker: a full check reads the whole file. On a connection that only reads, SQLite looks at the
 * structure and the indexes and leaves CHECK constraints out; what matters in rows is under their MACs.
 */
export async function examineDatabase(db: Db, _params: Record<string, never>): Promise<DatabaseFacts> {
  const damage = await pragma(db, 'integrity_check(20)');
  const newest = await newestRow(db);
  return {
    damage: damage.filter((line) => line !== 'ok'),
    orphans: (await pragma(db, 'foreign_key_check')).length,
    journalMode: (await pragma(db, 'journal_mode'))[0] ?? 'unknown',
    sqliteVersion: (await one(db, sql<{ value: string }>`SELECT sqlite_version() AS value`)) ?? 'unknown',
    migrations:
      Number(
        await one(db, sql<{ value: number }>`SELECT count(*) AS value FROM ${sql.table(MIGRATION_TABLE)}`),
      ) || 0,
    newestAtMs: newest?.atMs ?? null,
    newestIn: newest?.table ?? null,
  };
}

/** The same of a file, in this process. Throws what the driver throws when it cannot be opened. */
export async function examineDatabaseFile(file: string): Promise<DatabaseFacts> {
  const handle = openReadOnly(file);
  try {
    return await examineDatabase(createKysely(handle), {});
  } finally {
    handle.close();
  }
}

/** How the connection that writes is set. */
export interface PragmaFacts {
  readonly foreignKeys: boolean;
  readonly trustedSchema: boolean;
  readonly secureDelete: boolean;
  readonly cellSizeCheck: boolean;
  /** 2 is FULL. */
  readonly synchronous: number;
}

export async function readPragmas(db: Db): Promise<PragmaFacts> {
  const number = async (name: string): Promise<number> => Number((await pragma(db, name))[0] ?? -1);
  return {
    foreignKeys: (await number('foreign_keys')) === 1,
    trustedSchema: (await number('trusted_schema')) === 1,
    secureDelete: (await number('secure_delete')) === 1,
    cellSizeCheck: (await number('cell_size_check')) === 1,
    synchronous: await number('synchronous'),
  };
}

const PRAGMAS = {
  'integrity_check(20)': sql<Record<string, unknown>>`PRAGMA integrity_check(20)`,
  foreign_key_check: sql<Record<string, unknown>>`PRAGMA foreign_key_check`,
  journal_mode: sql<Record<string, unknown>>`PRAGMA journal_mode`,
  foreign_keys: sql<Record<string, unknown>>`PRAGMA foreign_keys`,
  trusted_schema: sql<Record<string, unknown>>`PRAGMA trusted_schema`,
  secure_delete: sql<Record<string, unknown>>`PRAGMA secure_delete`,
  cell_size_check: sql<Record<string, unknown>>`PRAGMA cell_size_check`,
  synchronous: sql<Record<string, unknown>>`PRAGMA synchronous`,
};

async function pragma(db: Db, name: string): Promise<string[]> {
  const query = Object.hasOwn(PRAGMAS, name) ? PRAGMAS[name as keyof typeof PRAGMAS] : null;
  if (query === null) throw new TypeError(`no such pragma: ${name}`);
  return (await query.execute(db)).rows.map((row) => String(Object.values(row)[0]));
}

async function one(
  db: Db,
  query: ReturnType<typeof sql<{ value: string | number }>>,
): Promise<string | null> {
  const value = (await query.execute(db)).rows[0]?.value;
  return value === undefined ? null : String(value);
}

async function newestRow(db: Db): Promise<{ readonly atMs: number; readonly table: string } | null> {
  const found = [
    ['the ledger', await maxOf(db, 'usage_records', 'started_at_ms')],
    ['the events', await maxOf(db, 'events', 'at_ms')],
    ['the audit log', await maxOf(db, 'audit_log', 'at_ms')],
    ['the accounts', await maxOf(db, 'accounts', 'updated_at_ms')],
    ['the client keys', await maxOf(db, 'client_keys', 'created_at_ms')],
  ] as const;
  let newest: { readonly atMs: number; readonly table: string } | null = null;
  for (const [table, atMs] of found)
    if (atMs !== null && atMs > (newest?.atMs ?? -1)) newest = { atMs, table };
  return newest;
}

async function maxOf(
  db: Db,
  table: 'usage_records' | 'events' | 'audit_log' | 'accounts' | 'client_keys',
  column: string,
): Promise<number | null> {
  const query = sql<{
    value: number | null;
  }>`SELECT max(${sql.ref(column)}) AS value FROM ${sql.table(table)}`;
  return (await query.execute(db)).rows[0]?.value ?? null;
}
