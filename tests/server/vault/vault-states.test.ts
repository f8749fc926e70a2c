/** What a vault answers that has no master key yet, was never read, or is locked. */
import { expect, it } from 'vitest';
import { createKdf } from '../../../server/vault/kdf.ts';
import { createVault } from '../../../server/vault/vault.ts';
import { CHEAP, clock, KEY, MASTER_KEY, madeVault, newVault, PLACE, random } from './new-vault.ts';

const code = (text: string) => expect.objectContaining({ code: text });

it('a vault without a master key says so to whoever asks it for anything', async () => {
  const vault = newVault();
  vault.attach(null);
  expect(vault.header()).toBeNull();
  expect(vault.keyStrength()).toBeNull();
  expect(() => vault.rowMac('accounts', 'row-1', {})).toThrow(code('vault_uninitialised'));
  await expect(vault.verify(MASTER_KEY)).rejects.toEqual(code('vault_uninitialised'));
  await vault.close();
});

it('a vault has no header before the database was read', async () => {
  const vault = newVault();
  expect(vault.header()).toBeNull();
  await vault.close();
});

it('a vault is made as hard to guess as this machine can, where nobody says how hard', async () => {
  const vault = createVault({ random, clock, kdf: createKdf() });
  vault.attach(null);
  const { kdfMemoryKib } = await vault.initialise(MASTER_KEY);
  expect(kdfMemoryKib).toBeGreaterThan(CHEAP.memoryKib);
  await vault.close();
});

it('a locked vault is not taken for one whose secrets are damaged', async () => {
  const { vault } = await madeVault();
  const sealed = vault.seal(PLACE, KEY);
  vault.lock();
  expect(() => vault.opens(PLACE, sealed)).toThrow(code('vault_locked'));
  expect(vault.keyStrength()).toBeNull();
  await vault.close();
});
