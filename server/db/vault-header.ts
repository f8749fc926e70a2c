/** The one row of the vault's header. The database does not look into it. */
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
  readonly sealedLookupRoot: Uint8Array;
  readonly createdAtMs: number;
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
    sealedLookupRoot: row.sealed_lookup_root,
    createdAtMs: row.created_at_ms,
  };
}

/** For a new vault. Fails when there is a header already: one vault never replaces another. */
export async function insertVaultHeader(db: Db, header: StoredVaultHeader): Promise<void> {
  await db
    .insertInto('vault_header')
    .values({ id: ONLY_ROW, ...columnsOf(header) })
    .execute();
}

/** For the same vault with another master key or dearer parameters. */
export async function replaceVaultHeader(db: Db, header: StoredVaultHeader): Promise<void> {
  await db
    .updateTable('vault_header')
    .set(columnsOf(header))
    .where('id', '=', ONLY_ROW)
    .where('vault_id', '=', header.vaultId)
    .executeTakeFirstOrThrow();
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
    sealed_lookup_root: header.sealedLookupRoot,
    created_at_ms: header.createdAtMs,
  };
}
