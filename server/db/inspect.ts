/**
 * Looks at a database file before anything may write to it: is it ours, whole, and not newer than we are?
 * A file that fails is refused and stays as it is, byte for byte, for the version or the backup that can use it.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CamError } from '../../lib/errors.ts';
import { APPLICATION_ID, MIGRATION_TABLE, versionText } from './migrate.ts';
import { type Handle, openReadOnly, sqliteCode } from './open.ts';

/** fresh: nothing in it yet · ready: with these migrations still to run. */
export type Inspection =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'ready'; readonly pending: readonly string[] };

/** Above this a whole check would delay every start; then only what the vault lives in is checked. */
const WHOLE_CHECK_BYTES_MAX = 64 * 1024 * 1024;
const VAULT_TABLES = ['vault_header', 'accounts', 'client_keys'];

export function inspectDatabase(file: string, known: readonly string[]): Inspection {
  if (!existsSync(file) || statSync(file).size === 0) return { kind: 'fresh' };
  let handle: Handle | null = null;
  try {
    handle = openReadOnly(file);
    return look(handle, file, known);
  } catch (error) {
    throw explained(error, file);
  } finally {
    handle?.close();
  }
}

/** The names of the migrations that a database has seen. */
export function appliedMigrations(handle: Handle): readonly string[] {
  const tables = tableNames(handle);
  if (!tables.includes(MIGRATION_TABLE)) return [];
  return handle.prepare(`SELECT name FROM ${MIGRATION_TABLE} ORDER BY name`).pluck().all().map(String);
}

/** Null when the check finds nothing. */
export function findDamage(handle: Handle, tables: readonly string[] | 'all'): string | null {
  const checks = tables === 'all' ? ['quick_check'] : tables.map((table) => `quick_check(${table})`);
  for (const check of checks) {
    const found = String(handle.pragma(check, { simple: true }));
    if (found !== 'ok') return found;
  }
  return null;
}

function look(handle: Handle, file: string, known: readonly string[]): Inspection {
  const tables = tableNames(handle);
  const applied = appliedMigrations(handle);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw newer(handle, file);
  if (applied.length === 0) {
    if (tables.some((name) => !name.startsWith(MIGRATION_TABLE))) throw foreign(file);
    return { kind: 'fresh' };
  }
  if (handle.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw foreign(file);
  const whole = statSync(file).size <= WHOLE_CHECK_BYTES_MAX;
  const damage = findDamage(handle, whole ? 'all' : VAULT_TABLES.filter((name) => tables.includes(name)));
  if (damage !== null) throw damaged(file, new Error(damage));
  return { kind: 'ready', pending: known.filter((name) => !applied.includes(name)) };
}

function tableNames(handle: Handle): readonly string[] {
  return handle.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all().map(String);
}

function newer(handle: Handle, file: string): CamError {
  const version = versionText(Number(handle.pragma('user_version', { simple: true })));
  return new CamError(
    'database_newer',
    `The database ${file} was made by Codex Account Manager ${version} or later. It was not changed.`,
    {
      hint: `Start version ${version} or later, or use another data folder (CAM_HOME).`,
      details: { version },
    },
  );
}

function foreign(file: string): CamError {
  return new CamError('database_damaged', `${file} is a database of another program. It was not changed.`, {
    hint: 'Move it away, or use another data folder (CAM_HOME).',
  });
}

function damaged(file: string, cause: unknown): CamError {
  const backups = join(dirname(file), 'backups');
  return new CamError('database_damaged', `The database ${file} is damaged. It was not changed.`, {
    cause,
    hint: `\`cam restore FILE\` puts a backup in its place; they lie in ${backups}.`,
  });
}

function explained(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === null) return error;
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return damaged(file, error);
  return new CamError('storage_failed', `The database ${file} cannot be read (${code}).`, { cause: error });
}
