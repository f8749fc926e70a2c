/** The adapter between node:http and the gateway's values, over real sockets. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { asCamError, toWireError } from '../../../lib/errors.ts';
import type { GatewayRequest, HandleCall, ResponseSink } from '../../../server/gateway/values.ts';
import {
  codeOf,
  exchange,
  type Gate,
  type GateOptions,
  openGate,
  openRaw,
  requestHead,
  statusOf,
} from './harness.ts';

let gate: Gate | null = null;
afterEach(async () => {
  await gate?.[Symbol.asyncDispose]();
  gate = null;
});

const bytes = (text: string): Uint8Array => Buffer.from(text);
/** So much that part of it stays with us when the client does not read. */
const MORE_THAN_KERNELS_BUFFER = Buffer.alloc(64 * 1024 * 1024);
const SSE = [['content-type', 'text/event-stream']] as const;

/** Answers with the body it was sent, or with the error that reading it gave. */
const echo =
  (bytesMax = 1_000_000): HandleCall =>
  async (request, sink) => {
    try {
      const body = await request.readBody(bytesMax);
      sink.head(200, [['x-coding', request.headers['content-encoding'] ?? 'none']]);
      sink.end(body);
    } catch (thrown) {
      const error = asCamError(thrown);
      sink.head(error.kind.status, [['content-type', 'application/json']]);
      sink.end(bytes(JSON.stringify(toWireError(error))));
    }
  };

async function open(options: GateOptions): Promise<Gate> {
  gate = await openGate(options);
  return gate;
}

function post(on: Gate, body: string | Uint8Array, ...headers: string[]): Promise<string> {
  const head = [`Host: ${on.host}`, `Content-Length: ${body.length}`, ...headers];
  return exchange(on, requestHead('POST', '/v1/responses', head), body);
}

describe('a request body', () => {
  test('comes through whole, whatever pieces it arrived in', async () => {
    const on = await open({ handleCall: echo() });
    const connection = openRaw(on.port);
    connection.send(requestHead('POST', '/v1/responses', [`Host: ${on.host}`, 'Transfer-Encoding: chunked']));
    for (const piece of ['{"mod', 'el":', '"m"}'])
      connection.send(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    connection.send('0\r\n\r\n');
    expect(await connection.until(/"m"}$/)).toContain('{"model":"m"}');
    connection.socket.destroy();
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('in %s is decoded, and no longer called encoded', async (coding, encode) => {
    const on = await open({ handleCall: echo() });
    const answer = await post(on, encode('{"model":"m"}'), `Content-Encoding: ${coding}`);
    expect(answer).toContain('{"model":"m"}');
    expect(answer).toContain('x-coding: none');
  });

  test('in a coding we do not know, or in several, is refused', async () => {
    const on = await open({ handleCall: echo() });
    for (const coding of ['compress', 'gzip, gzip']) {
      expect(codeOf(await post(on, 'x', `Content-Encoding: ${coding}`))).toBe('unsupported_encoding');
    }
  });

  test('that is not what its coding says is the client’s fault', async () => {
    const on = await open({ handleCall: echo() });
    expect(codeOf(await post(on, 'not gzip', 'Content-Encoding: gzip'))).toBe('invalid_request');
    const half = gzipSync('{"model":"m"}').subarray(0, 12);
    expect(codeOf(await post(on, half, 'Content-Encoding: gzip'))).toBe('invalid_request');
  });

  test('that blows up when decoded is refused', async () => {
    const on = await open({ handleCall: echo(1_000_000) });
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    expect(codeOf(await post(on, bomb, 'Content-Encoding: gzip'))).toBe('body_too_large');
  });

  test('over the limit is refused, announced or not', async () => {
    const on = await open({ handleCall: echo(10) });
    expect(codeOf(await post(on, 'x'.repeat(11)))).toBe('body_too_large');
    const connection = openRaw(on.port);
    connection.send(requestHead('POST', '/v1/responses', [`Host: ${on.host}`, 'Transfer-Encoding: chunked']));
    connection.send(`b\r\n${'x'.repeat(11)}\r\n`);
    expect(codeOf(await connection.until(/}$/))).toBe('body_too_large');
    connection.socket.destroy();
  });

  test('that stops arriving is given up', async () => {
    const on = await open({ handleCall: echo(), limits: { bodyIdleMs: 50, lingerMs: 50 } });
    const connection = openRaw(on.port);
    connection.send(requestHead('POST', '/v1/responses', [`Host: ${on.host}`, 'Content-Length: 10']));
    connection.send('half');
    const answer = await connection.closed();
    expect(statusOf(answer)).toBe(408);
    expect(codeOf(answer)).toBe('body_timeout');
  });

  test('counts against all bodies in memory until its call is over', async () => {
    const held: ResponseSink[] = [];
    const on = await open({
      bodyBytesTotalMax: 1_000,
      handleCall: async (request, sink) => {
        if (request.path !== '/v1/hold') return echo()(request, sink);
        await request.readBody(1_000);
        held.push(sink);
        sink.head(200, SSE);
        sink.write(bytes('holding'));
      },
    });
    const holder = openRaw(on.port);
    holder.send(requestHead('POST', '/v1/hold', [`Host: ${on.host}`, 'Content-Length: 800']));
    holder.send('x'.repeat(800));
    await holder.until(/holding/);
    expect(codeOf(await post(on, 'x'.repeat(300)))).toBe('memory_exhausted');

    held[0]?.end();
    await holder.until(/0\r\n\r\n$/);
    expect(statusOf(await post(on, 'x'.repeat(300)))).toBe(200);
    holder.socket.destroy();
  });

  test('that is being decoded when its client leaves takes no memory for good', async () => {
    const size = 20_000_000;
    const settled: string[] = [];
    const on = await open({
      bodyBytesTotalMax: size + 100_000,
      handleCall: async (request, sink) => {
        const read = await request.readBody(size).then(
          (body) => `${body.length} bytes`,
          (thrown: unknown) => (thrown instanceof Error ? thrown.name : 'unknown'),
        );
        settled.push(read);
        sink.head(200, []);
        sink.end(bytes(read));
      },
    });
    const body = gzipSync(Buffer.alloc(size));
    const leaver = openRaw(on.port);
    leaver.send(
      requestHead('POST', '/v1/responses', [
        `Host: ${on.host}`,
        `Content-Length: ${body.length}`,
        'Content-Encoding: gzip',
      ]),
    );
    leaver.socket.end(body);
    await until(() => settled.length === 1);
    await until(() => on.listening.connections() === 0);
    expect(await post(on, body, 'Content-Encoding: gzip')).toContain(`${size} bytes`);
  });

  test('of an upload can be read piece by piece, and one that stalls is given up', async () => {
    const results: string[] = [];
    const on = await open({
      limits: { bodyIdleMs: 50, lingerMs: 50 },
      handleCall: async (request, sink) => {
        let text = '';
        try {
          for await (const piece of request.streamBody()) text += Buffer.from(piece).toString();
          results.push(text);
        } catch (thrown) {
          results.push(asCamError(thrown).code);
        }
        sink.head(200, []);
        sink.end(bytes('done'));
      },
    });
    await post(on, 'a whole upload');
    const connection = openRaw(on.port);
    connection.send(requestHead('POST', '/v1/files', [`Host: ${on.host}`, 'Content-Length: 10']));
    await connection.closed();
    expect(results).toEqual(['a whole upload', 'body_timeout']);
  });
});

describe('an answer', () => {
  test('given whole has a length, so that the connection can be used again', async () => {
    const on = await open({ handleCall: echo() });
    const connection = openRaw(on.port);
    const head = requestHead('POST', '/v1/responses', [`Host: ${on.host}`, 'Content-Length: 2']);
    connection.send(`${head}ab`);
    expect(await connection.until(/ab$/)).toMatch(/content-length: 2\r\n/);
    connection.send(`${head}cd`);
    await connection.until(/cd$/);
    connection.socket.destroy();
  });

  test('that streams is one chunk an event, and the connection can be used again', async () => {
    const on = await open({
      handleCall: async (_request, sink) => {
        sink.head(200, SSE);
        sink.write(bytes('data: one\n\n'));
        sink.write(bytes(''));
        sink.write(bytes('data: two\n\n'));
        sink.end(bytes('data: [DONE]\n\n'));
      },
    });
    const connection = openRaw(on.port);
    const head = requestHead('GET', '/v1/stream', [`Host: ${on.host}`]);
    connection.send(head);
    const answer = await connection.until(/0\r\n\r\n$/);
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(
      'b\r\ndata: one\n\n\r\nb\r\ndata: two\n\n\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n',
    );
    expect(answer).toMatch(/transfer-encoding: chunked\r\n/);
    expect(answer).toMatch(/x-content-type-options: nosniff\r\n/);
    connection.send(head);
    await connection.until(/\[DONE\][\s\S]*\[DONE\]\n\n\r\n0\r\n\r\n$/);
    connection.socket.destroy();
  });

  test('of any size reads the same in an ordinary client', async () => {
    const sizes = [1, 15, 16, 255, 4_096, 65_535, 65_536, 300_000];
    const on = await open({
      handleCall: async (_request, sink) => {
        sink.head(200, SSE);
        for (const size of sizes) sink.write(Buffer.alloc(size, size % 251));
        sink.end();
      },
    });
    const body = Buffer.from(await (await fetch(`${on.origin}/v1/stream`)).arrayBuffer());
    expect(body.equals(Buffer.concat(sizes.map((size) => Buffer.alloc(size, size % 251))))).toBe(true);
  });

  test('to HEAD, or with a status that has no body, has none', async () => {
    const on = await open({
      handleCall: async (request, sink) => {
        sink.head(request.method === 'HEAD' ? 200 : 204, []);
        sink.end(request.method === 'HEAD' ? bytes('unsent') : undefined);
      },
    });
    for (const method of ['HEAD', 'DELETE']) {
      const connection = openRaw(on.port);
      connection.send(requestHead(method, '/v1/models', [`Host: ${on.host}`, 'Connection: close']));
      const answer = await connection.closed();
      expect(answer.endsWith('\r\n\r\n')).toBe(true);
      expect(answer).not.toMatch(/transfer-encoding/);
    }
  });

  test('whose first byte is late has its head sent at once', async () => {
    const on = await open({ handleCall: async (_request, sink) => sink.head(200, SSE) });
    const connection = openRaw(on.port);
    connection.send(requestHead('GET', '/v1/stream', [`Host: ${on.host}`]));
    expect(statusOf(await connection.until(/\r\n\r\n/))).toBe(200);
    connection.socket.destroy();
  });

  test('is not lost for a header that HTTP cannot carry', async () => {
    const on = await open({
      handleCall: async (_request, sink) => {
        sink.head(200, [
          ['x-good', 'yes'],
          ['x-bad', 'Жук'],
        ]);
        sink.end(bytes('body'));
      },
    });
    const answer = await post(on, '');
    expect(answer).toContain('x-good: yes');
    expect(answer).not.toContain('x-bad');
    expect(answer).toContain('body');
  });

  test('is an error of ours when the gateway itself fails, with the reason in the log only', async () => {
    const on = await open({ handleCall: () => Promise.reject(new Error('broken inside')) });
    const answer = await post(on, '');
    expect(codeOf(answer)).toBe('internal');
    expect(answer).not.toContain('broken inside');
    expect(on.logLines.join('')).toContain('broken inside');
  });
});

describe('breaking an answer', () => {
  const breaking =
    (last: string | undefined): HandleCall =>
    async (_request, sink) => {
      sink.head(200, SSE);
      sink.write(bytes('data: one\n\n'));
      await sink.break(last === undefined ? undefined : bytes(last));
    };

  test('delivers the last event and leaves the stream unterminated', async () => {
    const on = await open({ handleCall: breaking('data: failed\n\n') });
    const connection = openRaw(on.port);
    connection.send(requestHead('GET', '/v1/stream', [`Host: ${on.host}`]));
    const answer = await connection.closed();
    expect(answer.endsWith('e\r\ndata: failed\n\n\r\n')).toBe(true);
  });

  test('without a last event delivers what was written before', async () => {
    const on = await open({ handleCall: breaking(undefined) });
    const connection = openRaw(on.port);
    connection.send(requestHead('GET', '/v1/stream', [`Host: ${on.host}`]));
    expect((await connection.closed()).endsWith('b\r\ndata: one\n\n\r\n')).toBe(true);
  });

  test('looks like a failure to an ordinary client', async () => {
    const on = await open({ handleCall: breaking('data: failed\n\n') });
    const answer = await fetch(`${on.origin}/v1/stream`);
    await expect(answer.text()).rejects.toThrow();
  });

  test('is a reset for HTTP/1.0, which has no other way to tell', async () => {
    const on = await open({ handleCall: breaking(undefined) });
    const connection = openRaw(on.port);
    const reset = new Promise<unknown>((resolve) => connection.socket.once('error', resolve));
    connection.send(`GET /v1/stream HTTP/1.0\r\nHost: ${on.host}\r\n\r\n`);
    expect(await reset).toMatchObject({ code: 'ECONNRESET' });
  });

  test('does not wait for a client that reads nothing', async () => {
    let broken: Promise<void> | null = null;
    const on = await open({
      limits: { breakMs: 20 },
      handleCall: async (_request, sink) => {
        sink.head(200, SSE);
        sink.write(MORE_THAN_KERNELS_BUFFER);
        broken = sink.break(bytes('data: failed\n\n'));
        await broken;
      },
    });
    const connection = openRaw(on.port);
    connection.socket.pause();
    connection.send(requestHead('GET', '/v1/stream', [`Host: ${on.host}`]));
    await until(() => broken !== null);
    await broken;
    connection.socket.destroy();
  });
});

describe('the signal of a call', () => {
  function watch(): { handleCall: HandleCall; calls: { request: GatewayRequest; sink: ResponseSink }[] } {
    const calls: { request: GatewayRequest; sink: ResponseSink }[] = [];
    const handleCall: HandleCall = async (request, sink) => {
      calls.push({ request, sink });
      sink.head(200, SSE);
      sink.write(bytes('data: one\n\n'));
    };
    return { handleCall, calls };
  }

  test('is aborted when the client leaves', async () => {
    const { handleCall, calls } = watch();
    const on = await open({ handleCall });
    const connection = openRaw(on.port);
    connection.send(requestHead('GET', '/v1/stream', [`Host: ${on.host}`]));
    await connection.until(/one/);
    connection.socket.destroy();
    await until(() => calls[0]?.request.signal.aborted === true);
    expect(calls[0]?.sink.write(bytes('more'))).toBe(false);
    calls[0]?.sink.end();
  });

  test('is aborted when the client leaves while its body is being read', async () => {
    const aborted: boolean[] = [];
    const on = await open({
      handleCall: async (request) => {
        const failure = await request.readBody(100).catch((error: unknown) => error);
        expect(failure).toMatchObject({ name: 'AbortError' });
        aborted.push(request.signal.aborted);
      },
    });
    const connection = openRaw(on.port);
    connection.send(requestHead('POST', '/v1/responses', [`Host: ${on.host}`, 'Content-Length: 10']));
    connection.send('half');
    await until(() => on.listening.connections() === 1);
    connection.socket.end();
    await until(() => aborted.length === 1);
    expect(aborted).toEqual([true]);
  });

  test('is not aborted when the client leaves after our last word', async () => {
    const { handleCall, calls } = watch();
    const on = await open({ handleCall });
    const connection = openRaw(on.port);
    connection.send(requestHead('GET', '/v1/stream', [`Host: ${on.host}`]));
    await connection.until(/one/);
    calls[0]?.sink.end();
    await connection.until(/0\r\n\r\n$/);
    connection.socket.destroy();
    await until(() => on.listening.connections() === 0);
    expect(calls[0]?.request.signal.aborted).toBe(false);
  });

  test('is aborted when the client reads nothing for too long', async () => {
    const { handleCall, calls } = watch();
    const on = await open({ handleCall, limits: { stallMs: 50 } });
    const connection = openRaw(on.port);
    connection.socket.pause();
    connection.send(requestHead('GET', '/v1/stream', [`Host: ${on.host}`]));
    await until(() => calls.length === 1);
    calls[0]?.sink.write(MORE_THAN_KERNELS_BUFFER);
    await until(() => calls[0]?.request.signal.aborted === true);
    connection.socket.destroy();
  });
});

test('a slow reader holds the writer back until it has caught up, and loses nothing', async () => {
  const pieces = 200;
  let pauses = 0;
  const on = await open({
    handleCall: async (_request, sink) => {
      sink.head(200, SSE);
      for (let i = 0; i < pieces; i++) {
        if (sink.write(Buffer.alloc(65_536, i % 251))) continue;
        pauses += 1;
        await new Promise<void>((resolve) => sink.onDrain(resolve));
      }
      sink.end();
    },
  });
  const received = await new Promise<number>((resolve, reject) => {
    const agent = new Agent({ keepAlive: false });
    const request = httpRequest(`${on.origin}/v1/stream`, { agent }, (response: IncomingMessage) => {
      let size = 0;
      response.on('data', (piece: Buffer) => {
        size += piece.length;
      });
      response.on('end', () => resolve(size));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end();
  });
  expect(received).toBe(pieces * 65_536);
  expect(pauses).toBeGreaterThan(0);
});

/** Resolves when the condition holds; the test's own time-out is the bound. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
