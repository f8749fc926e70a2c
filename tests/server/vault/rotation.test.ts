/** Changing the data key, asked for at the wrong time and over what was tampered with. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Vault, VaultHeader } from '../../../server/vault/vault.ts';
import { KEY, MASTER_KEY, madeVault, newVault, PLACE } from './new-vault.ts';

const code = (text: string) => expect.objectContaining({ code: text });

let first: Vault;
let header: VaultHeader;

beforeAll(async () => {
  ({ vault: first, header } = await madeVault());
});
afterAll(() => first.close());

/** A second process with the same header, unlocked. */
async function opened(): Promise<Vault> {
  const vault = newVault();
  vault.attach(header);
  await vault.unlock(MASTER_KEY);
  return vault;
}

/** Its last byte is of the tag. */
function tampered(sealed: Uint8Array | null): Uint8Array {
  const bytes = Uint8Array.from(sealed ?? []);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes;
}

it('a rotation cannot begin twice, nor end before it began', async () => {
  const vault = await opened();
  expect(() => vault.endRotation()).toThrow('no rotation is under way');
  (await vault.beginRotation(MASTER_KEY)).adopt();
  await expect(vault.beginRotation(MASTER_KEY)).rejects.toEqual(code('conflict'));
  await vault.close();
});

it('a vault whose second data key was tampered with stays locked', async () => {
  const vault = await opened();
  const { after } = await vault.beginRotation(MASTER_KEY);
  await vault.close();
  const forged = newVault();
  forged.attach({ ...after, nextWrappedDek: tampered(after.nextWrappedDek) });
  await expect(forged.unlock(MASTER_KEY)).rejects.toEqual(code('vault_damaged'));
  expect(forged.state()).toBe('locked');
  await forged.close();
});

it('a rotation leaves alone what does not open', async () => {
  const vault = await opened();
  const sealed = tampered(vault.seal(PLACE, KEY));
  (await vault.beginRotation(MASTER_KEY)).adopt();
  expect(vault.reseal(PLACE, sealed)).toBeNull();
  await vault.close();
});
