/**
 * `npm run bench gate`: what the gate of the built server bears. 200 clients that send their heads drop by drop,
 * 16 guesses at the master key at once with calls going on, and what the guard costs a call. It prints figures and
 * judges nothing. Linux only, as the other benchmark.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { allowedHosts } from '../../server/http/allowed-hosts.ts';
import { guard } from '../../server/http/guard.ts';
import { startBenchServer } from './bench-server.ts';
import { runLoad } from './load.ts';

const LORISES = 200;
const DROP_EVERY_MS = 500;
const GUESSES = 16;
const GUARDED = 200_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

async function slowLorises(url: string): Promise<void> {
  const { port, hostname } = new URL(url);
  const startedMs = performance.now();
  let lastClosedMs = 0;
  let open = LORISES;
  for (let n = 0; n < LORISES; n++) {
    const socket = connect({ port: Number(port), host: hostname });
    // Every other one says nothing at all.
    const head = n % 2 === 0 ? 'POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '.split('') : [];
    const drop = setInterval(
      () => void socket.write(head.shift() ?? (n % 2 === 0 ? 'a' : '')),
      DROP_EVERY_MS,
    );
    socket.on('error', () => undefined);
    socket.resume();
    socket.on('close', () => {
      clearInterval(drop);
      open -= 1;
      lastClosedMs = performance.now() - startedMs;
    });
  }
  let slowestMs = 0;
  while (open > 0 && performance.now() - startedMs < 60_000) {
    const askedMs = performance.now();
    await fetch(`${url}/healthz`).then((answer) => answer.text());
    slowestMs = Math.max(slowestMs, performance.now() - askedMs);
    await wait(50);
  }
  print(
    `${LORISES} slow clients: ${open} still open, the last closed after ${(lastClosedMs / 1_000).toFixed(1)} s; ` +
      `slowest /healthz meanwhile ${slowestMs.toFixed(0)} ms`,
  );
}

async function guesses(server: { readonly url: string; readonly key: string }): Promise<void> {
  const load = { connections: 8, calls: 2_000, stream: false };
  const quiet = await runLoad(server, load);
  const answers = Promise.all(Array.from({ length: GUESSES }, (_, n) => guess(server.url, n)));
  const during = await runLoad(server, load);
  const codes = new Map<string, number>();
  for (const code of await answers) codes.set(code, (codes.get(code) ?? 0) + 1);
  print(
    `${GUESSES} guesses at once: ${[...codes].map(([code, times]) => `${times} × ${code}`).join(', ')}; ` +
      `p99 of /v1 ${during.p99Ms.toFixed(0)} ms (without ${quiet.p99Ms.toFixed(0)} ms), ${during.lost} lost`,
  );
}

async function guess(url: string, n: number): Promise<string> {
  const answer = await fetch(`${url}/admin/api/trpc/session.unlock`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ masterKey: `not the master key ${n}` }),
  });
  const { error } = (await answer.json()) as {
    error?: { data?: { cam?: { code?: string }; code?: string } };
  };
  return `${answer.status} ${error?.data?.cam?.code ?? error?.data?.code ?? ''}`.trim();
}

/** A head as an agent sends it. */
function guardCost(): void {
  const headers: Record<string, string> = {
    host: '127.0.0.1:8080',
    authorization: 'Bearer cam-0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmno',
    'content-type': 'application/json',
    'content-length': '48211',
    accept: 'text/event-stream',
    'user-agent': 'codex_cli_rs/0.169.0 (Debian 12; x86_64) xterm',
    originator: 'codex_cli_rs',
    'session-id': '0199f2f2-0000-7000-8000-000000000000',
    'x-codex-turn-metadata': '{}',
  };
  const rawHeaders = Object.entries(headers).flat();
  const allowed = allowedHosts('127.0.0.1', 8080, []);
  const facts = { method: 'POST', url: '/v1/responses', rawHeaders, headers };
  for (let n = 0; n < GUARDED; n++) guard(facts, allowed);
  const startedMs = process.cpuUsage().user;
  for (let n = 0; n < GUARDED; n++) guard(facts, allowed);
  print(`the guard: ${((process.cpuUsage().user - startedMs) / GUARDED).toFixed(2)} µs of CPU a call`);
}

guardCost();
const upstream = fork(fileURLToPath(new URL('./upstream.ts', import.meta.url)));
const [upstreamPort] = (await once(upstream, 'message')) as [number];
const server = await startBenchServer(`http://127.0.0.1:${upstreamPort}/v1`);
try {
  await slowLorises(server.url);
  await guesses(server);
} finally {
  await server.stop();
  upstream.disconnect();
}
