import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientKeyId } from '../../../lib/base/id.ts';
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { type ClientKey, NO_RULES } from '../../../lib/clients/client-key.ts';
import { adoptClientKey, clientKeyForm, mintClientKey } from '../../../server/vault/client-key-minting.ts';
import { createClientKeyring, type KeyringEntry } from '../../../server/vault/client-keyring.ts';
import type { Vault } from '../../../server/vault/vault.ts';
import { MASTER_KEY, newVault, random } from './new-vault.ts';

describe('a minted client key', () => {
  it('carries 256 random bits behind a prefix it is recognised by', () => {
    const { key, prefix, guessable } = mintClientKey(random);
    expect(reveal(key)).toMatch(/^cam-[0-9a-hjkmnp-tv-z]{59}$/);
    expect(reveal(key).startsWith(prefix)).toBe(true);
    expect(prefix).toHaveLength(8);
    expect(guessable).toBe(false);
    expect(clientKeyForm(reveal(key))).toBe('minted');
  });

  it('has the text that was fixed for given bits', () => {
    const { key } = mintClientKey((size) => new Uint8Array(size).map((_, at) => at));
    expect(reveal(key)).toBe('cam-000g40r40m30e209185gr38e1w8124gk2gahc5rr34d1p70x3rfg4s7ehgg');
  });

  it('is told from itself with any one character wrong', () => {
    const text = reveal(mintClientKey(random).key);
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: text.length - 1 }),
        fc.constantFrom(...'0123456789abcz'),
        (at, other) => {
          fc.pre(text[at] !== other);
          expect(clientKeyForm(text.slice(0, at) + other + text.slice(at + 1))).toBe('mistyped');
        },
      ),
    );
  });
});

describe('a client key of the operator’s own choice', () => {
  it('is marked as guessable', () => {
    const adopted = adoptClientKey(new Secret('sk-codex-account-manager'));
    expect(adopted).toMatchObject({ prefix: 'sk-codex', guessable: true });
  });

  it('is not marked when it is one of ours, registered again', () => {
    expect(adoptClientKey(mintClientKey(random).key).guessable).toBe(false);
  });

  it.each([['short'], ['with a space'], ['umläute-im-schlüssel'], ['x'.repeat(257)], ['line\nbreak-inside']])(
    'is refused when no client could send it or it is too short: %j',
    (text) => {
      expect(() => adoptClientKey(new Secret(text))).toThrow(
        expect.objectContaining({ code: 'invalid_request' }),
      );
    },
  );

  it('is refused when it is one of ours with a typing mistake', () => {
    const text = reveal(mintClientKey(random).key);
    const mistyped = text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
    expect(() => adoptClientKey(new Secret(mistyped))).toThrow(/a character is wrong/);
  });
});

describe('the keyring', () => {
  let vault: Vault;
  const { key } = mintClientKey(random);

  beforeAll(async () => {
    vault = newVault();
    vault.attach(null);
    await vault.initialise(MASTER_KEY);
  });
  afterAll(() => vault.close());

  const entry = (over: Partial<ClientKey> = {}, intact = true, value = key): KeyringEntry => ({
    clientKey: {
      id: clientKeyId('6f0f7b0e-0000-4000-8000-000000000001'),
      name: 'OpenCode',
      prefix: 'cam-1234',
      guessable: false,
      ...NO_RULES,
      scopes: ['inference'],
      expiresAtMs: null,
      revokedAtMs: null,
      createdAtMs: 1,
      ...over,
    },
    digest: vault.clientKeyDigest(value),
    intact,
  });

  const checked = (loaded: readonly KeyringEntry[], presented: Secret = key, nowMs = 1_000) => {
    const keyring = createClientKeyring(vault);
    keyring.load(loaded);
    return keyring.check(presented, nowMs);
  };

  it('knows who presents a registered key, and passes on nothing of the key', () => {
    const verdict = checked([entry()]);
    expect(verdict).toEqual({
      kind: 'caller',
      caller: {
        clientKeyId: '6f0f7b0e-0000-4000-8000-000000000001',
        name: 'OpenCode',
        ...NO_RULES,
        scopes: ['inference'],
      },
    });
  });

  it('knows its caller by the id too, as far as the key is good', () => {
    const keyring = createClientKeyring(vault);
    const { id } = entry().clientKey;
    keyring.load([entry({ expiresAtMs: 1_000 })]);
    expect(keyring.callerOf(id, 999)).toMatchObject({ kind: 'caller', caller: { clientKeyId: id } });
    expect(keyring.callerOf(id, 1_000)).toMatchObject({ kind: 'expired' });
    expect(keyring.callerOf(clientKeyId('6f0f7b0e-0000-4000-8000-000000000009'), 1)).toEqual({
      kind: 'unknown',
    });
  });

  it('does not know any other key', () => {
    expect(checked([entry()], mintClientKey(random).key)).toEqual({ kind: 'unknown' });
    expect(checked([entry()], new Secret(''))).toEqual({ kind: 'unknown' });
    expect(checked([entry()], new Secret('x'.repeat(100_000)))).toEqual({ kind: 'unknown' });
  });

  it('says so when no key exists at all', () => {
    expect(checked([])).toEqual({ kind: 'none_exist' });
  });

  it('refuses a key whose row was tampered with before it looks at anything else of it', () => {
    expect(checked([entry({ revokedAtMs: 1 }, false)])).toEqual({ kind: 'damaged', name: 'OpenCode' });
  });

  it('refuses a revoked key', () => {
    expect(checked([entry({ revokedAtMs: 500 })])).toEqual({ kind: 'revoked', name: 'OpenCode' });
  });

  it('refuses a key from the moment at which it expires', () => {
    expect(checked([entry({ expiresAtMs: 1_000 })], key, 999).kind).toBe('caller');
    expect(checked([entry({ expiresAtMs: 1_000 })], key, 1_000)).toEqual({
      kind: 'expired',
      name: 'OpenCode',
    });
  });

  it('forgets everything when it is cleared', () => {
    const keyring = createClientKeyring(vault);
    keyring.load([entry()]);
    keyring.clear();
    expect(keyring.list()).toEqual([]);
    expect(keyring.check(key, 1)).toEqual({ kind: 'none_exist' });
  });
});
