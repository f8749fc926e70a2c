/**
 * A pass-through in front of the server that notes when an agent first asks: agents take many seconds to start
 * on a busy machine, and what is promised counts from the moment they ask.
 */

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeardAnswer {
  /** `performance.now()` when it was asked for, and by what. */
  readonly askedMs: number;
  readonly asked: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of the body. */
  readonly body: string;
}

export interface Doorbell {
  /** The base URL to give to the agent. */
  readonly baseUrl: string;
  /** `performance.now()` of the first request; null before it. */
  firstRungMs(): number | null;
  /** Resolves with the first request. */
  readonly rung: Promise<void>;
  /** How many requests there were. */
  count(): number;
  /** What was answered, oldest first. */
  readonly answers: readonly HeardAnswer[];
  close(): Promise<void>;
}

const ANSWERS_MAX = 5_000;
const BODY_MAX = 16_384;

/** @param change what of a request's headers becomes something else on the way; null takes one away */
export async function createDoorbell(
  baseUrl: string,
  change: Readonly<Record<string, string | null>> = {},
): Promise<Doorbell> {
  const target = new URL(baseUrl);
  const answers: HeardAnswer[] = [];
  let count = 0;
  let rungMs: number | null = null;
  let ring = (): void => undefined;
  const rung = new Promise<void>((resolve) => {
    ring = resolve;
  });
  const server = createServer((incoming, outgoing) => {
    count++;
    if (rungMs === null) {
      rungMs = performance.now();
      ring();
    }
    const { method = 'GET', url: path = '/' } = incoming;
    const askedMs = performance.now();
    // The server answers to its own name only.
    const headers: OutgoingHttpHeaders = { ...incoming.headers, host: target.host };
    for (const [name, value] of Object.entries(change)) {
      if (value === null) delete headers[name];
      else headers[name] = value;
    }
    const onward = request({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      const heard = {
        askedMs,
        asked: `${method} ${path}`,
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: '',
      };
      if (answers.length < ANSWERS_MAX) answers.push(heard);
      answer.on('data', (chunk: Buffer) => {
        if (heard.body.length < BODY_MAX) heard.body += chunk.toString();
      });
      // What has come so far leaves first: bytes still waiting are lost with a destroyed socket.
      answer.once('error', () => outgoing.write('', () => outgoing.destroy()));
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    outgoing.once('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${target.pathname}`,
    firstRungMs: () => rungMs,
    rung,
    count: () => count,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
