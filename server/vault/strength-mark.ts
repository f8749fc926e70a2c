/**
 * How guessable a master key was found when it was chosen, remembered without telling: the database keeps an HMAC
 * of the verdict under a key that only the unlocked vault has. Whoever copies the file must not learn from it that
 * trying is worth while.
 */
import { KEY_STRENGTHS, type KeyStrength } from '../../lib/base/key-strength.ts';
import { lengthPrefixed } from './canonical-bytes.ts';
import { equalBytes, hmac, type Keyring } from './keyring.ts';

export const STRENGTH_MARK_BYTES = 32;

export function strengthMark(
  { strength: key }: Keyring,
  vaultId: Uint8Array,
  verdict: KeyStrength,
): Uint8Array {
  return hmac(key, lengthPrefixed(['cam/v1/strength', vaultId, verdict]));
}

/** Null for no mark, and for one that is none of ours. */
export function readStrengthMark(
  keyring: Keyring,
  vaultId: Uint8Array,
  mark: Uint8Array | null,
): KeyStrength | null {
  if (mark === null) return null;
  return KEY_STRENGTHS.find((each) => equalBytes(strengthMark(keyring, vaultId, each), mark)) ?? null;
}
