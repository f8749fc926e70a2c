import { expect, it } from 'vitest';
import { createKeyring, deriveGeneration } from '../../../server/vault/keyring.ts';
import { readStrengthMark, strengthMark } from '../../../server/vault/strength-mark.ts';

const vaultId = new Uint8Array(16);
const keyring = createKeyring(deriveGeneration(1, new Uint8Array(32)), null, new Uint8Array(32));

it('tells what was found of a master key, and nothing where it was never judged or the mark is none of ours', () => {
  expect(readStrengthMark(keyring, vaultId, strengthMark(keyring, vaultId, 'fair'))).toBe('fair');
  expect(readStrengthMark(keyring, vaultId, null)).toBeNull();
  expect(readStrengthMark(keyring, vaultId, new Uint8Array(32))).toBeNull();
});
