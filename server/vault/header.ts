/**
 * The vault's header: how the master key becomes the keys of the vault. There is no check value apart: the tag
 * on the wrapped DEK is the check, and the header's own fields are authenticated by it (AAD), so a forged
 * parameter is as useless as a wrong key.
 */
import type { KeyObject } from 'node:crypto';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { lengthPrefixed, u32 } from './canonical-bytes.ts';
import { NONCE_BYTES, openEnvelope, sealEnvelope } from './envelope.ts';
import type { Kdf } from './kdf.ts';
import { type KdfParameters, kdfParametersInBounds, SALT_BYTES } from './kdf-parameters.ts';
import { createKeyring, deriveDekKeys, deriveKey, KEY_BYTES, type Keyring } from './keyring.ts';
import { LOOKUP_ROOT, placeAad } from './place.ts';

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

/** What the wrapped DEK is bound to: every field but the two sealed ones and the date. */
type HeaderClaims = Omit<VaultHeader, 'wrappedDek' | 'sealedLookupRoot' | 'createdAtMs'>;

/** The world that making a header needs. */
export interface HeaderTools {
  readonly kdf: Kdf;
  readonly random: (size: number) => Uint8Array;
}

const FORMAT = 1;
const VAULT_ID_BYTES = 16;
const DEK_NUMBER_MAX = 0xffff_ffff;

/** Refuses a header that this program did not write, before anything is hashed. */
export function checkHeader(header: VaultHeader): void {
  const sound =
    header.format === FORMAT &&
    header.vaultId.length === VAULT_ID_BYTES &&
    header.kdfSalt.length === SALT_BYTES &&
    Number.isInteger(header.dekNumber) &&
    header.dekNumber >= 1 &&
    header.dekNumber <= DEK_NUMBER_MAX &&
    kdfParametersInBounds(kdfParametersOf(header));
  if (!sound) throw damaged();
}

export function kdfParametersOf(header: HeaderClaims): KdfParameters {
  return { memoryKib: header.kdfMemoryKib, passes: header.kdfPasses, lanes: header.kdfLanes };
}

/** A new vault: everything random but the master key. */
export async function createHeader(
  tools: HeaderTools,
  masterKey: Secret,
  parameters: KdfParameters,
  nowMs: number,
): Promise<{ readonly header: VaultHeader; readonly keyring: Keyring }> {
  const { random } = tools;
  const claims: HeaderClaims = {
    vaultId: random(VAULT_ID_BYTES),
    format: FORMAT,
    kdfSalt: random(SALT_BYTES),
    ...parameterFields(parameters),
    dekNumber: 1,
  };
  const dek = Uint8Array.from(random(KEY_BYTES));
  const root = Uint8Array.from(random(KEY_BYTES));
  const wrappedDek = await wrapDek(tools, masterKey, claims, dek);
  const dekKeys = deriveDekKeys(dek);
  const sealedLookupRoot = sealEnvelope(
    { key: dekKeys.enc, dekNumber: claims.dekNumber },
    placeAad(claims.vaultId, LOOKUP_ROOT),
    root,
    random(NONCE_BYTES),
  );
  const header = { ...claims, wrappedDek, sealedLookupRoot, createdAtMs: nowMs };
  return { header, keyring: createKeyring(claims.dekNumber, dekKeys, root) };
}

/** The DEK, which the caller wipes or hands on; null when this is not the vault's master key. */
export async function unwrapDek(
  kdf: Kdf,
  masterKey: Secret,
  header: VaultHeader,
): Promise<Uint8Array | null> {
  const kek = await deriveKek(kdf, masterKey, header);
  const dek = openEnvelope({ key: kek, dekNumber: header.dekNumber }, headerAad(header), header.wrappedDek);
  if (dek && dek.length !== KEY_BYTES) throw damaged();
  return dek;
}

/** Takes over `dek`, which is wiped. */
export function openKeyring(header: VaultHeader, dek: Uint8Array): Keyring {
  const dekKeys = deriveDekKeys(dek);
  const root = openEnvelope(
    { key: dekKeys.enc, dekNumber: header.dekNumber },
    placeAad(header.vaultId, LOOKUP_ROOT),
    header.sealedLookupRoot,
  );
  if (root?.length !== KEY_BYTES) throw damaged();
  return createKeyring(header.dekNumber, dekKeys, root);
}

/** The same vault under the same master key with dearer parameters. Leaves `dek` as it is. */
export async function raiseHeader(
  tools: HeaderTools,
  masterKey: Secret,
  header: VaultHeader,
  dek: Uint8Array,
  parameters: KdfParameters,
): Promise<VaultHeader> {
  const raised = { ...header, ...parameterFields(parameters), kdfSalt: tools.random(SALT_BYTES) };
  return { ...raised, wrappedDek: await wrapDek(tools, masterKey, raised, dek) };
}

async function wrapDek(
  { kdf, random }: HeaderTools,
  masterKey: Secret,
  claims: HeaderClaims,
  dek: Uint8Array,
): Promise<Uint8Array> {
  const key = await deriveKek(kdf, masterKey, claims);
  return sealEnvelope({ key, dekNumber: claims.dekNumber }, headerAad(claims), dek, random(NONCE_BYTES));
}

async function deriveKek(kdf: Kdf, masterKey: Secret, claims: HeaderClaims): Promise<KeyObject> {
  // Composed, so that the same characters are the same key on any keyboard. A copy with a buffer of its own,
  // because the buffer itself moves to the hashing thread.
  const password = new Uint8Array(new TextEncoder().encode(reveal(masterKey).normalize('NFC')));
  const stretched = await kdf.derive(password, claims.kdfSalt, kdfParametersOf(claims));
  const kek = deriveKey(stretched, 'kek');
  stretched.fill(0);
  return kek;
}

function headerAad(claims: HeaderClaims): Buffer {
  return lengthPrefixed([
    'cam/v1/header',
    claims.vaultId,
    u32(claims.format),
    claims.kdfSalt,
    u32(claims.kdfMemoryKib),
    u32(claims.kdfPasses),
    u32(claims.kdfLanes),
    u32(claims.dekNumber),
  ]);
}

function parameterFields({ memoryKib, passes, lanes }: KdfParameters) {
  return { kdfMemoryKib: memoryKib, kdfPasses: passes, kdfLanes: lanes };
}

function damaged(): CamError {
  return new CamError('vault_damaged', 'The vault header in the database is damaged. Nothing was changed.', {
    hint: 'Restore a backup of the data folder.',
  });
}
