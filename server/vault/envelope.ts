/**
 * The envelope that every sealed value lies in:
 *
 *   version (1) | algorithm (1) | DEK number (u32) | nonce (12) | ciphertext | tag (16)
 *
 * Version 1, algorithm 1 is AES-256-GCM with a random nonce. Anything else is refused: there is no fallback
 * that an attacker could ask for. The place where a value belongs is authenticated with it (AAD).
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { CamError } from '../../lib/errors.ts';
import { u32 } from './canonical-bytes.ts';

const VERSION = 1;
const AES_256_GCM = 1;
const HEAD_BYTES = 6;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = HEAD_BYTES + NONCE_BYTES + TAG_BYTES;
/** Far above any credential; a bound so that a damaged row cannot make us allocate without end. */
export const PLAINTEXT_BYTES_MAX = 65_536;

export interface EnvelopeKey {
  readonly key: KeyObject;
  readonly dekNumber: number;
}

export function sealEnvelope(
  { key, dekNumber }: EnvelopeKey,
  aad: Uint8Array,
  plain: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  if (nonce.length !== NONCE_BYTES) throw new RangeError('a nonce has 12 bytes');
  if (plain.length > PLAINTEXT_BYTES_MAX) throw new RangeError('a secret has at most 64 KiB');
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([
    Uint8Array.of(VERSION, AES_256_GCM),
    u32(dekNumber),
    nonce,
    ciphertext,
    cipher.getAuthTag(),
  ]);
}

/** The plain bytes, which the caller wipes; null when the tag does not match. Throws on a malformed envelope. */
export function openEnvelope(
  { key, dekNumber }: EnvelopeKey,
  aad: Uint8Array,
  envelope: Uint8Array,
): Buffer | null {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  checkForm(bytes, dekNumber);
  const nonce = bytes.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
  const tagAt = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(bytes.subarray(tagAt));
  const unproven = decipher.update(bytes.subarray(HEAD_BYTES + NONCE_BYTES, tagAt));
  try {
    decipher.final();
    return unproven;
  } catch {
    unproven.fill(0);
    return null;
  }
}

/** Which DEK an envelope says it was sealed under; null for what is too short to be one. */
export function dekNumberOf(envelope: Uint8Array): number | null {
  if (envelope.length < OVERHEAD_BYTES) return null;
  return Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength).readUInt32BE(2);
}

function checkForm(bytes: Buffer, dekNumber: number): void {
  const wellFormed =
    bytes.length >= OVERHEAD_BYTES &&
    bytes.length <= OVERHEAD_BYTES + PLAINTEXT_BYTES_MAX &&
    bytes[0] === VERSION &&
    bytes[1] === AES_256_GCM &&
    bytes.readUInt32BE(2) === dekNumber;
  if (!wellFormed) {
    throw new CamError(
      'vault_damaged',
      'A sealed value in the database has a form this version did not write.',
    );
  }
}
