/** What a vault answers when it is asked at the wrong time, and what a forged part of it comes to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import { CamError, toWireError } from '../../../lib/errors.ts';
import { createKdf } from '../../../server/vault/kdf.ts';
import { createKeyring, deriveGeneration } from '../../../server/vault/keyring.ts';
import { readStrengthMark } from '../../../server/vault/strength-mark.ts';
import { createVault, type SealedPlace, type Vault, type VaultHeader } from '../../../server/vault/vault.ts';
import { CHEAP, clock, MASTER_KEY, newVault, random } from './new-vault.ts';

const PLACE: SealedPlace = { table: 'accounts', rowId: 'row-1', column: 'sealed_key' };
const KEY = new Secret('sk-proj-0123456789abcdef');
const code = (text: string) => expect.objectContaining({ code: text });

let vault: Vault;
let header: VaultHeader;

beforeAll(async () => {
  vault = newVault();
  vault.attach(null);
  header = await vault.initialise(MASTER_KEY);
});
afterAll(() => vault.close());

async function reopened(over: Partial<VaultHeader> = {}): Promise<Vault> {
  const other = newVault();
  other.attach({ ...header, ...over });
  return other;
}

describe('a vault without a master key', () => {
  it('says so to whoever asks it for anything', async () => {
    const empty = newVault();
    empty.attach(null);
    expect(empty.header()).toBeNull();
    expect(empty.keyStrength()).toBeNull();
    expect(() => empty.rowMac('accounts', 'row-1', {})).toThrow(code('vault_uninitialised'));
    await expect(empty.verify(MASTER_KEY)).rejects.toEqual(code('vault_uninitialised'));
    await empty.close();
  });

  it('has no header before the database was read', async () => {
    const unread = newVault();
    expect(unread.header()).toBeNull();
    await unread.close();
  });

  it('is made as hard to guess as this machine can, where nobody says how hard', async () => {
    const own = createVault({ random, clock, kdf: createKdf() });
    own.attach(null);
    const made = await own.initialise(MASTER_KEY);
    expect(made.kdfMemoryKib).toBeGreaterThan(CHEAP.memoryKib);
    await own.close();
  });
});

describe('a rotation', () => {
  it('cannot begin twice, nor end before it began', async () => {
    const rotating = await reopened();
    await rotating.unlock(MASTER_KEY);
    expect(() => rotating.endRotation()).toThrow('no rotation is under way');
    (await rotating.beginRotation(MASTER_KEY)).adopt();
    await expect(rotating.beginRotation(MASTER_KEY)).rejects.toEqual(code('conflict'));
    await rotating.close();
  });

  it('whose second data key was tampered with opens nothing', async () => {
    const rotating = await reopened();
    await rotating.unlock(MASTER_KEY);
    const { after } = await rotating.beginRotation(MASTER_KEY);
    await rotating.close();
    const nextWrappedDek = Uint8Array.from(after.nextWrappedDek ?? []);
    nextWrappedDek[nextWrappedDek.length - 1] = (nextWrappedDek.at(-1) ?? 0) ^ 1;
    const forged = await reopened({ ...after, nextWrappedDek });
    await expect(forged.unlock(MASTER_KEY)).rejects.toEqual(code('vault_damaged'));
    expect(forged.state()).toBe('locked');
    await forged.close();
  });

  it('leaves alone what does not open', async () => {
    const rotating = await reopened();
    await rotating.unlock(MASTER_KEY);
    const sealed = Uint8Array.from(rotating.seal(PLACE, KEY));
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    (await rotating.beginRotation(MASTER_KEY)).adopt();
    expect(rotating.reseal(PLACE, sealed)).toBeNull();
    await rotating.close();
  });
});

describe('a locked vault', () => {
  it('is not taken for one whose secrets are damaged', async () => {
    const sealed = vault.seal(PLACE, KEY);
    const locked = await reopened();
    expect(() => locked.opens(PLACE, sealed)).toThrow(code('vault_locked'));
    expect(locked.keyStrength()).toBeNull();
    await locked.close();
  });
});

it('a vault whose master key was never judged has no mark to read', () => {
  const keyring = createKeyring(deriveGeneration(1, new Uint8Array(32)), null, new Uint8Array(32));
  expect(readStrengthMark(keyring, header.vaultId, null)).toBeNull();
  expect(readStrengthMark(keyring, header.vaultId, new Uint8Array(32))).toBeNull();
});

it('an error tells its details on the wire only where it has some', () => {
  const plain = toWireError(new CamError('vault_locked', 'Locked.'));
  expect(plain.error).not.toHaveProperty('details');
  const detailed = toWireError(new CamError('vault_damaged', 'Moved.', { details: { table: 'accounts' } }));
  expect(detailed.error.details).toEqual({ table: 'accounts' });
});
