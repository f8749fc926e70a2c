/** Our own network goes away and comes back: nobody is blamed, nothing is lost that can be kept. */
import { describe, expect, it } from 'vitest';
import { type Fault, faults, scripts } from '../../../server/demo/faults.ts';
import { CLIENT_KEY, chat, type Rig, responses } from '../../support/gateway-rig.ts';
import { openMute, openPortal, openProviders, type Providers } from '../../support/providers.ts';
import { until } from '../../support/turnstile.ts';
import { send } from '../demo/client.ts';

const THREE = ['one', 'two', 'three'];
/** More on each account than open its breaker. */
const EACH = 6;
/** A busy machine is given its time; what is promised is the next probe, two seconds away. */
const SOON_MS = 15_000;

const ask = (rig: Rig) => rig.post('/v1/chat/completions', chat());

function expectNobodyBlamed(rig: Rig): void {
  for (const upstream of rig.room.pool.snapshot()) {
    for (const breaker of Object.values(upstream.breakers)) {
      expect(breaker).toEqual({ state: 'closed', failuresAtMs: [] });
    }
    expect(upstream).toMatchObject({ cooldowns: {}, marks: [], credentialRefused: null });
  }
  const kinds = rig.events.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.startsWith('account.'))).toEqual([]);
}

const networkEvents = (rig: Rig): readonly string[] =>
  rig.events.map(({ kind }) => kind).filter((kind) => kind.startsWith('network.'));

/** The network is known to be down, by a call that found out and is held. */
async function lose({ rig }: Providers): Promise<{ readonly held: Promise<Response> }> {
  const held = ask(rig);
  await until(() => rig.room.pool.network() === 'unreachable');
  return { held };
}

describe('All providers refuse at once, as when the Wi-Fi is switched off', () => {
  it('while calls are running, waiting and arriving: what is not shown yet is served after it is back', async () => {
    await using world = await openProviders({
      names: THREE,
      config: (config) => ({ ...config, routing: { ...config.routing, strategy: 'round_robin' } }),
    });
    const { rig } = world;
    for (const name of THREE) {
      const stalls: readonly Fault[] = [
        { kind: 'stall', afterOutput: 2 },
        { kind: 'stall', beforeHeaders: true },
      ];
      rig.emulator.script(`sk-emulated-${name}`, { steps: stalls.map((fault) => ({ fault, times: EACH })) });
    }
    let showing = 0;
    const running = Array.from({ length: THREE.length * EACH }, () => {
      let seen = false;
      return send({
        url: rig.url,
        path: '/v1/responses',
        key: CLIENT_KEY,
        body: responses({ stream: true }),
        onChunk: (text) => {
          if (!seen && text.includes('output_text.delta')) {
            seen = true;
            showing++;
          }
          return undefined;
        },
      });
    });
    await until(() => showing === running.length);
    const waiting = Array.from({ length: THREE.length * EACH }, () => ask(rig));
    await until(() => THREE.every((name) => rig.received(name) === 2 * EACH));

    await world.closeAll();
    await until(() => rig.room.pool.network() === 'unreachable');
    const dialled = world.dials();
    const arriving = Array.from({ length: 2 * EACH }, () => ask(rig));
    for (const { whole, text } of await Promise.all(running)) {
      expect(whole).toBe(false);
      expect(text).toContain('upstream_interrupted');
    }
    await until(() => rig.room.inFlight.size === waiting.length + arriving.length);
    const before = world.dials();
    expectNobodyBlamed(rig);
    await world.openAll();
    const sinceMs = performance.now();
    await Promise.race(arriving);
    const firstMs = performance.now() - sinceMs;
    expect(firstMs).toBeLessThan(SOON_MS);
    for (const answer of await Promise.all([...waiting, ...arriving])) expect(answer.status).toBe(200);
    // Those that waited were dialled again at most once in vain; those that came later not before it was back.
    for (const answer of await Promise.all(arriving)) expect(answer.headers.get('x-cam-attempts')).toBe('1');
    expect(before - dialled).toBeLessThanOrEqual(waiting.length);
    expectNobodyBlamed(rig);
    expect(networkEvents(rig)).toEqual(['network.unreachable', 'network.ok']);
    const outcomes = (await rig.rows()).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'interrupted')).toHaveLength(running.length);
    expect(outcomes.filter((outcome) => outcome === 'delivered')).toHaveLength(
      waiting.length + arriving.length,
    );
  });

  it('a call that arrives is not dialled at all, waits as long as it may and is told to come back', async () => {
    await using world = await openProviders({
      names: THREE,
      config: (config) => ({ ...config, routing: { ...config.routing, wait_max_ms: 300 } }),
    });
    const { rig } = world;
    world.meetAll();
    await world.closeAll();
    const found = await (await lose(world)).held;
    expect(found.status).toBe(502);
    const dialled = world.dials();
    const sinceMs = performance.now();
    const answer = await ask(rig);
    expect(performance.now() - sinceMs).toBeGreaterThanOrEqual(295);
    expect(answer.status).toBe(502);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await answer.json()).toMatchObject({
      error: { code: 'network_unreachable', message: expect.stringContaining('Nothing was sent.') },
    });
    expect(world.dials()).toBe(dialled);
    expect((await rig.rows()).at(-1)).toMatchObject({ outcome: 'failed', attempts: 0 });
    expectNobodyBlamed(rig);
  });

  it('a call that is held without having been dialled ends when its client leaves', async () => {
    await using world = await openProviders({ names: THREE });
    const { rig } = world;
    world.meetAll();
    await world.closeAll();
    const { held: first } = await lose(world);
    const client = new AbortController();
    const gone = fetch(`${rig.url}/v1/chat/completions`, {
      method: 'POST',
      signal: client.signal,
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(chat()),
    }).catch(() => null);
    await until(() => rig.room.inFlight.size === 2);
    const sinceMs = performance.now();
    client.abort();
    await gone;
    await until(() => rig.room.inFlight.size === 1);
    expect(performance.now() - sinceMs).toBeLessThan(2_000);
    await world.openAll();
    expect((await first).status).toBe(200);
    expect((await rig.rows()).map(({ outcome }) => outcome).sort()).toEqual(['cancelled', 'delivered']);
  });
});

describe('A name service that answers nothing', () => {
  it('is our own network, and the first call after its return is answered', async () => {
    await using world = await openProviders({ names: THREE });
    const { rig } = world;
    world.names(false);
    const { held } = await lose(world);
    const dialled = world.dials();
    const arriving = Array.from({ length: EACH }, () => ask(rig));
    await until(() => rig.room.inFlight.size === EACH + 1);
    expect(world.dials()).toBe(dialled);
    world.names(true);
    for (const answer of await Promise.all([held, ...arriving])) expect(answer.status).toBe(200);
    expectNobodyBlamed(rig);
    expect(networkEvents(rig)).toEqual(['network.unreachable', 'network.ok']);
  });

  it('does not keep a call from an account on this machine', async () => {
    await using world = await openProviders({ names: ['one'] });
    const { rig } = world;
    rig.put({ name: 'here' });
    world.names(false);
    for (const attempts of ['2', '1']) {
      const answer = await ask(rig);
      expect(answer.headers.get('x-cam-account')).toBe(rig.account('here').id);
      expect(answer.headers.get('x-cam-attempts')).toBe(attempts);
    }
    expect(rig.room.pool.network()).toBe('unreachable');
    expectNobodyBlamed(rig);
  });
});

describe('Something that answers in the place of every provider', () => {
  const places = [
    ['the sign-in page of a Wi-Fi', openPortal],
    ['a VPN that takes connections and leads nowhere', openMute],
  ] as const;
  for (const [what, open] of places) {
    it(`is our own network: ${what}`, async () => {
      await using world = await openProviders({
        names: THREE,
        config: (config) => ({ ...config, upstream: { ...config.upstream, connect_ms: 1_000 } }),
      });
      const { rig } = world;
      world.meetAll();
      await world.closeAll();
      let held: Promise<Response>;
      {
        await using impostors = new AsyncDisposableStack();
        for (const { port } of world.fronts) impostors.use(await open(port));
        ({ held } = await lose(world));
        expectNobodyBlamed(rig);
      }
      await world.openAll();
      expect((await held).status).toBe(200);
      expect((await ask(rig)).status).toBe(200);
      expectNobodyBlamed(rig);
      expect(networkEvents(rig)).toEqual(['network.unreachable', 'network.ok']);
    });
  }

  it('is a wrong setting where it never worked: told at once, with what helps', async () => {
    await using world = await openProviders({ names: ['one', 'two'] });
    const { rig } = world;
    await world.closeAll();
    await using impostors = new AsyncDisposableStack();
    for (const { port } of world.fronts) impostors.use(await openPortal(port));
    const answer = await ask(rig);
    expect(answer.status).toBe(502);
    const text = await answer.text();
    expect(text).toContain('upstream_tls');
    expect(text).toContain('NODE_EXTRA_CA_CERTS');
    expect(rig.room.pool.network()).toBe('ok');
  });
});

describe('One provider of several that fails', () => {
  it('is that provider’s trouble: its breaker opens, and the others serve', async () => {
    await using world = await openProviders({ names: ['one', 'two'] });
    const { rig } = world;
    world.meetAll();
    await world.fronts[0]?.close();
    for (let i = 0; i < 5; i++) {
      const answer = await ask(rig);
      expect(answer.headers.get('x-cam-account')).toBe(rig.account('two').id);
    }
    await until(() => rig.room.pool.upstream(rig.account('one').id)?.breakers['']?.state === 'open');
    expect(rig.room.pool.network()).toBe('ok');
    expect(rig.room.pool.upstream(rig.account('two').id)?.breakers).toEqual({});
    expect(networkEvents(rig)).toEqual([]);
  });

  it('in the middle of its answers too: what it cuts off is charged to it once the network has proved well', async () => {
    await using world = await openProviders({ names: ['one', 'two'] });
    const { rig } = world;
    rig.emulator.script('sk-emulated-one', scripts.always({ kind: 'cut', onBoundary: true }));
    for (let i = 0; i < 5; i++) {
      await send({ url: rig.url, path: '/v1/responses', key: CLIENT_KEY, body: responses({ stream: true }) });
    }
    await until(() => rig.room.pool.upstream(rig.account('one').id)?.breakers['']?.state === 'open');
    expect(networkEvents(rig)).toEqual([]);
  });
});

describe('An outage in the middle of a call', () => {
  it('uses up none of its attempts: what was not sent was no call of a provider', async () => {
    await using world = await openProviders({ names: THREE });
    const { rig } = world;
    world.meetAll();
    for (const name of ['one', 'two']) {
      rig.emulator.script(`sk-emulated-${name}`, scripts.times(faults.serverError(), 1));
    }
    await world.closeAll();
    const { held } = await lose(world);
    await world.openAll();
    const answer = await held;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('three').id);
    expect(THREE.map((name) => rig.received(name))).toEqual([1, 1, 1]);
  });

  it('is sat out three times, and then the client is told, however often the network comes and goes', async () => {
    let dials = 0;
    await using world: Providers = await openProviders({
      names: THREE,
      wrapDial: (dial) => (request, events) => {
        dials++;
        world.names(false);
        return dial(request, events);
      },
    });
    const { rig } = world;
    world.meetAll();
    let answered = false;
    const call = ask(rig).finally(() => {
      answered = true;
    });
    let outages = 0;
    while (!answered) {
      await until(() => answered || rig.room.pool.network() === 'unreachable');
      outages++;
      world.names(true);
      await until(() => answered || rig.room.pool.network() === 'ok');
    }
    const answer = await call;
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ error: { code: 'network_unreachable' } });
    expect(outages).toBe(4);
    expect(dials).toBeLessThanOrEqual(4 * THREE.length);
    expectNobodyBlamed(rig);
  });
});

describe('Sockets of before', () => {
  it('cost the first call after a sleep nothing: it is dialled on a new one', async () => {
    await using world = await openProviders({ names: THREE });
    const { rig, fronts } = world;
    const [front] = fronts;
    await (await ask(rig)).text();
    await (await ask(rig)).text();
    expect(front?.connections()).toBe(1);
    front?.deafen();
    rig.clock.jump(3_600_000);
    const answer = await ask(rig);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-cam-attempts')).toBe('1');
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('one').id);
    expectNobodyBlamed(rig);
    expect(networkEvents(rig)).toEqual([]);
  });

  it('that break after a sleep are nobody’s fault, however many calls were on them', async () => {
    await using world = await openProviders({ names: ['one', 'two'] });
    const { rig, fronts } = world;
    rig.emulator.script('sk-emulated-one', scripts.times({ kind: 'stall', beforeHeaders: true }, EACH));
    const asleep = Array.from({ length: EACH }, () => ask(rig));
    await until(() => rig.received('one') === EACH);
    rig.clock.jump(3_600_000);
    expect((await ask(rig)).status).toBe(200);
    await fronts[0]?.close();
    await fronts[0]?.open();
    for (const answer of await Promise.all(asleep)) expect(answer.status).toBe(200);
    expectNobodyBlamed(rig);
  });

  it('cost the first call in another network nothing', async () => {
    let addresses = '192.168.1.20';
    let looks = 0;
    await using world = await openProviders({
      names: THREE,
      ownAddresses: () => {
        looks++;
        return addresses;
      },
    });
    const { rig, fronts } = world;
    await (await ask(rig)).text();
    fronts[0]?.deafen();
    addresses = '10.0.0.5';
    const seen = looks + 1;
    await until(() => looks > seen);
    const answer = await ask(rig);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-cam-attempts')).toBe('1');
    expect(fronts[0]?.connections()).toBeGreaterThanOrEqual(2);
    expectNobodyBlamed(rig);
    expect(networkEvents(rig)).toEqual([]);
  });

  it('cost the first call after an outage nothing', async () => {
    await using world = await openProviders({ names: THREE });
    const { rig, fronts } = world;
    const onlyThree = (): void => {
      for (const name of ['one', 'two']) {
        rig.emulator.script(`sk-emulated-${name}`, scripts.times(faults.tooLarge(1, 2), 1));
      }
    };
    onlyThree();
    expect((await ask(rig)).headers.get('x-cam-account')).toBe(rig.account('three').id);
    for (const name of ['one', 'two']) rig.room.pool.clearMarks(rig.account(name).id);
    fronts[2]?.deafen();
    await world.closeAll();
    const { held } = await lose(world);
    await world.openAll();
    expect((await held).status).toBe(200);
    onlyThree();
    expect((await ask(rig)).headers.get('x-cam-account')).toBe(rig.account('three').id);
    expectNobodyBlamed(rig);
  });

  it('are not needed to find out that a new network leads nowhere: no call is dialled in vain', async () => {
    let addresses = '192.168.1.20';
    await using world = await openProviders({ names: THREE, ownAddresses: () => addresses });
    const { rig } = world;
    await world.closeAll();
    addresses = '10.0.0.5';
    await until(() => rig.room.pool.network() === 'unreachable');
    const call = ask(rig);
    await until(() => rig.room.inFlight.size === 1);
    await world.openAll();
    const answer = await call;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-cam-attempts')).toBe('1');
    expect(world.dials()).toBe(1);
    expectNobodyBlamed(rig);
  });

  it('a machine that wakes before its network does holds its first call until that is there', async () => {
    await using world = await openProviders({ names: THREE });
    const { rig } = world;
    await (await ask(rig)).text();
    await world.closeAll();
    rig.clock.jump(3_600_000);
    const { held: first } = await lose(world);
    await world.openAll();
    expect((await first).status).toBe(200);
    expectNobodyBlamed(rig);
  });
});
