/** The way out for notifications: where it goes, where never, and what becomes of it. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import { createAddressBook } from '../../../server/upstream/address.ts';
import { createNotifier, type Notifier } from '../../../server/upstream/notify.ts';
import { createTransport, type Transport } from '../../../server/upstream/transport.ts';
import { testClock } from '../db/support.ts';

let server: Server;
let transport: Transport;
let notifier: Notifier;
let status = 204;
let location: string | null = null;
const seen: { readonly head: IncomingMessage; readonly body: string }[] = [];

beforeEach(async () => {
  seen.length = 0;
  status = 204;
  location = null;
  server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () => {
      seen.push({ head: req, body });
      if (status === 0) return;
      res.writeHead(status, location === null ? {} : { location });
      res.end('x'.repeat(200_000));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const addresses = createAddressBook();
  transport = createTransport({
    clock: testClock(),
    addresses,
    resolve: (_host, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    connectMs: 1_000,
    proxy: null,
    env: {},
  });
  notifier = createNotifier({ addresses, transport, ownPorts: () => [8080] });
});
afterEach(async () => {
  await transport.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const here = (path = '/hook?token=abc'): Secret =>
  new Secret(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
const send = (url: Secret, allowLocal = true) =>
  notifier.send({ url, allowLocal, headers: { 'x-cam-signature': 'sha256=00' }, body: '{"a":1}' });

describe('A notification', () => {
  it('is sent with its headers and body to the whole address', async () => {
    expect(await send(here())).toBeNull();
    expect(seen[0]?.head).toMatchObject({ method: 'POST', url: '/hook?token=abc' });
    expect(seen[0]?.head.headers).toMatchObject({
      'content-type': 'application/json',
      'x-cam-signature': 'sha256=00',
    });
    expect(seen[0]?.body).toBe('{"a":1}');
  });

  it('that is not taken says by what, and follows no redirect', async () => {
    status = 500;
    expect(await send(here())).toBe('It answered 500.');
    status = 302;
    location = 'http://127.0.0.1:1/elsewhere';
    expect(await send(here())).toBe('It answered 302.');
    expect(seen).toHaveLength(2);
  });

  it('that nobody answers is given up after five seconds, or at once where nobody is', {
    timeout: 15_000,
  }, async () => {
    status = 0;
    const sinceMs = performance.now();
    expect(await send(here())).toMatch(/did not answer within 5 seconds|UND_ERR_HEADERS_TIMEOUT/);
    expect(performance.now() - sinceMs).toBeLessThan(8_000);
    const gone = here();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    expect(await send(gone)).toContain('cannot be reached');
    server.listen(0, '127.0.0.1');
  });

  it.each([
    ['http://hooks.example/x', 'must begin with https'],
    ['https://127.0.0.1/x', 'on this computer'],
    ['https://10.1.2.3/x', 'on this computer or network'],
    ['https://169.254.169.254/latest', 'Nobody listens'],
    ['https://user:word@hooks.example/', 'user or a password'],
    ['ftp://hooks.example/', 'must begin with https'],
    ['hooks.example', 'not a URL'],
  ])('is not sent to %s', async (url, words) => {
    expect(await send(new Secret(url), false)).toContain(words);
    expect(() => notifier.originOf(new Secret(url), false)).toThrow(words);
    expect(seen).toEqual([]);
  });

  it('is not sent to ourselves, nor to a name that leads to this machine', async () => {
    expect(await send(new Secret('http://127.0.0.1:8080/v1'))).toContain('itself');
    const port = (server.address() as AddressInfo).port;
    expect(await send(new Secret(`https://hooks.example:${port}/x`), false)).toContain('cannot be reached');
    expect(seen).toEqual([]);
  });

  it('never says its address in an error', async () => {
    const told = await send(new Secret('https://hooks.example:1/services/T0/secret-token'), false);
    expect(told).not.toContain('secret-token');
  });
});
