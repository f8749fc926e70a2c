import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { createKdf, type Kdf } from '../../../server/vault/kdf.ts';
import type { SealedPlace, Vault, VaultHeader } from '../../../server/vault/vault.ts';
import { CHEAP, KEY, MASTER_KEY, madeVault, newVault, PLACE } from './new-vault.ts';

describe('the vault', () => {
  let vault: Vault;
  let header: VaultHeader;

  beforeAll(async () => {
    ({ vault, header } = await madeVault());
  });
  afterAll(() => vault.close());

  /** A second process with the same header. */
  const reopened = (over: Partial<VaultHeader> = {}, kdf: Kdf = createKdf()): Vault => {
    const other = newVault({ kdf });
    other.attach({ ...header, ...over });
    return other;
  };

  it('opens again with its master key and unseals what it sealed before', async () => {
    const sealed = vault.seal(PLACE, KEY);
    await using other = disposable(reopened());
    expect(other.vault.state()).toBe('locked');
    expect(await other.vault.unlock(MASTER_KEY)).toBeNull();
    expect(other.vault.state()).toBe('unlocked');
    expect(reveal(other.vault.unseal(PLACE, sealed))).toBe(reveal(KEY));
    expect(other.vault.clientKeyDigest(KEY)).toEqual(vault.clientKeyDigest(KEY));
    expect(other.vault.accountKeyFingerprint(KEY)).toEqual(vault.accountKeyFingerprint(KEY));
  });

  it('takes the same characters for the same master key however they were composed', async () => {
    await using fresh = disposable(newVault());
    fresh.vault.attach(null);
    await fresh.vault.initialise(new Secret('Schl\u00fcssel f\u00fcr alle'));
    expect(await fresh.vault.verify(new Secret('Schlu\u0308ssel fu\u0308r alle'))).toBe(true);
  });

  it('refuses a wrong master key and stays locked', async () => {
    await using other = disposable(reopened());
    const wrong = new Secret('correct horse battery stapler');
    await expect(other.vault.unlock(wrong)).rejects.toMatchObject({ code: 'wrong_master_key' });
    expect(other.vault.state()).toBe('locked');
    expect(await other.vault.verify(wrong)).toBe(false);
  });

  it('checks a master key for step-up without changing its state', async () => {
    await using other = disposable(reopened());
    expect(await other.vault.verify(MASTER_KEY)).toBe(true);
    expect(other.vault.state()).toBe('locked');
  });

  it('has no use for anything once it is locked', () => {
    const other = newVault();
    other.attach(header);
    const locked = expect.objectContaining({ code: 'vault_locked' });
    expect(() => other.seal(PLACE, KEY)).toThrow(locked);
    expect(() => other.clientKeyDigest(KEY)).toThrow(locked);
    expect(() => other.rowMac('accounts', 'row-1', {})).toThrow(locked);
  });

  it('does not unlock when it was locked while the master key was being hashed', async () => {
    await using other = disposable(reopened());
    const unlocking = other.vault.unlock(MASTER_KEY);
    other.vault.lock();
    await expect(unlocking).rejects.toMatchObject({ code: 'vault_locked' });
    expect(other.vault.state()).toBe('locked');
  });

  it.each([
    ['too little memory', { kdfMemoryKib: 65_535 }],
    ['too much memory', { kdfMemoryKib: 1_048_577 }],
    ['no passes', { kdfPasses: 0 }],
    ['too many passes', { kdfPasses: 7 }],
    ['too many lanes', { kdfLanes: 5 }],
    ['a fraction of a lane', { kdfLanes: 1.5 }],
    ['a short salt', { kdfSalt: new Uint8Array(15) }],
    ['a format of the future', { format: 2 }],
    ['no DEK', { dekNumber: 0 }],
  ])('refuses a header with %s as damaged before anything is hashed', async (_, forged) => {
    const hashed: string[] = [];
    const kdf: Kdf = {
      derive: async () => {
        hashed.push('hashed');
        return new Uint8Array(32);
      },
      close: async () => {},
    };
    const other = newVault({ kdf });
    expect(() => other.attach({ ...header, ...forged })).toThrow(
      expect.objectContaining({ code: 'vault_damaged' }),
    );
    await expect(other.unlock(MASTER_KEY)).rejects.toMatchObject({ code: 'vault_damaged' });
    await expect(other.initialise(MASTER_KEY)).rejects.toMatchObject({ code: 'vault_damaged' });
    expect(hashed).toEqual([]);
  });

  it.each([
    ['vault id', { vaultId: new Uint8Array(16) }],
    ['number of passes', { kdfPasses: 2 }],
    ['DEK number', { dekNumber: 2 }],
  ])('refuses a header whose %s was changed within bounds', async (_, forged) => {
    await using other = disposable(reopened(forged));
    await expect(other.vault.unlock(MASTER_KEY)).rejects.toMatchObject({
      code: expect.stringMatching(/^(wrong_master_key|vault_damaged)$/),
    });
    expect(other.vault.state()).toBe('locked');
  });

  it('refuses a damaged lookup root', async () => {
    const sealedLookupRoot = Uint8Array.from(header.sealedLookupRoot);
    sealedLookupRoot[20] = (sealedLookupRoot[20] ?? 0) ^ 1;
    await using other = disposable(reopened({ sealedLookupRoot }));
    await expect(other.vault.unlock(MASTER_KEY)).rejects.toMatchObject({ code: 'vault_damaged' });
    expect(other.vault.state()).toBe('locked');
  });

  it('never makes a second vault over an existing one', async () => {
    await using other = disposable(reopened());
    await expect(other.vault.initialise(MASTER_KEY)).rejects.toMatchObject({ code: 'vault_exists' });
  });

  it('makes no vault before it was told what is stored', async () => {
    const other = newVault();
    await expect(other.initialise(MASTER_KEY)).rejects.toMatchObject({ code: 'vault_damaged' });
    await other.close();
  });

  it('refuses a master key of fewer than 12 characters', async () => {
    const other = newVault();
    other.attach(null);
    await expect(other.initialise(new Secret('elevenchars'))).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(other.state()).toBe('uninitialised');
    await other.close();
  });

  it('raises the cost of trying a master key at the next unlock, and the raised header opens', async () => {
    await using dearer = disposable(newVault({ kdfParameters: { ...CHEAP, passes: 2 } }));
    dearer.vault.attach(header);
    const raised = await dearer.vault.unlock(MASTER_KEY);
    expect(raised?.after).toMatchObject({ kdfPasses: 2, vaultId: header.vaultId });
    await using again = disposable(reopened(raised?.after ?? {}));
    await again.vault.unlock(MASTER_KEY);
    expect(again.vault.clientKeyDigest(KEY)).toEqual(vault.clientKeyDigest(KEY));
  });

  it('opens no sealed value in any other place', () => {
    const sealed = vault.seal(PLACE, KEY);
    const damaged = expect.objectContaining({ code: 'vault_damaged' });
    const elsewhere: SealedPlace[] = [
      { ...PLACE, rowId: 'row-2' },
      { ...PLACE, column: 'sealed_admin_key' },
      { ...PLACE, table: 'vault_header' },
    ];
    for (const place of elsewhere) expect(() => vault.unseal(place, sealed)).toThrow(damaged);
  });

  it('seals the same secret differently every time', () => {
    expect(vault.seal(PLACE, KEY)).not.toEqual(vault.seal(PLACE, KEY));
  });
});

function disposable(vault: Vault) {
  return { vault, [Symbol.asyncDispose]: () => vault.close() };
}
