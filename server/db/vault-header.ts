/** The one row of the vault's header. The database does not look into it. */
import { CamError } from '../../lib/errors.ts';
import type { Db } from './schema.ts';

export interface StoredVaultHeader {
  readonly vaultId: Uint8Array;
  readonly format: number;
  readonly kdfSalt: Uint8Array;
  readonly kdfMemoryKib: number;
  readonly kdfPasses: number;
  readonly kdfLanes: number;
  readonly dekNumber: number;
  readonly wrappedDek: Uint8Array;
  readonly nextWrappedDek: Uint8Array | null;
  readonly sealedLookupRoot: Uint8Array;
  readonly strengthMark: Uint8Array | null;
  readonly createdAtMs: number;
  readonly keySetAtMs: number | null;
  readonly dekMadeAtMs: number | null;
}

const ONLY_ROW = 1;

export async function readVaultHeader(db: Db): Promise<StoredVaultHeader | null> {
  const row = await db.selectFrom('vault_header').selectAll().where('id', '=', ONLY_ROW).executeTakeFirst();
  if (!row) return null;
  return {
    vaultId: row.vault_id,
    format: row.format,
    kdfSalt: row.kdf_salt,
    kdfMemoryKib: row.kdf_memory_kib,
    kdfPasses: row.kdf_passes,
    kdfLanes: row.kdf_lanes,
    dekNumber: row.dek_number,
    wrappedDek: row.wrapped_dek,
    nextWrappedDek: row.next_wrapped_dek,
    sealedLookupRoot: row.sealed_lookup_root,
    strengthMark: row.strength_mark,
    createdAtMs: row.created_at_ms,
    keySetAtMs: row.key_set_at_ms,
    dekMadeAtMs: row.dek_made_at_ms,
  };
}

/** For a new vault. Fails when there is a header already: one vault never replaces another. */
export async function insertVaultHeader(db: Db, header: StoredVaultHeader): Promise<void> {
  await db
    .insertInto('vault_header')
    .values({ id: ONLY_ROW, ...columnsOf(header) })
    .execute();
}

/**
 * Puts a header in the place of exactly the one that it was made from, inside a transaction, and reads it back
 * before that is committed. Throws `conflict` when another one is stored by now.
 */
export async function replaceVaultHeader(
  transaction: Db,
  before: StoredVaultHeader,
  after: StoredVaultHeader,
): Promise<void> {
  const found = await readVaultHeader(transaction);
  if (!found || !sameHeader(found, before)) {
    throw new CamError('conflict', 'The vault was changed by something else meanwhile. Try again.');
  }
  await transaction
    .updateTable('vault_header')
    .set(columnsOf(after))
    .where('id', '=', ONLY_ROW)
    .executeTakeFirstOrThrow();
  const written = await readVaultHeader(transaction);
  if (!written || !sameHeader(written, after)) {
    throw new CamError(
      'storage_failed',
      'The header in the database is not what was written. Nothing was changed.',
    );
  }
}

export function sameHeader(one: StoredVaultHeader, other: StoredVaultHeader): boolean {
  const [mine, theirs]: Record<string, unknown>[] = [columnsOf(one), columnsOf(other)];
  return Object.entries(mine ?? {}).every(([name, value]) => sameValue(value, theirs?.[name]));
}

function sameValue(one: unknown, other: unknown): boolean {
  return one instanceof Uint8Array && other instanceof Uint8Array
    ? Buffer.compare(one, other) === 0
    : one === other;
}

function columnsOf(header: StoredVaultHeader) {
  return {
    vault_id: header.vaultId,
    format: header.format,
    kdf_salt: header.kdfSalt,
    kdf_memory_kib: header.kdfMemoryKib,
    kdf_passes: header.kdfPasses,
    kdf_lanes: header.kdfLanes,
    dek_number: header.dekNumber,
    wrapped_dek: header.wrappedDek,
    next_wrapped_dek: header.nextWrappedDek,
    sealed_lookup_root: header.sealedLookupRoot,
    strength_mark: header.strengthMark,
    created_at_ms: header.createdAtMs,
    key_set_at_ms: header.keySetAtMs,
    dek_made_at_ms: header.dekMadeAtMs,
  };
}
