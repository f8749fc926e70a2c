/** Signing in, setting up, locking; and what happens to CAM_CLIENT_KEY at each unlock. */
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import { createRig, MASTER_KEY, type Rig, type RigOptions } from './rig.ts';

const WRONG = new Secret('this is not it at all');
const GIVEN = 'sk-codex-account-manager';

describe('the sign-in', () => {
  let rig: Rig;
  const start = async (options: RigOptions = {}): Promise<Rig> => {
    rig = await createRig(options);
    return rig;
  };
  afterEach(() => rig.close());

  it('says that there is nothing to unlock before the vault exists', async () => {
    const { services } = await start();
    expect(services.session.status(null)).toMatchObject({
      vault: 'uninitialised',
      signedIn: false,
      triesLeft: 5,
    });
    await expect(services.session.unlock({ masterKey: MASTER_KEY, want: 'cookie' })).rejects.toMatchObject({
      code: 'vault_uninitialised',
    });
  });

  it('refuses a master key of fewer than twelve characters for a new vault', async () => {
    const { services, vault } = await start();
    await expect(services.local.initialise(new Secret('eleven char'))).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(vault.state()).toBe('uninitialised');
  });

  it('sets up once by the link, and never again', async () => {
    const { services, setupLink } = await start();
    const token = new Secret(setupLink.url('').split('#')[1] ?? '');
    expect(services.setup.check({ token })).toEqual({ ok: true });
    const signIn = await services.setup.initialise({ token, masterKey: MASTER_KEY, acceptGuessable: false });
    expect(signIn.originKey).not.toBe('');
    expect(() => services.setup.check({ token })).toThrow(
      expect.objectContaining({ code: 'setup_link_invalid' }),
    );
    await expect(services.local.initialise(MASTER_KEY)).rejects.toMatchObject({ code: 'vault_exists' });
  });

  it('refuses a wrong setup link and counts it as a failed sign-in', async () => {
    const { services, throttle, vault } = await start();
    const token = new Secret('guessed');
    await expect(
      services.setup.initialise({ token, masterKey: MASTER_KEY, acceptGuessable: false }),
    ).rejects.toMatchObject({
      code: 'setup_link_invalid',
    });
    expect(throttle.triesLeft()).toBe(4);
    expect(vault.state()).toBe('uninitialised');
  });

  it('gives each sign-in a proof of its own, which ending and locking revoke', async () => {
    const { services, sessions } = await start();
    await services.local.initialise(MASTER_KEY);
    const one = await services.session.unlock({ masterKey: MASTER_KEY, want: 'bearer' });
    const other = await services.session.unlock({ masterKey: MASTER_KEY, want: 'bearer' });
    const operator = await sessions.verify(one.token, 'bearer', null);
    if (!operator) throw new Error('a fresh bearer proves an operator');
    services.session.end(operator);
    expect(await sessions.verify(one.token, 'bearer', null)).toBeNull();
    expect(await sessions.verify(other.token, 'bearer', null)).not.toBeNull();
    await services.session.lock({ panic: false });
    expect(await sessions.verify(other.token, 'bearer', null)).toBeNull();
  });

  it('lasts as long as a page is watched, and an hour after', async () => {
    const { services, sessions, clock } = await start();
    await services.local.initialise(MASTER_KEY);
    const { token } = await services.session.unlock({ masterKey: MASTER_KEY, want: 'bearer' });
    const operator = await sessions.verify(token, 'bearer', null);
    if (!operator) throw new Error('a fresh bearer proves an operator');
    for (let half = 0; half < 4; half++) {
      clock.advance(30 * 60_000);
      expect(services.session.keepAlive(operator)).toBe(true);
    }
    clock.advance(60 * 60_000);
    expect(services.session.keepAlive(operator)).toBe(false);
  });

  it('waits after five wrong master keys, before it hashes anything', async () => {
    const { services, clock } = await start();
    await services.local.initialise(MASTER_KEY);
    for (let tries = 0; tries < 5; tries++) {
      await expect(services.session.unlock({ masterKey: WRONG, want: 'cookie' })).rejects.toMatchObject({
        code: 'wrong_master_key',
      });
    }
    await expect(services.session.unlock({ masterKey: MASTER_KEY, want: 'cookie' })).rejects.toMatchObject({
      code: 'login_throttled',
      retryAfterMs: 2_000,
    });
    clock.advance(2_000);
    await services.session.unlock({ masterKey: MASTER_KEY, want: 'cookie' });
    expect(services.session.status(null).triesLeft).toBe(5);
  });

  it('forgets keys, accounts and client keys on locking, and has them again after unlocking', async () => {
    const { services, vault, pool, keyring, drained } = await start();
    await services.local.initialise(MASTER_KEY);
    const key = new Secret('sk-proj-0123456789abcdefghij');
    await services.accounts.add({ name: 'Work', key, check: false });
    await services.clients.add({ name: 'laptop' });
    await services.session.lock({ panic: false });
    expect(vault.state()).toBe('locked');
    expect(pool.snapshot()).toEqual([]);
    expect(keyring.list()).toEqual([]);
    expect(drained).toEqual([30_000]);
    await services.local.unlock(MASTER_KEY);
    expect(pool.snapshot().map(({ account }) => account.name)).toEqual(['Work']);
    expect(keyring.list().map(({ clientKey }) => clientKey.name)).toEqual(['laptop']);
  });

  it('ends the sign-in of who signs in while streams are draining', async () => {
    const { services, sessions, whileDraining } = await start();
    await services.local.initialise(MASTER_KEY);
    const late = { token: '' };
    whileDraining(async () => {
      late.token = (await services.session.unlock({ masterKey: MASTER_KEY, want: 'bearer' })).token;
    });
    await services.session.lock({ panic: false });
    expect(late.token).not.toBe('');
    expect(await sessions.verify(late.token, 'bearer', null)).toBeNull();
  });

  it('does not wait for streams in a panic', async () => {
    const { services, drained } = await start();
    await services.local.initialise(MASTER_KEY);
    await services.session.lock({ panic: true });
    expect(drained).toEqual([0]);
  });

  it('stays locked when what it guards cannot be read', async () => {
    const { services, vault, db } = await start();
    await services.local.initialise(MASTER_KEY);
    await services.session.lock({ panic: true });
    await db.schema.alterTable('client_keys').renameTo('gone').execute();
    await expect(services.local.unlock(MASTER_KEY)).rejects.toThrow();
    expect(vault.state()).toBe('locked');
  });
});

describe('CAM_CLIENT_KEY', () => {
  it('is registered at the first unlock, once, and marked as guessable', async () => {
    const rig = await createRig({ givenClientKey: GIVEN });
    await rig.services.local.initialise(MASTER_KEY);
    await rig.services.session.lock({ panic: true });
    await rig.services.local.unlock(MASTER_KEY);
    expect(await rig.services.clients.list()).toMatchObject([{ name: 'CAM_CLIENT_KEY', guessable: true }]);
    expect(rig.keyring.check(new Secret(GIVEN), rig.clock.nowMs()).kind).toBe('caller');
    await rig.close();
  });

  it('that is no usable key keeps nothing shut, and the start says so', async () => {
    const rig = await createRig({ givenClientKey: 'short' });
    await rig.services.local.initialise(MASTER_KEY);
    expect(rig.vault.state()).toBe('unlocked');
    expect(await rig.services.clients.list()).toEqual([]);
    expect(rig.notes).toEqual([expect.stringContaining('CAM_CLIENT_KEY is not registered')]);
    await rig.close();
  });

  it('stays revoked when it was revoked, and the next start says so', async () => {
    const first = await createRig({ givenClientKey: GIVEN });
    await first.services.local.initialise(MASTER_KEY);
    await first.services.clients.revoke({ ref: 'cam_client_key' });
    await first.stop();
    const second = await createRig({ givenClientKey: GIVEN, database: first.database });
    await second.services.local.unlock(MASTER_KEY);
    expect(second.keyring.check(new Secret(GIVEN), second.clock.nowMs()).kind).toBe('revoked');
    expect(second.notes).toEqual([expect.stringContaining('stays revoked')]);
    await second.close();
  });
});
