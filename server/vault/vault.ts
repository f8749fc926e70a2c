/**
 * The Vault: the only room with keys. It seals and unseals single secrets, authenticates rows that grant or
 * steer something, and digests client keys. It knows nothing of the database: its header and everything it
 * seals are handed in and out as bytes.
 */
import type { Secret } from '../../lib/base/secret.ts';
import type { VaultState } from '../../lib/wire/views.ts';

/** Where a sealed value lives; bound into it (AAD), so that it opens nowhere else. */
export interface SealedPlace {
  readonly table: 'accounts' | 'vault_header';
  readonly rowId: string;
  readonly column: 'sealed_key' | 'sealed_admin_key' | 'sealed_lookup_root';
}

/** The header as it is stored: see `prisma-free-migrations/0001_vault.sql`. */
export interface VaultHeader {
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

/** The columns of a row that its MAC covers, by column name. */
export type MacFields = Readonly<Record<string, string | number | null | Uint8Array>>;

export interface Vault {
  state(): VaultState;
  /** Tells the vault which header is stored; null is a fresh database. Throws `vault_damaged`. */
  attach(header: VaultHeader | null): void;
  /** Makes a new vault under a master key and leaves it unlocked; the caller stores the header. */
  initialise(masterKey: Secret): Promise<VaultHeader>;
  /** Throws `wrong_master_key`, `kdf_busy`, `vault_damaged`. */
  unlock(masterKey: Secret): Promise<void>;
  /** Checks a master key without changing the state (step-up). */
  verify(masterKey: Secret): Promise<boolean>;
  lock(): void;
  seal(place: SealedPlace, secret: Secret): Uint8Array;
  unseal(place: SealedPlace, sealed: Uint8Array): Secret;
  rowMac(table: string, rowId: string, fields: MacFields): Uint8Array;
  rowMacMatches(table: string, rowId: string, fields: MacFields, mac: Uint8Array): boolean;
  /** HMAC under K_client: what a client key is stored and looked up by. */
  clientKeyDigest(clientKey: Secret): Uint8Array;
  /** HMAC under K_fp: notices a duplicate account key without decrypting any. */
  accountKeyFingerprint(accountKey: Secret): Uint8Array;
  close(): Promise<void>;
}
