/**
 * A gateway whose accounts are elsewhere: each at a provider of its own, over TLS, found by a name that a resolver
 * of the test's own leads to this machine. What stands at a provider's port can be taken away and replaced.
 */
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { ResolveAll } from '../../server/upstream/resolve.ts';
import { openRig, type Rig, type RigOptions } from './gateway-rig.ts';
import { selfSigned } from './self-signed.ts';
import { openTlsFront, type TlsFront } from './tls-front.ts';

export interface Providers extends AsyncDisposable {
  readonly rig: Rig;
  /** By account, in order of priority. */
  readonly fronts: readonly TlsFront[];
  /** How many dials were made. */
  dials(): number;
  /** Names can be resolved, or not. */
  names(found: boolean): void;
  closeAll(): Promise<void>;
  openAll(): Promise<void>;
  /** Every account has answered once. */
  meetAll(): void;
}

export interface ProvidersOptions extends Omit<RigOptions, 'accounts' | 'resolve'> {
  readonly names: readonly string[];
}

export async function openProviders({ names, ...options }: ProvidersOptions): Promise<Providers> {
  let found = true;
  let dials = 0;
  const resolve: ResolveAll = (hostname, done) =>
    found
      ? done(null, [{ address: '127.0.0.1', family: 4 }])
      : done(Object.assign(new Error(hostname), { code: 'ENOTFOUND' }), []);
  const rig = await openRig({
    accounts: [],
    resolve,
    wrapDial: (dial) => (request, events) => {
      dials++;
      return dial(request, events);
    },
    ...options,
  });
  const fronts: TlsFront[] = [];
  for (const name of names) {
    const host = `${name}.provider.example`;
    const front = await openTlsFront(host, rig.emulator.port);
    fronts.push(front);
    rig.put({ name, baseUrl: `https://${host}:${front.port}/v1`, allowLocal: true });
  }
  return {
    rig,
    fronts,
    dials: () => dials,
    names(are) {
      found = are;
    },
    async closeAll() {
      await Promise.all(fronts.map((front) => front.close()));
    },
    async openAll() {
      await Promise.all(fronts.map((front) => front.open()));
    },
    meetAll() {
      for (const { account } of rig.room.pool.snapshot()) rig.room.pool.succeeded(account.id, null);
    },
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      for (const front of fronts) await front[Symbol.asyncDispose]();
    },
  };
}

export interface Impostor extends AsyncDisposable {
  readonly port: number;
  readonly connections: number;
}

/** What a Wi-Fi puts in a provider's place until somebody has signed in: it answers, under another name. */
export function openPortal(port = 0): Promise<Impostor> {
  const server = createTlsServer(selfSigned('portal.example'), (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  return impostor(server, port);
}

/** Takes the connection and never says a word. */
export function openMute(port = 0): Promise<Impostor> {
  return impostor(createTcpServer(), port);
}

async function impostor(server: Server, port: number): Promise<Impostor> {
  const sockets = new Set<Socket>();
  let taken = 0;
  server.on('connection', (socket: Socket) => {
    taken++;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return taken;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
