/** Client keys: what is handed out, to whom, and how it is taken back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

describe('client keys', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await createRig();
    await rig.services.local.initialise(MASTER_KEY);
    await rig.services.accounts.add({
      name: 'Work',
      key: new Secret('sk-proj-0123456789abcdefghij'),
      check: false,
    });
  });
  afterEach(() => rig.close());
  const verdict = (key: string) => rig.keyring.check(new Secret(key), rig.clock.nowMs());

  it('are shown once, serve at once, and are stored as digests only', async () => {
    const { key, clientKey } = await rig.services.clients.add({ name: 'laptop' });
    expect(verdict(key)).toMatchObject({ kind: 'caller', caller: { name: 'laptop', scopes: ['inference'] } });
    expect(clientKey).toMatchObject({ prefix: key.slice(0, 8), guessable: false, intact: true });
    expect(JSON.stringify(await rig.services.clients.list())).not.toContain(key);
    await rig.ledger.flush();
    expect(rig.database.ledger.serialize().includes(key)).toBe(false);
  });

  it('may be tied to accounts, by name', async () => {
    const { clientKey } = await rig.services.clients.add({ name: 'laptop', accounts: ['work'] });
    expect(clientKey.accounts).toEqual([rig.pool.snapshot()[0]?.account.id]);
    await expect(rig.services.clients.add({ name: 'other', accounts: ['nobody'] })).rejects.toMatchObject({
      code: 'account_not_found',
    });
  });

  it('tied to accounts that are gone may use none, not all', async () => {
    const { key } = await rig.services.clients.add({ name: 'laptop', accounts: ['Work'] });
    const work = rig.pool.snapshot()[0]?.account.id;
    await rig.services.accounts.remove({ ref: 'Work' });
    expect(verdict(key)).toMatchObject({ kind: 'caller', caller: { accounts: [work] } });
  });

  it('may be of the operator’s own choosing, and are then marked', async () => {
    const value = new Secret('sk-codex-account-manager');
    expect((await rig.services.clients.add({ name: 'classic', value })).clientKey.guessable).toBe(true);
    await expect(rig.services.clients.add({ name: 'again', value })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('once revoked are refused from the next call on, for good', async () => {
    const value = new Secret('sk-codex-account-manager');
    const { key } = await rig.services.clients.add({ name: 'classic', value });
    await rig.services.clients.revoke({ ref: 'classic' });
    expect(verdict(key).kind).toBe('revoked');
    await expect(rig.services.clients.revoke({ ref: 'classic' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(rig.services.clients.add({ name: 'classic', value })).rejects.toMatchObject({
      message: expect.stringContaining('stays revoked'),
    });
  });

  it('free their name when they are revoked', async () => {
    await rig.services.clients.add({ name: 'laptop' });
    await expect(rig.services.clients.add({ name: 'LAPTOP' })).rejects.toMatchObject({ code: 'conflict' });
    await rig.services.clients.revoke({ ref: 'laptop' });
    rig.clock.advance(1_000);
    await rig.services.clients.add({ name: 'laptop' });
    const states = (await rig.services.clients.list()).map(({ revokedAtMs }) => revokedAtMs === null);
    expect(states).toEqual([false, true]);
  });

  it('are refused as damaged when something else has changed their row', async () => {
    const { key } = await rig.services.clients.add({ name: 'laptop' });
    await rig.services.clients.revoke({ ref: 'laptop' });
    await rig.db.updateTable('client_keys').set({ revoked_at_ms: null }).execute();
    await rig.services.session.lock({ panic: true });
    await rig.services.local.unlock(MASTER_KEY);
    expect(verdict(key).kind).toBe('damaged');
  });

  it('that would be expired from the start are refused', async () => {
    const expiresAtMs = rig.clock.nowMs() - 1;
    await expect(rig.services.clients.add({ name: 'late', expiresAtMs })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});
