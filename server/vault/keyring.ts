/**
 * The keys in memory while the vault is unlocked, and how each is derived.
 *
 *   master key ─Argon2id→ HKDF("kek") → KEK ─wraps→ DEK ─HKDF→ K_enc, K_row
 *   lookup root (sealed under K_enc, never rotated) ─HKDF→ K_client, K_fp, K_audit, K_strength
 *
 * The lookup root outlives a rotation of the DEK, so digests and fingerprints stay comparable for good.
 *
 * All raw bytes are wiped as soon as the next key is derived from them. The working keys are held as KeyObjects:
 * OpenSSL's memory, outside the JavaScript heap, cleansed when it is freed. Raw buffers, which could be wiped at
 * the very moment of locking, cost four times as much on every call, because Node copies them into a KeyObject
 * of its own each time (and leaves that copy to the collector all the same).
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';

export const KEY_BYTES = 32;

export interface DekKeys {
  /** Seals columns. */
  readonly enc: KeyObject;
  /** Authenticates rows. */
  readonly row: KeyObject;
}

/** What one DEK gives, and its number, by which envelopes name it. */
export interface Generation extends DekKeys {
  readonly dekNumber: number;
}

export interface Keyring {
  /** Seals and signs; opens and verifies. */
  readonly newest: Generation;
  /** Of the DEK that a rotation leaves behind: opens what it sealed. Null when there is none. */
  readonly previous: Generation | null;
  /** Whether its MACs still count: only until the rotation has moved everything. */
  readonly trustsPrevious: boolean;
  /** Digests client keys. */
  readonly client: KeyObject;
  /** Fingerprints account keys. */
  readonly fingerprint: KeyObject;
  /** Authenticates the audit trail. */
  readonly audit: KeyObject;
  /** Marks how guessable the master key is, so that nobody without it can tell. */
  readonly strength: KeyObject;
}

export function deriveKey(material: Uint8Array, label: string): KeyObject {
  const raw = new Uint8Array(hkdfSync('sha256', material, new Uint8Array(0), `cam/v1/${label}`, KEY_BYTES));
  const key = createSecretKey(raw);
  raw.fill(0);
  return key;
}

/** Takes over `dek`, which is wiped. */
export function deriveGeneration(dekNumber: number, dek: Uint8Array): Generation {
  const keys = { dekNumber, enc: deriveKey(dek, 'enc'), row: deriveKey(dek, 'row') };
  dek.fill(0);
  return keys;
}

/** Takes over `root`, which is wiped. */
export function createKeyring(newest: Generation, previous: Generation | null, root: Uint8Array): Keyring {
  const keyring = {
    newest,
    previous,
    trustsPrevious: previous !== null,
    client: deriveKey(root, 'client'),
    fingerprint: deriveKey(root, 'fingerprint'),
    audit: deriveKey(root, 'audit'),
    strength: deriveKey(root, 'strength'),
  };
  root.fill(0);
  return keyring;
}

export function hmac(key: KeyObject, data: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** Equality in constant time; lengths are no secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
