/**
 * Forward-only migrations: `prisma-free-migrations/NNNN_noun.sql`, all that are pending in one transaction.
 * Each file goes whole to the raw handle (`exec`), because splitting SQL at semicolons would cut triggers apart.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Migrator } from 'kysely/migration';
import type { Handle } from './open.ts';
import type { Db } from './schema.ts';

export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
}

export const MIGRATION_TABLE = 'kysely_migration';
/** "CAM1" in SQLite's header: tells our file from another program's. */
export const APPLICATION_ID = 0x43414d31;
const FILE_NAME = /^\d{4}_[a-z0-9_]+\.sql$/;

/** Beside the sources, or one folder above the bundle. */
export function migrationsFolder(): string {
  const path = import.meta.url.endsWith('.ts')
    ? '../../prisma-free-migrations/'
    : '../prisma-free-migrations/';
  return fileURLToPath(new URL(path, import.meta.url));
}

export function readMigrations(folder: string): readonly MigrationFile[] {
  const names = readdirSync(folder).filter((name) => FILE_NAME.test(name));
  if (names.length === 0) throw new Error(`no migrations in ${folder}`);
  return names.sort().map((name) => ({
    name: name.slice(0, -'.sql'.length),
    sql: readFileSync(`${folder}/${name}`, 'utf8'),
  }));
}

export async function migrate(
  db: Db,
  handle: Handle,
  files: readonly MigrationFile[],
  version: string,
): Promise<void> {
  const last = files.at(-1)?.name;
  const migrations = Object.fromEntries(
    files.map(({ name, sql }) => [
      name,
      {
        async up() {
          handle.exec(sql);
          if (name === last) stamp(handle, version);
        },
      },
    ]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** Whose file it is and which version made it so, inside the same transaction. */
function stamp(handle: Handle, version: string): void {
  handle.pragma(`application_id = ${APPLICATION_ID}`);
  handle.pragma(`user_version = ${versionNumber(version)}`);
}

/** `1.2.3` as 1002003, which fits into SQLite's `user_version`. */
export function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version
    .split(/[.+-]/, 3)
    .map((part) => Number.parseInt(part, 10));
  return major * 1_000_000 + minor * 1_000 + patch;
}

export function versionText(number: number): string {
  return `${Math.floor(number / 1_000_000)}.${Math.floor(number / 1_000) % 1_000}.${number % 1_000}`;
}
