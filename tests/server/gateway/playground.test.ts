/** Calls of the dashboard's own page, over sockets. */
import { describe, expect, it } from 'vitest';
import { reveal } from '../../../lib/base/secret.ts';
import { chat, openRig, type Rig } from '../../support/gateway-rig.ts';

const ask = (rig: Rig, key: string, site: string | null = 'same-origin') =>
  rig.post('/v1/chat/completions', chat(), {
    authorization: `Bearer ${key}`,
    ...(site === null ? {} : { 'sec-fetch-site': site }),
  });

describe('A page of ours', () => {
  it('makes calls with the key of its sign-in, and they are booked under Playground', async () => {
    await using rig = await openRig();
    const { key } = rig.playground.mint('a sign-in', null);
    const answer = await ask(rig, reveal(key));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-cam-account-name')).toBe('one');
    await answer.text();
    await rig.rows();
    const booked = await rig.database.db.selectFrom('usage_records').select('client_key_id').execute();
    expect(booked).toEqual([{ client_key_id: 'playground' }]);
  });

  it('may tie the key to one account, and then no other is asked', async () => {
    await using rig = await openRig({ accounts: [{ name: 'one' }, { name: 'two' }] });
    const { key } = rig.playground.mint('a sign-in', rig.account('two').id);
    expect((await ask(rig, reveal(key))).status).toBe(200);
    expect([rig.received('one'), rig.received('two')]).toEqual([0, 1]);
  });

  it.each([['cross-site'], ['same-site'], ['none'], [null]])(
    'is the only one that may: from %s the key is unknown',
    async (site) => {
      await using rig = await openRig();
      const { key } = rig.playground.mint('a sign-in', null);
      const answer = await ask(rig, reveal(key), site);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: { code: 'invalid_client_key' } });
      expect(rig.received('one')).toBe(0);
    },
  );

  it('needs no client key to exist', async () => {
    await using rig = await openRig({ clientKeys: [] });
    const { key } = rig.playground.mint('a sign-in', null);
    expect((await ask(rig, reveal(key))).status).toBe(200);
  });
});
