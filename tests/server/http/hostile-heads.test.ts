/** Heads that no honest client or provider sends. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRequestHeaderRule } from '../../../server/gateway/request-headers.ts';
import { createResponseHeaderRule } from '../../../server/gateway/response-headers.ts';
import { allowedHosts } from '../../../server/http/allowed-hosts.ts';
import { guard, HEADERS_MAX } from '../../../server/http/guard.ts';
import { CLIENT_KEY, chat, openRig } from '../../support/gateway-rig.ts';

const RUNS = Number(process.env.CAM_FUZZ_RUNS ?? 1_500);

const CREDENTIALS = [
  'authorization',
  'api-key',
  'x-api-key',
  'x-goog-api-key',
  'cookie',
  'proxy-authorization',
];
const NAMES = [
  ...CREDENTIALS,
  'host',
  'origin',
  'connection',
  'x-cam-account',
  'openai-organization',
  'accept',
  'x-anything',
  '__proto__',
  'constructor',
  'set-cookie',
  'access-control-allow-origin',
  'content-length',
];
const value = fc.oneof(
  fc.string(),
  fc.constantFrom('', '127.0.0.1:8080', 'evil.example', 'null', 'x-api-key, accept', 'http://127.0.0.1:8080'),
);
const headers = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 12 })
  .map((all) => Object.fromEntries(all));

describe('Hostile headers', () => {
  it('of a client never take a credential to a provider', () => {
    const sift = createRequestHeaderRule();
    fc.assert(
      fc.property(headers, fc.boolean(), (all, rawBody) => {
        const sent = sift(all, { rawBody });
        const names = sent.filter((_, at) => at % 2 === 0);
        for (const name of [...CREDENTIALS, 'host', 'openai-organization', 'x-cam-account']) {
          expect(names).not.toContain(name);
        }
        expect(sent.length % 2).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });

  it('of a provider never become headers of ours that steer a browser', () => {
    const rule = createResponseHeaderRule();
    fc.assert(
      fc.property(headers, fc.boolean(), (all, seeAccounts) => {
        for (const [name] of rule(all, seeAccounts)) {
          expect(['set-cookie', 'access-control-allow-origin', 'x-api-key', 'x-cam-account']).not.toContain(
            name,
          );
          if (!seeAccounts) expect(name).not.toBe('openai-organization');
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('are let in only with exactly one Host of ours and no foreign Origin', () => {
    const allowed = allowedHosts('127.0.0.1', 8080, []);
    const raw = fc.array(fc.tuple(fc.constantFrom('Host', 'host', 'HOST', 'Origin', 'X-Anything'), value), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(raw, fc.oneof(fc.string(), fc.constant('/v1/models')), (all, url) => {
        const dictionary: Record<string, string> = {};
        for (const [name, one] of all) dictionary[name.toLowerCase()] ??= one;
        const refused = guard({ method: 'POST', url, rawHeaders: all.flat(), headers: dictionary }, allowed);
        const hosts = all.filter(([name]) => name.toLowerCase() === 'host');
        const isOurs = hosts.length === 1 && hosts[0]?.[1] === '127.0.0.1:8080';
        const origin = dictionary.origin;
        if (refused === null) {
          expect(isOurs).toBe(true);
          expect(origin === undefined || origin === 'http://127.0.0.1:8080').toBe(true);
          expect(url.startsWith('/')).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
    const many = Array.from({ length: 2 * HEADERS_MAX + 2 }, () => 'x');
    expect(guard({ method: 'GET', url: '/', rawHeaders: many, headers: {} }, allowed)?.code).toBe(
      'headers_too_large',
    );
  });
});

/** Each in the place of a header of an otherwise good call. */
const LINES = [
  'host: evil.example',
  'host: 127.0.0.1',
  'origin: null',
  'content-length: -1',
  'content-length: 5',
  'content-length: 1e3',
  'transfer-encoding: chunked',
  'transfer-encoding: xchunked',
  'Transfer-Encoding : chunked',
  ' folded: line',
  'x-nul: a\u0000b',
  'x-cr: a\rb: c',
  'no colon at all',
  ': no name',
  'upgrade: h2c',
  'expect: 100-continue',
  'expect: something else',
  'connection: authorization, host',
  `x-long: ${'a'.repeat(20_000)}`,
  'content-encoding: gzip',
  'content-encoding: gzip, gzip, gzip, gzip, gzip',
  'authorization: Bearer another',
];

it('A hostile head on the wire is answered or cut off, reaches no provider twice, and harms nobody else', async () => {
  await using rig = await openRig();
  const port = Number(new URL(rig.url).port);
  const body = JSON.stringify(chat());
  for (const line of LINES) {
    const before = rig.received('one');
    const answer = await new Promise<string>((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connect(port, '127.0.0.1');
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${CLIENT_KEY}\r\n` +
          `content-type: application/json\r\n${line}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
    });
    const status = /^HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?(\d{3})/.exec(answer)?.[1];
    const reached = rig.received('one') - before;
    expect(reached, line).toBe(status === '200' ? 1 : 0);
    if (status !== undefined && status !== '200') expect(Number(status), line).toBeGreaterThanOrEqual(400);
    const after = await rig.post('/v1/chat/completions', chat());
    expect(after.status, line).toBe(200);
    await after.text();
  }
}, 60_000);
