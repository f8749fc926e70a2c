/** The listening sockets: both loopback addresses, a port that is taken, limits, and closing. */
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { CamError } from '../../../lib/errors.ts';
import { listen } from '../../../server/http/listen.ts';
import { exchange, type Gate, openGate, openRaw, requestHead, statusOf } from './harness.ts';

let gate: Gate | null = null;
const others: Server[] = [];
afterEach(async () => {
  await gate?.[Symbol.asyncDispose]();
  gate = null;
  for (const other of others.splice(0)) await new Promise((resolve) => other.close(resolve));
});

function occupy(host: string, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    others.push(server);
    server.once('error', reject);
    server.listen({ port, host }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

const attempt = (port: number, host = '127.0.0.1'): Promise<CamError> =>
  listen({ host, port, handler: () => () => undefined }).then(
    () => Promise.reject(new Error('it listened')),
    (error: CamError) => error,
  );

test('the server answers on 127.0.0.1 and on ::1 with the same port', async () => {
  gate = await openGate();
  for (const host of ['127.0.0.1', '::1']) {
    const connection = openRaw(gate.port, host);
    connection.send(requestHead('GET', '/v1/models', [`Host: localhost:${gate.port}`]));
    expect(await connection.until(/served/)).toContain('200 OK');
    connection.socket.destroy();
  }
});

test('a port that is taken is named together with the program that has it', async () => {
  const port = await occupy('127.0.0.1');
  const error = await attempt(port);
  expect(error.code).toBe('port_taken');
  expect(error.kind.exit).toBe(2);
  expect(error.message).toContain(String(port));
  expect(error.message).toContain(`by node (process ${process.pid})`);
});

test('a port that somebody else has on ::1 only is taken too, and nothing of ours stays on it', async () => {
  const port = await occupy('::1');
  expect((await attempt(port)).code).toBe('port_taken');
  await occupy('127.0.0.1', port);
});

test('an address that is not of this machine is refused in words', async () => {
  const error = await attempt(0, '192.0.2.1');
  expect(error.code).toBe('config_invalid');
  expect(error.message).toContain('192.0.2.1');
});

test('connections past the limit are closed, and there is room again when one ends', async () => {
  gate = await openGate({ listenLimits: { connectionsMax: 2 } });
  const { listening, port } = gate;
  const first = openRaw(port);
  const second = openRaw(port, '::1');
  while (listening.connections() < 2) await new Promise((resolve) => setImmediate(resolve));
  await openRaw(port).closed();
  await openRaw(port, '::1').closed();
  first.socket.destroy();
  while (listening.connections() > 1) await new Promise((resolve) => setImmediate(resolve));
  expect(statusOf(await exchange(gate, requestHead('GET', '/v1/models', [`Host: ${gate.host}`])))).toBe(200);
  second.socket.destroy();
});

test('closing refuses new connections, ends idle ones and lets a running answer finish', async () => {
  let finish: () => void = () => undefined;
  gate = await openGate({
    handleCall: async (_request, sink) => {
      sink.head(200, []);
      sink.write(Buffer.from('begun '));
      finish = () => sink.end(Buffer.from('finished'));
    },
  });
  const head = requestHead('GET', '/v1/stream', [`Host: ${gate.host}`]);
  const idle = openRaw(gate.port);
  const busy = openRaw(gate.port);
  idle.send(requestHead('GET', '/healthz', [`Host: ${gate.host}`]));
  await idle.until(/startId/);
  busy.send(head);
  await busy.until(/begun/);

  const closed = gate.listening.close();
  await idle.closed();
  const late = openRaw(gate.port);
  expect(await late.closed()).toBe('');
  // A second request on the same connection is already on its way.
  const finishFirst = finish;
  busy.send(head);
  while (finish === finishFirst) await new Promise((resolve) => setImmediate(resolve));
  finishFirst();
  await busy.until(/begun [\s\S]*begun /);
  finish();
  expect((await busy.closed()).match(/finished/g)).toHaveLength(2);
  await closed;
});
