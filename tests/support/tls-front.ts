/** TLS in front of the emulator, as a provider has it: a port that can be closed and opened again. */
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type SelfSigned, selfSigned } from './self-signed.ts';

export interface TlsFront extends AsyncDisposable {
  readonly port: number;
  /** How many connections were taken so far. */
  connections(): number;
  /** Nobody listens any more, and every connection is gone, but for deaf ones. */
  close(): Promise<void>;
  open(): Promise<void>;
  /** Connections that are there stay open and never answer again, as after a sleep; new ones are served. */
  deafen(): void;
}

/** What `NODE_EXTRA_CA_CERTS` does for a process: from here on this thread trusts the certificate. */
function trust(certificate: string): void {
  setDefaultCACertificates([...getCACertificates('default'), certificate]);
}

/** One a name: of two certificates of the same name only the first that was trusted is found. */
const identities = new Map<string, SelfSigned>();

function identityOf(hostname: string): SelfSigned {
  const known = identities.get(hostname);
  if (known) return known;
  const identity = selfSigned(hostname);
  identities.set(hostname, identity);
  trust(identity.cert);
  return identity;
}

export async function openTlsFront(hostname: string, targetPort: number): Promise<TlsFront> {
  const identity = identityOf(hostname);
  const sockets = new Set<Socket>();
  const pairs = new Map<Socket, Socket>();
  const deaf = new Set<Socket>();
  let taken = 0;
  const server = createServer(identity, (incoming) => {
    const outgoing = connect(targetPort, '127.0.0.1');
    incoming.pipe(outgoing).pipe(incoming);
    pairs.set(incoming, outgoing);
    incoming.on('close', () => pairs.delete(incoming));
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.on('connection', (socket) => {
    taken++;
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      deaf.delete(socket);
    });
    socket.on('error', () => socket.destroy());
  });
  server.on('tlsClientError', () => undefined);
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      for (const socket of sockets) socket.destroy();
      // The server waits for every connection; that it listens no more is so already.
      if (deaf.size > 0) done();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    connections: () => taken,
    close,
    open: () => listen(port),
    deafen() {
      for (const [incoming, outgoing] of pairs) {
        outgoing.unpipe(incoming);
        incoming.unpipe(outgoing);
        incoming.resume();
        outgoing.resume();
      }
      for (const socket of sockets) deaf.add(socket);
      sockets.clear();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of deaf) socket.destroy();
      deaf.clear();
      if (server.listening) await close();
    },
  };
}
