/** A vault with cheap hashing, for tests: everything else is as in production. */
import { randomBytes } from 'node:crypto';
import { Secret } from '../../../lib/base/secret.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { createKdf, type Kdf } from '../../../server/vault/kdf.ts';
import {
  createVault,
  type SealedPlace,
  type Vault,
  type VaultDeps,
  type VaultHeader,
} from '../../../server/vault/vault.ts';

export const MASTER_KEY = new Secret('correct horse battery staple');
/** Something to seal, and where it would stand. */
export const KEY = new Secret('sk-proj-0123456789abcdef');
export const PLACE: SealedPlace = { table: 'accounts', rowId: 'row-1', column: 'sealed_key' };
export const CHEAP = { memoryKib: 65_536, passes: 1, lanes: 1 };
export const random = (size: number): Uint8Array => randomBytes(size);
export const clock: Clock = { nowMs: () => 1_795_000_000_000, monotonicMs: () => 0 };

export function newVault(over: Partial<VaultDeps> & { readonly kdf?: Kdf } = {}): Vault {
  return createVault({ random, clock, kdf: createKdf(), kdfParameters: CHEAP, ...over });
}

/** A vault that was just made, unlocked, with its header: from which a second process would open it. */
export async function madeVault(): Promise<{ readonly vault: Vault; readonly header: VaultHeader }> {
  const vault = newVault();
  vault.attach(null);
  return { vault, header: await vault.initialise(MASTER_KEY) };
}
