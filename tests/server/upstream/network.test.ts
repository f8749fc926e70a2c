import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import type { ResolveAll } from '../../../server/upstream/resolve.ts';
import { chat, openRig } from '../../support/gateway-rig.ts';

function resolverThat(answer: () => readonly LookupAddress[] | string): ResolveAll {
  return (_hostname, done) => {
    const found = answer();
    if (typeof found === 'string') done(Object.assign(new Error(found), { code: found }), []);
    else done(null, found);
  };
}

const REMOTE = { baseUrl: 'https://api.example/v1', allowLocal: false };

describe('A name that resolves into this machine or its network', () => {
  const places = [
    ['loopback', '127.0.0.1', false],
    ['a private network', '192.168.0.7', false],
    ['link-local, even with the switch', '169.254.169.254', true],
  ] as const;
  for (const [what, address, allowLocal] of places) {
    it(`is refused at the connect: ${what}`, async () => {
      let asked = 0;
      await using rig = await openRig({
        accounts: [{ name: 'one', ...REMOTE, allowLocal }],
        resolve: resolverThat(() => {
          asked++;
          return [{ address, family: 4 }];
        }),
        config: (config) => ({ ...config, routing: { ...config.routing, attempts_max: 1 } }),
      });
      const answer = await rig.post('/v1/chat/completions', chat());
      expect(answer.status).toBe(502);
      expect(await answer.text()).toContain('is not allowed for this account');
      expect(asked).toBe(1);
      expect(rig.room.pool.network()).toBe('ok');
    });
  }
});

describe('When our own network is down', () => {
  it('calls are held, nobody is blamed, and the first one after its return is answered', async () => {
    let up = false;
    let firstTry = (): void => undefined;
    const tried = new Promise<void>((resolve) => {
      firstTry = resolve;
    });
    await using rig = await openRig({
      accounts: [{ name: 'one', ...REMOTE }],
      resolve: resolverThat(() => {
        firstTry();
        return 'ENOTFOUND';
      }),
      reach: async () => up,
      networkProbeEveryMs: 20,
    });
    const held = rig.post('/v1/chat/completions', chat());
    await tried;
    while (rig.room.pool.network() === 'ok') await new Promise(setImmediate);
    expect(rig.room.pool.snapshot()[0]?.breakers).toEqual({});
    // The account is re-pointed to where it can be reached, and the network comes back.
    const account = { ...rig.account('one'), baseUrl: rig.emulator.baseUrl, allowLocal: true };
    const facts = { organization: null, project: null, modelIds: null, checkedAtMs: null };
    rig.room.pool.put(account.id, { account, facts, health: null });
    up = true;
    const answer = await held;
    expect(answer.status).toBe(200);
    expect(rig.room.pool.network()).toBe('ok');
    expect(rig.events.map(({ kind }) => kind)).toEqual(['network.unreachable', 'network.ok']);
  });

  it('and stays down, the client is told so and to come back in two seconds', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', ...REMOTE }],
      resolve: resolverThat(() => 'ENOTFOUND'),
      reach: async () => false,
      networkProbeEveryMs: 20,
      config: (config) => ({ ...config, routing: { ...config.routing, wait_max_ms: 100 } }),
    });
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(502);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await answer.json()).toMatchObject({ error: { code: 'network_unreachable' } });
    const [row] = await rig.rows();
    expect(row).toMatchObject({ outcome: 'failed', error_code: 'network_unreachable', account_id: null });
  });

  it('one provider that cannot be reached among several is that provider’s trouble', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', ...REMOTE }, { name: 'two' }, { name: 'three', ...REMOTE }],
      resolve: resolverThat(() => 'ENOTFOUND'),
      reach: async () => false,
    });
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('two').id);
    expect(rig.room.pool.network()).toBe('ok');
  });
});

describe('An upstream that refuses the connection', () => {
  it('opens its breaker after five failures, and the answer says what happened', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', baseUrl: 'http://127.0.0.1:1/v1' }],
      config: (config) => ({ ...config, routing: { ...config.routing, attempts_max: 1 } }),
    });
    const first = await rig.post('/v1/chat/completions', chat());
    expect(first.status).toBe(502);
    expect(await first.text()).toContain('ECONNREFUSED');
    for (let i = 0; i < 4; i++) await (await rig.post('/v1/chat/completions', chat())).text();
    const refused = await rig.post('/v1/chat/completions', chat());
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { code: 'all_accounts_unusable' } });
    rig.clock.advance(21_000);
    rig.room.pool.put(rig.account('one').id, {
      account: { ...rig.account('one'), baseUrl: rig.emulator.baseUrl },
      facts: { organization: null, project: null, modelIds: null, checkedAtMs: null },
      health: null,
    });
    expect((await rig.post('/v1/chat/completions', chat())).status).toBe(200);
  });
});
