import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { openMute } from '../../support/providers.ts';
import { openTlsFront, type TlsFront } from '../../support/tls-front.ts';
import { until } from '../../support/turnstile.ts';

const HOST = 'api.proxied.example';
const RESOLVED_BY_US: string[] = [];

interface Proxy {
  readonly url: string;
  /** What was asked of it: the first line and the headers, as text. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** A CONNECT proxy that leads every tunnel to one port, as a company's proxy with its own resolver would. */
async function openProxy(targetPort: number): Promise<Proxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, client: Socket) => {
    asked.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    const target = connect(targetPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(target).pipe(client);
    });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        target.destroy();
      });
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
      }),
  };
}

const open: (() => PromiseLike<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function world(): Promise<{ rig: Rig; front: TlsFront; proxy: Proxy }> {
  const outer = await openRig();
  open.push(() => outer[Symbol.asyncDispose]());
  const front = await openTlsFront(HOST, outer.emulator.port);
  open.push(() => front[Symbol.asyncDispose]());
  const proxy = await openProxy(front.port);
  open.push(() => proxy.close().catch(() => undefined));
  const rig = await openRig({
    accounts: [{ name: 'one', baseUrl: `https://${HOST}/v1`, allowLocal: false }],
    env: { HTTPS_PROXY: proxy.url },
    resolve: (hostname, done) => {
      RESOLVED_BY_US.push(hostname);
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    },
  });
  open.push(() => rig[Symbol.asyncDispose]());
  return { rig, front, proxy };
}

/** An account behind a proxy that was not made to lead anywhere. */
const behind = (proxyPort: number, connectMs: number): Promise<Rig> =>
  openRig({
    accounts: [{ name: 'one', baseUrl: `https://${HOST}/v1`, allowLocal: false }],
    env: { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}` },
    config: (config) => ({ ...config, upstream: { ...config.upstream, connect_ms: connectMs } }),
  });

describe('An account behind an outbound HTTPS proxy', () => {
  it('is reached through a tunnel to its own name, and the proxy never sees its key', async () => {
    const { rig, front, proxy } = await world();
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ object: 'chat.completion' });
    const stream = await rig.post('/v1/responses', responses({ stream: true }));
    expect(await stream.text()).toContain('event: response.completed');
    expect(proxy.asked.length).toBeGreaterThanOrEqual(1);
    for (const asked of proxy.asked) {
      expect(asked).toMatch(new RegExp(`^CONNECT ${HOST}:443 `));
      expect(asked).not.toMatch(/sk-emulated|authorization/i);
    }
    expect(front.connections()).toBe(proxy.asked.length);
    expect((await rig.rows()).map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered']);
  });

  it('fails closed when the proxy goes away: nothing is sent past it, and the proxy is to blame', async () => {
    const { rig, front, proxy } = await world();
    const served = await rig.post('/v1/chat/completions', chat());
    expect(served.status).toBe(200);
    await served.text();
    const before = front.connections();
    await proxy.close();
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(front.connections()).toBe(before);
    const failed = (await rig.rows()).at(-1);
    expect(failed).toMatchObject({ outcome: 'failed', account_id: null });
    expect(RESOLVED_BY_US).not.toContain(HOST);
    expect(Object.keys(rig.room.pool.snapshot()[0]?.breakers ?? {})).toEqual(['#proxy']);
  });
});

describe('An outbound proxy that takes the connection and', () => {
  it('never answers is given up like one that cannot be connected to, and the account is not blamed', async () => {
    await using mute = await openMute();
    await using rig = await behind(mute.port, 1_000);
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('The outbound proxy could not be used');
    expect(mute.connections).toBeGreaterThanOrEqual(1);
    expect(rig.room.pool.snapshot()[0]).toMatchObject({ inFlight: 0, breakers: {}, cooldowns: {} });
    expect(rig.room.pool.network()).toBe('ok');
  });

  it('never answers does not keep a client that leaves', async () => {
    await using mute = await openMute();
    await using rig = await behind(mute.port, 60_000);
    const client = new AbortController();
    const gone = fetch(`${rig.url}/v1/chat/completions`, {
      method: 'POST',
      signal: client.signal,
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(chat()),
    }).catch(() => null);
    await until(() => mute.connections === 1);
    const sinceMs = performance.now();
    client.abort();
    await gone;
    await until(() => rig.room.inFlight.size === 0);
    expect(performance.now() - sinceMs).toBeLessThan(2_000);
    expect(rig.room.pool.snapshot()[0]).toMatchObject({ inFlight: 0, breakers: {}, cooldowns: {} });
  });

  it('refuses the tunnel is to blame for it, at once', async () => {
    const server = createServer();
    server.on('connect', (_request, client: Socket) => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    {
      await using rig = await behind((server.address() as AddressInfo).port, 60_000);
      const answer = await rig.post('/v1/chat/completions', chat());
      expect(answer.status).toBe(503);
      expect(await answer.text()).toContain('The outbound proxy could not be used');
      expect(rig.room.pool.snapshot()[0]).toMatchObject({ breakers: {}, cooldowns: {} });
    }
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
});
