/** A plain client for the emulator, by node:http alone, that sees what a transport sees. */

import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The answer was complete as far as the transport can tell. */
  readonly whole: boolean;
}

export interface Send {
  readonly url: string;
  readonly path: string;
  readonly key?: string;
  readonly body?: object;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Called with every chunk; returning `leave` ends the call from the client's side. */
  readonly onChunk?: (text: string) => 'leave' | undefined;
}

/** Rejects when the connection fails before there is an answer. */
export function send({ url, path, key = 'sk-one', body, method, headers, onChunk }: Send): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      agent: false,
    });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (onChunk?.(chunk.toString()) === 'leave') outgoing.destroy();
      });
      incoming.once('error', () => undefined);
      incoming.once('close', () => {
        const all = Buffer.concat(chunks);
        const { statusCode: status = 0, headers: received, complete: whole } = incoming;
        resolve({ status, headers: received, body: all, text: all.toString(), whole });
      });
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
