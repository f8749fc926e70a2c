/**
 * The vault's header: how the master key becomes the keys of the vault. There is no check value apart: the tag
 * on the wrapped DEK is the check, and the header's own fields are authenticated by it (AAD), so a forged
 * parameter is as useless as a wrong key. While a rotation is under way the header wraps two DEKs.
 */
import type { KeyObject } from 'node:crypto';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { lengthPrefixed, u32 } from './canonical-bytes.ts';
import { NONCE_BYTES, openEnvelope, sealEnvelope } from './envelope.ts';
import type { Kdf } from './kdf.ts';
import { type KdfParameters, kdfParametersInBounds, SALT_BYTES } from './kdf-parameters.ts';
import {
  createKeyring,
  deriveGeneration,
  deriveKey,
  type Generation,
  KEY_BYTES,
  type Keyring,
} from './keyring.ts';
import { LOOKUP_ROOT, placeAad } from './place.ts';
import { STRENGTH_MARK_BYTES } from './strength-mark.ts';

/** The header as it is stored: see `prisma-free-migrations`. */
export interface VaultHeader {
  readonly vaultId: Uint8Array;
  readonly format: number;
  readonly kdfSalt: Uint8Array;
  readonly kdfMemoryKib: number;
  readonly kdfPasses: number;
  readonly kdfLanes: number;
  readonly dekNumber: number;
  readonly wrappedDek: Uint8Array;
  /** The DEK after this one, while a rotation is under way. */
  readonly nextWrappedDek: Uint8Array | null;
  readonly sealedLookupRoot: Uint8Array;
  /** How guessable the master key was found when it was chosen; unreadable without it. Null when nobody looked. */
  readonly strengthMark: Uint8Array | null;
  readonly createdAtMs: number;
  /** Null: with the vault. */
  readonly keySetAtMs: number | null;
  readonly dekMadeAtMs: number | null;
}

/** What a wrapped DEK is bound to. */
type HeaderClaims = Pick<
  VaultHeader,
  'vaultId' | 'format' | 'kdfSalt' | 'kdfMemoryKib' | 'kdfPasses' | 'kdfLanes' | 'dekNumber'
>;

/** The data keys in the raw: whoever holds them wipes them or hands them on. */
export interface Deks {
  readonly current: Uint8Array;
  readonly next: Uint8Array | null;
}

type Random = (size: number) => Uint8Array;

const FORMAT = 1;
const VAULT_ID_BYTES = 16;
/** The one after the last would not fit into an envelope. */
const DEK_NUMBER_MAX = 0xffff_fffe;

/** Refuses a header that this program did not write, before anything is hashed. */
export function checkHeader(header: VaultHeader): void {
  const sound =
    header.format === FORMAT &&
    header.vaultId.length === VAULT_ID_BYTES &&
    header.kdfSalt.length === SALT_BYTES &&
    Number.isInteger(header.dekNumber) &&
    header.dekNumber >= 1 &&
    header.dekNumber <= DEK_NUMBER_MAX &&
    (header.strengthMark === null || header.strengthMark.length === STRENGTH_MARK_BYTES) &&
    kdfParametersInBounds(kdfParametersOf(header));
  if (!sound) throw damaged();
}

export function kdfParametersOf(header: HeaderClaims): KdfParameters {
  return { memoryKib: header.kdfMemoryKib, passes: header.kdfPasses, lanes: header.kdfLanes };
}

/** A new vault: everything random but the master key. */
export async function createHeader(
  { kdf, random }: { readonly kdf: Kdf; readonly random: Random },
  masterKey: Secret,
  parameters: KdfParameters,
  nowMs: number,
): Promise<{ readonly header: VaultHeader; readonly keyring: Keyring }> {
  const claims: HeaderClaims = {
    vaultId: random(VAULT_ID_BYTES),
    format: FORMAT,
    kdfSalt: random(SALT_BYTES),
    ...parameterFields(parameters),
    dekNumber: 1,
  };
  const dek = Uint8Array.from(random(KEY_BYTES));
  const root = Uint8Array.from(random(KEY_BYTES));
  const wrappedDek = wrapDek(await deriveKek(kdf, masterKey, claims), claims, dek, random);
  const first = deriveGeneration(claims.dekNumber, dek);
  const header = {
    ...claims,
    wrappedDek,
    nextWrappedDek: null,
    sealedLookupRoot: sealRoot(first, claims.vaultId, root, random),
    strengthMark: null,
    createdAtMs: nowMs,
    keySetAtMs: null,
    dekMadeAtMs: null,
  };
  return { header, keyring: createKeyring(first, null, root) };
}

/** Null when this is not the key of the vault's master key. */
export function openDeks(kek: KeyObject, header: VaultHeader): Deks | null {
  const current = openDek(kek, header, header.wrappedDek);
  if (current === null || header.nextWrappedDek === null) return current && { current, next: null };
  const next = openDek(kek, nextClaims(header), header.nextWrappedDek);
  if (next === null) {
    current.fill(0);
    throw damaged();
  }
  return { current, next };
}

export function wipe(deks: Deks | null): void {
  deks?.current.fill(0);
  deks?.next?.fill(0);
}

/** Takes over the DEKs, which are wiped. */
export function openKeyring(header: VaultHeader, deks: Deks): Keyring {
  const current = deriveGeneration(header.dekNumber, deks.current);
  const next = deks.next && deriveGeneration(header.dekNumber + 1, deks.next);
  const root = openRoot(current, header);
  return createKeyring(next ?? current, next && current, root);
}

/** The same vault under this master key and a new salt; opens again from what it gives before it is believed. */
export async function rewrapHeader(
  { kdf, random }: { readonly kdf: Kdf; readonly random: Random },
  masterKey: Secret,
  header: VaultHeader,
  deks: Deks,
  parameters: KdfParameters,
): Promise<VaultHeader> {
  const claims = { ...header, ...parameterFields(parameters), kdfSalt: random(SALT_BYTES) };
  const kek = await deriveKek(kdf, masterKey, claims);
  const rewrapped = {
    ...claims,
    wrappedDek: wrapDek(kek, claims, deks.current, random),
    nextWrappedDek: deks.next && wrapDek(kek, nextClaims(claims), deks.next, random),
  };
  const again = openDeks(await deriveKek(kdf, masterKey, rewrapped), rewrapped);
  const same = again !== null && equal(again.current, deks.current) && equal(again.next, deks.next);
  wipe(again);
  if (!same) throw new CamError('internal', 'The new header does not open. Nothing was changed.');
  return rewrapped;
}

/** The header in which a rotation begins: the next DEK is wrapped beside the current one. Leaves `next` as it is. */
export function headerWithNext(
  kek: KeyObject,
  header: VaultHeader,
  next: Uint8Array,
  random: Random,
): VaultHeader {
  const nextWrappedDek = wrapDek(kek, nextClaims(header), next, random);
  const begun = { ...header, nextWrappedDek };
  const again = openDeks(kek, begun);
  /* v8 ignore next -- @preserve: null only where cryptography is broken */
  const same = equal(again?.next ?? null, next);
  wipe(again);
  /* v8 ignore next -- @preserve: only where cryptography is broken */
  if (!same) throw new CamError('internal', 'The new data key does not open. Nothing was changed.');
  return begun;
}

/** The header in which a rotation ends: the next DEK has become the only one. */
export function headerAfterRotation(
  header: VaultHeader,
  keyring: Keyring,
  random: Random,
  nowMs: number,
): VaultHeader {
  const { newest, previous } = keyring;
  if (previous === null || header.nextWrappedDek === null) throw new Error('no rotation is under way');
  const root = openRoot(previous, header);
  const after = {
    ...header,
    dekNumber: newest.dekNumber,
    wrappedDek: header.nextWrappedDek,
    nextWrappedDek: null,
    sealedLookupRoot: sealRoot(newest, header.vaultId, root, random),
    dekMadeAtMs: nowMs,
  };
  const again = openRoot(newest, after);
  const same = equal(again, root);
  root.fill(0);
  again.fill(0);
  /* v8 ignore next -- @preserve: only where cryptography is broken */
  if (!same) throw new CamError('internal', 'The lookup root does not open again. Nothing was changed.');
  return after;
}

export async function deriveKek(kdf: Kdf, masterKey: Secret, claims: HeaderClaims): Promise<KeyObject> {
  // Composed, so that the same characters are the same key on any keyboard. A copy with a buffer of its own,
  // because the buffer itself moves to the hashing thread.
  const password = new Uint8Array(new TextEncoder().encode(reveal(masterKey).normalize('NFC')));
  const stretched = await kdf.derive(password, claims.kdfSalt, kdfParametersOf(claims));
  const kek = deriveKey(stretched, 'kek');
  stretched.fill(0);
  return kek;
}

function openDek(kek: KeyObject, claims: HeaderClaims, wrapped: Uint8Array): Uint8Array | null {
  const dek = openEnvelope({ key: kek, dekNumber: claims.dekNumber }, headerAad(claims), wrapped);
  /* v8 ignore next -- @preserve: only who knows the master key could have written one of another length */
  if (dek && dek.length !== KEY_BYTES) throw damaged();
  return dek;
}

function wrapDek(kek: KeyObject, claims: HeaderClaims, dek: Uint8Array, random: Random): Uint8Array {
  const { dekNumber } = claims;
  return sealEnvelope({ key: kek, dekNumber }, headerAad(claims), dek, random(NONCE_BYTES));
}

function sealRoot(
  { enc, dekNumber }: Generation,
  vaultId: Uint8Array,
  root: Uint8Array,
  random: Random,
): Uint8Array {
  return sealEnvelope({ key: enc, dekNumber }, placeAad(vaultId, LOOKUP_ROOT), root, random(NONCE_BYTES));
}

function openRoot({ enc, dekNumber }: Generation, header: VaultHeader): Uint8Array {
  const aad = placeAad(header.vaultId, LOOKUP_ROOT);
  const root = openEnvelope({ key: enc, dekNumber }, aad, header.sealedLookupRoot);
  if (root?.length !== KEY_BYTES) throw damaged();
  return root;
}

/** Those that the header will make once the next DEK is the current one. */
function nextClaims<T extends HeaderClaims>(claims: T): T {
  return { ...claims, dekNumber: claims.dekNumber + 1 };
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

function equal(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}

function damaged(): CamError {
  return new CamError('vault_damaged', 'The vault header in the database is damaged. Nothing was changed.', {
    hint: 'Restore a backup of the data folder.',
  });
}
