/**
 * The listening sockets: one `node:http` server, fed by 127.0.0.1 and by ::1 on the same port. Limits of sockets
 * and heads are set here; what a request may do is the guard's business.
 *
 * No upgrade is ever made: an `Upgrade` header arrives as an ordinary request, so that a client which merely offers
 * h2c is served, and the router can answer a WebSocket attempt in words.
 */
import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net';
import { CamError } from '../../lib/errors.ts';
import { rawErrorAnswer } from './answer.ts';
import { findPortHolder } from './port-holder.ts';

export interface ListenLimits {
  readonly connectionsMax: number;
  readonly headerBytesMax: number;
  readonly headersMs: number;
  /** Longer than common clients keep idle connections, so that it is they who close and never meet a reset. */
  readonly keepAliveMs: number;
}

export const LISTEN_LIMITS: ListenLimits = {
  connectionsMax: 2_048,
  headerBytesMax: 16_384,
  headersMs: 10_000,
  keepAliveMs: 75_000,
};

export interface Bound {
  readonly host: string;
  readonly port: number;
}

export interface Listening extends Bound {
  /** Stops accepting, closes idle connections and resolves when the last one has ended. */
  close(): Promise<void>;
  /** Ends every connection now. */
  destroy(): void;
  connections(): number;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly limits?: ListenLimits;
  /** Made once the port is known, before the first request. */
  readonly handler: (bound: Bound) => RequestListener;
}

/** Throws `port_taken`. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const limits = options.limits ?? LISTEN_LIMITS;
  const http = createServer(limits);
  const sockets = trackSockets(http, limits.connectionsMax);
  answerClientErrors(http, sockets);
  const { port, second } = await bindBoth(http, options.host, options.port);
  const bound: Bound = { host: options.host, port };
  const handler = options.handler(bound);

  let closing = false;
  // A connection that is busy when closing begins is idle after its answer, and has to be closed then.
  const closeAfter = (res: ServerResponse): void => {
    if (!res.headersSent) res.shouldKeepAlive = false;
    res.once('close', () => setImmediate(() => http.closeIdleConnections()));
  };
  http.on('request', (req, res) => {
    if (sockets.has(req.socket)) sockets.set(req.socket, res);
    if (closing) closeAfter(res);
    handler(req, res);
  });

  return {
    ...bound,
    close: () => {
      closing = true;
      for (const res of sockets.values()) if (res && !res.writableFinished) closeAfter(res);
      const closed = [closeServer(http), second ? closeServer(second) : null];
      http.closeIdleConnections();
      return Promise.all(closed).then(() => undefined);
    },
    destroy: () => {
      for (const socket of sockets.keys()) socket.destroy();
    },
    connections: () => sockets.size,
  };
}

function createServer(limits: ListenLimits): Server {
  const http = createHttpServer({
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMs,
    // Bodies have an idle limit of their own; a long upload is no fault.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(2_000, limits.headersMs),
    noDelay: true,
    // The guard answers for Host, in our own words.
    requireHostHeader: false,
    // Said here because Next adds a listener for upgrades, and that alone would send them there.
    shouldUpgradeCallback: () => false,
  });

  http.on('connect', (_req, socket) => {
    socket.end(
      rawErrorAnswer(new CamError('method_not_allowed', 'This is not a proxy: CONNECT is not served.')),
    );
  });
  return http;
}

/** Says in plain HTTP what was wrong with a head that could not be read, unless an answer is already on its way. */
function answerClientErrors(http: Server, sockets: Sockets): void {
  http.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket;
    const last = sockets.get(socket);
    const answering = last ? !last.writableFinished : false;
    if (error.code === 'ECONNRESET' || !socket.writable || answering) socket.destroy();
    else socket.end(rawErrorAnswer(unreadable(error.code)), () => socket.destroy());
  });
}

function unreadable(code: string | undefined): CamError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new CamError('headers_too_large', 'The URL and headers are larger than 16 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new CamError('body_timeout', 'The request head did not arrive in time.');
    default:
      return new CamError('invalid_request', 'This is not a valid HTTP request.');
  }
}

/** Every open connection with the answer that was begun last on it; answers of one connection end in order. */
type Sockets = Map<Socket, ServerResponse | null>;

function trackSockets(http: Server, connectionsMax: number): Sockets {
  const sockets: Sockets = new Map();
  http.prependListener('connection', (socket: Socket) => {
    if (sockets.size >= connectionsMax) {
      socket.destroy();
      return;
    }
    sockets.set(socket, null);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

const FREE_PORT_TRIES = 5;

async function bindBoth(
  http: Server,
  host: string,
  port: number,
): Promise<{ port: number; second: NetServer | null }> {
  const loopback = host === '127.0.0.1' || host === 'localhost';
  for (let tries = 1; ; tries++) {
    await bind(http, loopback ? '127.0.0.1' : unbracketed(host), port).catch((cause) => {
      throw cause instanceof CamError ? cause : cannotListen(host, port, cause);
    });
    const address = http.address();
    const taken = typeof address === 'object' && address ? address.port : port;
    if (!loopback) return { port: taken, second: null };

    const second = createNetServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      http.emit('connection', socket);
    });
    try {
      await bind(second, '::1', taken);
      return { port: taken, second };
    } catch (error) {
      // No IPv6 on this machine is fine. Somebody else on ::1 is not: half of our clients would talk to them.
      if (!(error instanceof CamError)) return { port: taken, second: null };
      await closeServer(http);
      if (port !== 0 || tries >= FREE_PORT_TRIES) throw error;
    }
  }
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function bind(server: NetServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      reject(error.code === 'EADDRINUSE' ? portTaken(port) : error);
    };
    server.once('error', failed);
    server.listen({ host, port, ipv6Only: host === '::1' }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function portTaken(port: number): CamError {
  const holder = findPortHolder(port);
  return new CamError('port_taken', `Port ${port} is already in use${holder ? ` by ${holder}` : ''}.`, {
    hint: 'Stop that program, or choose another port with CAM_PORT or --port.',
    details: { port, holder },
  });
}

function cannotListen(host: string, port: number, cause: unknown): CamError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return new CamError('config_invalid', `Listening on ${host}, port ${port} failed (${code}).`, {
    cause,
    hint: 'Choose another address with CAM_HOST or another port with CAM_PORT.',
  });
}

function closeServer(server: NetServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
