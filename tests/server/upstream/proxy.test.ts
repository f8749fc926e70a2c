import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { openTlsFront, type TlsFront } from '../../support/tls-front.ts';

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
    expect(rig.room.pool.snapshot()[0]?.breakers).toEqual({});
  });
});
