/** The gate's rules, tried from outside over raw sockets. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, exchange, type Gate, openGate, openRaw, requestHead, statusOf } from './harness.ts';

let gate: Gate;
beforeEach(async () => {
  gate = await openGate({
    allowedHosts: ['wsl.local'],
    handleCall: async (request, sink) => {
      sink.head(200, [['content-type', 'application/json']]);
      sink.end(
        Buffer.from(JSON.stringify({ path: request.path, query: request.query, headers: request.headers })),
      );
    },
    listenLimits: { headersMs: 200 },
  });
});
afterEach(async () => {
  await gate[Symbol.asyncDispose]();
});

const host = (): string => `Host: ${gate.host}`;
const get = (path: string, ...headers: string[]): Promise<string> =>
  exchange(gate, requestHead('GET', path, headers));

describe('the Host header', () => {
  test('must be one of ours', async () => {
    expect(statusOf(await get('/v1/models', host()))).toBe(200);
    expect(statusOf(await get('/v1/models', `Host: localhost:${gate.port}`))).toBe(200);
    expect(statusOf(await get('/v1/models', `Host: LOCALHOST:${gate.port}`))).toBe(200);
    expect(statusOf(await get('/v1/models', `Host: [::1]:${gate.port}`))).toBe(200);
    expect(statusOf(await get('/v1/models', `Host: wsl.local:${gate.port}`))).toBe(200);
    expect(statusOf(await get('/v1/models', 'Host: wsl.local'))).toBe(200);
  });

  test.each([
    ['foreign', () => ['Host: evil.example']],
    ['of another port', () => [`Host: 127.0.0.1:${gate.port + 1}`]],
    ['without its port', () => ['Host: 127.0.0.1']],
    ['empty', () => ['Host:']],
    ['absent', () => ['Accept: */*']],
    ['given twice', () => [host(), host()]],
    ['given twice, the second foreign', () => [host(), 'host: evil.example']],
  ])('is refused when it is %s', async (_name, headers) => {
    for (const path of ['/v1/models', '/admin', '/healthz']) {
      const answer = await get(path, ...headers());
      expect(statusOf(answer)).toBe(421);
      expect(codeOf(answer)).toBe('invalid_host');
    }
  });
});

describe('a foreign origin', () => {
  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://localhost'])(
    'is refused everywhere, with a key or without: %s',
    async (origin) => {
      for (const path of ['/v1/models', '/admin', '/healthz', '/admin/api/trpc/session.status']) {
        const answer = await get(path, host(), `Origin: ${origin}`, 'Authorization: Bearer cam-valid-key');
        expect(statusOf(answer)).toBe(403);
        expect(codeOf(answer)).toBe('forbidden_origin');
      }
    },
  );

  test('is told from our own', async () => {
    expect(statusOf(await get('/v1/models', host(), `Origin: ${gate.origin}`))).toBe(200);
    expect(statusOf(await get('/v1/models', host(), `Origin: http://localhost:${gate.port}`))).toBe(200);
    expect(statusOf(await get('/v1/models', host(), 'Origin: https://wsl.local'))).toBe(200);
  });
});

describe('the head of a request', () => {
  test('may have 100 headers and not 101', async () => {
    const more = (count: number): string[] => Array.from({ length: count - 1 }, (_, i) => `x-${i}: 1`);
    expect(statusOf(await get('/v1/models', host(), ...more(100)))).toBe(200);
    const answer = await get('/v1/models', host(), ...more(101));
    expect(statusOf(answer)).toBe(431);
    expect(codeOf(answer)).toBe('headers_too_large');
  });

  test('may not be larger than 16 KiB', async () => {
    const answer = await get('/v1/models', host(), `x-long: ${'a'.repeat(17 * 1024)}`);
    expect(statusOf(answer)).toBe(431);
    expect(codeOf(answer)).toBe('headers_too_large');
  });

  test('may not have a URL longer than 8 KiB', async () => {
    const answer = await get(`/v1/models?${'a'.repeat(8_192)}`, host());
    expect(statusOf(answer)).toBe(414);
  });

  test('is given up when it arrives too slowly', async () => {
    const connection = openRaw(gate.port);
    connection.send('GET /v1/models HTTP/1.1\r\nHo');
    expect(statusOf(await connection.closed())).toBe(408);
  });

  test('must make sense', async () => {
    const connection = openRaw(gate.port);
    connection.send('NONSENSE\r\n\r\n');
    const answer = await connection.closed();
    expect(statusOf(answer)).toBe(400);
    expect(codeOf(answer)).toBe('invalid_request');
  });

  test('may not contradict itself about where the body ends', async () => {
    const connection = openRaw(gate.port);
    connection.send(
      requestHead('POST', '/v1/responses', [host(), 'Content-Length: 4', 'Transfer-Encoding: chunked']),
    );
    expect(statusOf(await connection.closed())).toBe(400);
  });
});

describe('a request that mistakes us for a proxy', () => {
  test('in absolute form is refused', async () => {
    const answer = await get(`http://${gate.host}/v1/models`, host());
    expect(statusOf(answer)).toBe(400);
    expect(answer).not.toContain('"path"');
  });

  test('by CONNECT is refused', async () => {
    const connection = openRaw(gate.port);
    connection.send(requestHead('CONNECT', 'api.openai.com:443', ['Host: api.openai.com:443']));
    expect(statusOf(await connection.closed())).toBe(405);
  });
});

describe('an upgrade', () => {
  const upgrade = (protocol: string): string[] => [host(), 'Connection: Upgrade', `Upgrade: ${protocol}`];

  test('to h2c that a POST merely offers is ignored, and the POST is served', async () => {
    const answer = await exchange(
      gate,
      requestHead('POST', '/v1/responses', [
        ...upgrade('h2c'),
        'HTTP2-Settings: AAMAAABk',
        'Content-Length: 2',
      ]),
      '{}',
    );
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('"path":"/v1/responses"');
  });

  test.each(['/v1/responses', '/v1/v1/responses', '/v1/responses/'])(
    'to WebSocket on %s gets 426, from which Codex goes on over HTTP',
    async (path) => {
      const answer = await get(
        path,
        ...upgrade('websocket'),
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: eA==',
      );
      expect(statusOf(answer)).toBe(426);
      expect(codeOf(answer)).toBe('websocket_unsupported');
    },
  );

  test.each(['/admin', '/_next/webpack-hmr', '/v1/realtime', '/'])('on %s is refused', async (path) => {
    expect(statusOf(await get(path, ...upgrade('websocket')))).toBe(400);
  });
});

test('an upgrade is refused even when a framework behind us has begun to listen for upgrades', async () => {
  let upgrades = 0;
  await using other = await openGate({
    pages: {
      handle: (req, res) => {
        const { server } = req.socket as unknown as { server: import('node:http').Server };
        server.on('upgrade', () => {
          upgrades += 1;
        });
        res.end();
      },
    },
  });
  const hostHere = `Host: ${other.host}`;
  await exchange(other, requestHead('GET', '/admin', [hostHere]));
  const answer = await exchange(
    other,
    requestHead('GET', '/_next/webpack-hmr', [hostHere, 'Connection: Upgrade', 'Upgrade: websocket']),
  );
  expect(statusOf(answer)).toBe(400);
  expect(upgrades).toBe(0);
});

test('headers by which others steer frameworks never get through', async () => {
  const smuggled = [
    'X-Forwarded-For: 1.2.3.4',
    'x-forwarded-host: evil.example',
    'X-Middleware-Subrequest: middleware',
    'x-nextjs-data: 1',
    'Next-Action: abc',
    "Content-Security-Policy: script-src 'nonce-evil'",
    'x-nonce: evil',
    'Forwarded: for=1.2.3.4',
    'Set-Cookie: a=b',
  ];
  const answer = await get('/v1/models', host(), ...smuggled, 'session-id: kept', 'x-codex-window-id: kept');
  const { headers } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as {
    headers: Record<string, string>;
  };
  expect(Object.keys(headers).sort()).toEqual(['host', 'session-id', 'x-codex-window-id']);
});
