/**
 * A whole gate on a free port with stand-ins behind its doors, and a client that speaks raw bytes, because the
 * things to be tested are those that polite clients never send.
 */
import { connect, type Socket } from 'node:net';
import type { HandleCall } from '../../../server/gateway/values.ts';
import { ADAPTER_LIMITS, type AdapterLimits } from '../../../server/http/adapter.ts';
import { LISTEN_LIMITS, type Listening, type ListenLimits, listen } from '../../../server/http/listen.ts';
import type { Pages } from '../../../server/http/next.ts';
import { createRouter, type RouterDeps } from '../../../server/http/router.ts';
import { createLogger } from '../../../server/log.ts';

export interface Gate extends AsyncDisposable {
  readonly listening: Listening;
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly origin: string;
  readonly logLines: string[];
}

export const sayOk: HandleCall = async (_request, sink) => {
  sink.head(200, [['content-type', 'text/plain']]);
  sink.end(Buffer.from('served'));
};

export interface GateOptions {
  readonly handleCall?: HandleCall;
  readonly handleAdmin?: RouterDeps['handleAdmin'];
  readonly pages?: Partial<Pages>;
  readonly vault?: () => 'uninitialised' | 'locked' | 'unlocked';
  readonly allowedHosts?: readonly string[];
  readonly limits?: Partial<AdapterLimits>;
  readonly listenLimits?: Partial<ListenLimits>;
  readonly bodyBytesTotalMax?: number;
  readonly onMisdirected?: (path: string) => void;
}

export async function openGate(options: GateOptions = {}): Promise<Gate> {
  const logLines: string[] = [];
  const log = createLogger({ level: 'debug', destination: { write: (line) => void logLines.push(line) } });
  const pages: Pages = {
    ready: Promise.resolve(true),
    handle: (_req, res) => void res.end('a page'),
    isAsset: (path) => path === '/favicon.ico',
    close: async () => {},
    ...options.pages,
  };
  const listening = await listen({
    host: '127.0.0.1',
    port: 0,
    limits: { ...LISTEN_LIMITS, ...options.listenLimits },
    handler: (bound) =>
      createRouter({
        bound,
        allowedHosts: options.allowedHosts ?? [],
        startId: 'start-1',
        version: '0.0.0',
        vaultState: options.vault ?? (() => 'unlocked'),
        handleCall: options.handleCall ?? sayOk,
        handleAdmin: options.handleAdmin ?? ((_req, res) => void res.end('admin')),
        handleMetrics: (_req, res) => void res.end('metrics'),
        pages,
        clock: { nowMs: () => 0, monotonicMs: () => 0 },
        random: (bytes) => new Uint8Array(bytes).fill(7),
        log,
        bodyBytesTotalMax: options.bodyBytesTotalMax ?? 64 * 1024 * 1024,
        limits: { ...ADAPTER_LIMITS, ...options.limits },
        ...(options.onMisdirected ? { onMisdirected: options.onMisdirected } : {}),
      }),
  });
  return {
    listening,
    port: listening.port,
    host: `127.0.0.1:${listening.port}`,
    origin: `http://127.0.0.1:${listening.port}`,
    logLines,
    [Symbol.asyncDispose]: async () => {
      listening.destroy();
      await listening.close();
    },
  };
}

export interface RawConnection {
  readonly socket: Socket;
  send(text: string | Uint8Array): void;
  /** Everything received so far. */
  received(): string;
  /** Resolves with everything received once it matches. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with everything received once the server has closed the connection. */
  closed(): Promise<string>;
}

export function openRaw(port: number, host = '127.0.0.1'): RawConnection {
  const socket = connect({ port, host });
  let text = '';
  const watchers = new Set<() => void>();
  const wake = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  let isClosed = false;
  socket.setEncoding('latin1');
  socket.on('data', (piece) => {
    text += piece;
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    wake();
  });
  const when = (holds: () => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (holds()) resolve(text);
        else if (isClosed) reject(new Error(`the connection closed after: ${JSON.stringify(text)}`));
        else return;
        watchers.delete(look);
      };
      watchers.add(look);
      look();
    });
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    received: () => text,
    until: (pattern) => when(() => pattern.test(text)),
    closed: () => when(() => isClosed),
  };
}

/** Sends one request on a connection of its own and gives what came back when the server has closed it. */
export async function exchange(gate: Gate, head: string, body: string | Uint8Array = ''): Promise<string> {
  const connection = openRaw(gate.port);
  connection.send(head);
  if (body.length > 0) connection.send(body);
  const answer = await connection.until(/\r\n\r\n/);
  const length = /content-length: (\d+)/i.exec(answer)?.[1];
  if (length !== undefined) {
    await connection.until(new RegExp(`\\r\\n\\r\\n[\\s\\S]{${length}}`));
  }
  connection.socket.destroy();
  return connection.received();
}

export function requestHead(method: string, path: string, headers: readonly string[]): string {
  return `${[`${method} ${path} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n`;
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}

export function codeOf(answer: string): string {
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  const parsed = JSON.parse(body) as { error: { code: string } };
  return parsed.error.code;
}
