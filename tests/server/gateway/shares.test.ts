import { describe, expect, it } from 'vitest';
import type { Config } from '../../../lib/config.ts';
import { chat, openRig, type Rig } from '../../support/gateway-rig.ts';
import { createTurnstile, until } from '../../support/turnstile.ts';

async function open(over: (config: Config) => Config) {
  const turnstile = createTurnstile();
  const clientKeys = [{ name: 'A' }, { name: 'B', key: 'sk-codex-b' }];
  const rig = await openRig({ clientKeys, config: over, wrapDial: turnstile.wrap });
  const ask = (key?: string): Promise<Response> =>
    rig.post('/v1/chat/completions', chat(), key === undefined ? {} : { authorization: `Bearer ${key}` });
  async function hold(calls: number, key?: string): Promise<Promise<Response>[]> {
    const before = turnstile.dials.length;
    const held = Array.from({ length: calls }, () => ask(key));
    await until(() => turnstile.dials.length === before + calls);
    return held;
  }
  return { rig, turnstile, ask, hold };
}

const slots = (most: number) => (config: Config) => ({
  ...config,
  server: { ...config.server, in_flight_max: most },
});
const served = async (calls: readonly Promise<Response>[]) =>
  (await Promise.all(calls)).map(({ status }) => status);

async function expectShareReached(answer: Response): Promise<void> {
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('3');
  const { error } = await answer.json();
  expect(error).toMatchObject({ code: 'client_share_reached', type: 'rate_limit_error' });
  expect(error.message).toContain('not the provider');
}

describe('While most slots are taken', () => {
  it('a client key gets its share and no more, and another key finds room', async () => {
    const { rig, turnstile, ask, hold } = await open(slots(10));
    await using _ = rig;
    const mine = await hold(8);
    const others = await hold(1, 'sk-codex-b');
    await expectShareReached(await ask());
    others.push(...(await hold(1, 'sk-codex-b')));
    turnstile.open(true);
    expect(await served([...mine, ...others])).toEqual(new Array(10).fill(200));
    expect(rig.received('one')).toBe(10);
  });

  it('a key that is alone may take them all', async () => {
    const { rig, turnstile, ask, hold } = await open(slots(5));
    await using _ = rig;
    const mine = await hold(5);
    expect(await (await ask()).json()).toMatchObject({ error: { code: 'too_many_in_flight' } });
    turnstile.open(true);
    expect(await served(mine)).toEqual(new Array(5).fill(200));
  });

  it('the slots are those of the accounts when they are fewer, and grow with an account', async () => {
    const capped = (config: Config) => ({
      ...config,
      routing: { ...config.routing, in_flight_per_account: 5 },
    });
    const { rig, turnstile, ask, hold } = await open(capped);
    await using _ = rig;
    const held = await hold(3);
    held.push(...(await hold(1, 'sk-codex-b')));
    await expectShareReached(await ask());
    rig.put({ name: 'two' });
    held.push(...(await hold(1)));
    turnstile.open(true);
    expect(await served(held)).toEqual(new Array(5).fill(200));
  });
});

describe('While there is room', () => {
  it('nobody asks whose calls they are', async () => {
    const { rig, turnstile, hold } = await open(slots(10));
    await using _ = rig;
    const held = [...(await hold(1, 'sk-codex-b')), ...(await hold(7))];
    turnstile.open(true);
    expect(await served(held)).toEqual(new Array(8).fill(200));
    expect(rigIsEmpty(rig)).toBe(true);
  });
});

function rigIsEmpty(rig: Rig): boolean {
  return rig.room.pool.snapshot().every(({ inFlight }) => inFlight === 0);
}
