/** The keychain as a source of the master key: wanted by nobody but who asked for it, needed by nobody. */
import { describe, expect, it } from 'vitest';
import { reveal, Secret } from '../../lib/base/secret.ts';
import { createKeychain, type KeychainEntry } from '../../server/keychain.ts';
import { findInKeychain } from '../../server/master-key.ts';

const KEY = new Secret('a key for the keychain');

/** A keychain of this process, by service and name. */
function heldHere() {
  const held = new Map<string, string>();
  const open = async (service: string, name: string): Promise<KeychainEntry> => ({
    getPassword: async () => held.get(`${service} ${name}`) ?? null,
    setPassword: async (text) => void held.set(`${service} ${name}`, text),
    deletePassword: async () => held.delete(`${service} ${name}`),
  });
  return { held, open };
}

describe('the keychain', () => {
  it('gives back what was put there, for one data folder and no other', async () => {
    const { held, open } = heldHere();
    await createKeychain('/one', open).write(KEY);
    const found = await createKeychain('/one', open).read();
    expect(found.kind === 'found' && reveal(found.key)).toBe(reveal(KEY));
    expect(await createKeychain('/other', open).read()).toEqual({ kind: 'none' });
    await createKeychain('/one', open).remove();
    expect(held.size).toBe(0);
  });

  it('that does not answer is unavailable after a while, and nobody waits for ever', async () => {
    const silent = createKeychain('/one', () => new Promise(() => {}), 20);
    expect(await silent.read()).toMatchObject({ kind: 'unavailable' });
    await expect(silent.write(KEY)).rejects.toMatchObject({ code: 'keychain_unavailable' });
  });

  it('of a machine that has none is never fatal: the start goes on, locked, and says why', async () => {
    const notes: string[] = [];
    const broken = createKeychain('/one', async () => {
      throw new Error('no such service\nand more that nobody needs');
    });
    expect(await findInKeychain(broken, (text) => void notes.push(text))).toBeNull();
    expect(notes).toEqual([expect.stringContaining('could not be asked (no such service)')]);
  });

  it('as the real package meets it on this machine, whatever that is, answers and does not throw', async () => {
    const answer = await createKeychain('/nowhere/that-anyone-keeps-a-key-for').read();
    expect(['none', 'unavailable']).toContain(answer.kind);
  });
});
