/**
 * 20,000 calls and then hours of streams through the built server, three accounts behind it: what is left in memory,
 * how many sockets and timers are open. Run by hand: `node tests/soak/soak.ts [calls] [minutes]`, after `npm run
 * build`. Ends with 1 when the heap grows, when a socket or a timer is left over, or when a call is not in the ledger.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { Agent, fetch, setGlobalDispatcher } from 'undici';
import { createEmulator } from '../../server/demo/emulator.ts';
import { scripts } from '../../server/demo/faults.ts';
import { DIST } from '../../server/launch/places.mjs';

const CALLS = Number(process.argv[2] ?? 20_000);
const MINUTES = Number(process.argv[3] ?? 60);
const AT_ONCE = 32;
const STREAMS = 40;
/** Every eighth client leaves in the middle. */
const LEAVES_EVERY = 8;
const SESSIONS = 200;
const EVENT_DELAY_MS = 400;
const MINUTE_MS = 60_000;
/** Longer than an idle connection to a provider is kept. */
const SETTLE_MS = 100_000;
/** Between the middle of the first quarter after warm-up and that of the last. */
const GROWTH_MAX_BYTES = 3_000_000;
const KEYS = ['one', 'two', 'three'].map((name) => `sk-emulated-soak-${name}`);
const CLIENT_KEY = 'cam-soak-0123456789abcdefghijklmnopqrstuvwxyz0000';
const PROGRAM = join(DIST, 'cam.js');

interface Sample {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly resources: Readonly<Record<string, number>>;
}

const home = mkdtempSync(join(tmpdir(), 'cam-soak-'));
const env: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: home,
  NODE_ENV: 'production',
  CAM_HOME: home,
  CAM_PORT: '0',
  CAM_MASTER_KEY: 'pasture-lantern-quarry-mitten-52',
  CAM_LOG_LEVEL: 'error',
};
const clients = new Agent({ connections: 512 });
setGlobalDispatcher(clients);

const emulator = await createEmulator({ keys: KEYS.map((key) => ({ key })) });
const started: ChildProcess[] = [];
let made = 0;
let broken = 0;
try {
  const server = await start();
  const before = await sample(server.child);
  say('at the start', before);

  await Promise.all(Array.from({ length: AT_ONCE }, () => work(CALLS, () => quick(server.url))));
  const warm = await sample(server.child);
  say(`after ${made} calls`, warm);

  for (const key of KEYS) {
    emulator.script(key, scripts.always({ kind: 'slow', eventDelayMs: EVENT_DELAY_MS }));
  }
  const samples: Sample[] = [];
  const untilMs = performance.now() + MINUTES * MINUTE_MS;
  const streams = Array.from({ length: STREAMS }, () => stream(server.url, untilMs));
  for (let minute = 1; minute <= MINUTES; minute++) {
    await wait(MINUTE_MS);
    const one = await sample(server.child);
    samples.push(one);
    for (const key of KEYS) emulator.key(key).forget();
    if (minute % 5 === 0) say(`after ${minute} minutes of streams, ${made} calls`, one);
  }
  await Promise.all(streams);
  await clients.close();
  await wait(SETTLE_MS);
  const after = await sample(server.child);
  say('at the end', after);
  judge(before, samples, after);
  server.child.kill('SIGTERM');
  await once(server.child, 'close');
  books();
} finally {
  for (const child of started) child.kill('SIGKILL');
  await emulator.close();
  rmSync(home, { recursive: true, force: true });
}

async function start(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const cam = (...args: string[]) => promisify(execFile)(process.execPath, [PROGRAM, ...args], { env });
  for (const [at, key] of KEYS.entries())
    await cam('add', `Soak ${at}`, key, '--no-check', '--base-url', emulator.baseUrl, '--allow-local');
  await cam('keys', 'add', 'soak', '--value', CLIENT_KEY);
  const probe = new URL('probe.mjs', import.meta.url).href;
  const args = ['--expose-gc', '--import', probe, PROGRAM, 'proxy'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  started.push(child);
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const [url = ''] = /http:\/\/[^\s]+\/v1/.exec(line.toString()) ?? [];
  return { child, url };
}

async function sample(server: ChildProcess): Promise<Sample> {
  const told = once(server, 'message');
  server.send('sample');
  const [found] = (await told) as [Sample];
  return found;
}

async function work(calls: number, one: () => Promise<void>): Promise<void> {
  while (made < calls) await one();
}

async function quick(url: string): Promise<void> {
  const number = made++;
  const answer = await post(url, number, number % 2 === 0, undefined);
  await answer.text();
  if (answer.status !== 200) broken++;
}

async function stream(url: string, untilMs: number): Promise<void> {
  while (performance.now() < untilMs) {
    const number = made++;
    const leaving = new AbortController();
    const leaves = number % LEAVES_EVERY === 0;
    try {
      const answer = await post(url, number, true, leaving.signal);
      for await (const _chunk of answer.body ?? []) if (leaves) leaving.abort();
      if (answer.status !== 200) broken++;
    } catch {
      if (!leaves) broken++;
    }
  }
}

function post(url: string, number: number, streamed: boolean, signal: AbortSignal | undefined) {
  return fetch(`${url}/responses`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${CLIENT_KEY}`,
      'content-type': 'application/json',
      'session-id': `soak-${number % SESSIONS}`,
    },
    body: JSON.stringify({
      model: 'gpt-5',
      stream: streamed,
      input: `Go on. ${'word '.repeat(number % 400)}`,
    }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function judge(before: Sample, samples: readonly Sample[], after: Sample): void {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const heap = (some: readonly Sample[]): number =>
    median(some.map(({ heapUsed, external }) => heapUsed + external));
  const growth = heap(samples.slice(-quarter)) - heap(samples.slice(quarter, 2 * quarter));
  const left = Object.entries(after.resources).filter(
    ([kind, count]) => count > (before.resources[kind] ?? 0),
  );
  process.stdout.write(
    `heap, median of the last quarter against the second: ${mb(growth)} MB; ` +
      `more than at the start: ${left.map(([kind, count]) => `${count} ${kind}`).join(', ') || 'nothing'}; ` +
      `${broken} calls not answered as they should be\n`,
  );
  if (!(growth <= GROWTH_MAX_BYTES) || left.length > 0 || broken > 0) process.exitCode = 1;
}

function books(): void {
  const db = new Database(join(home, 'cam.db'), { readonly: true });
  const rows = db
    .prepare<[], { outcome: string | null; calls: number }>(
      'SELECT outcome, count(*) AS calls FROM usage_records GROUP BY outcome',
    )
    .all();
  db.close();
  const total = rows.reduce((sum, { calls }) => sum + calls, 0);
  const words = rows.map(({ outcome, calls }) => `${calls} ${outcome ?? 'open'}`).join(', ');
  process.stdout.write(`${made} calls made, ${total} in the ledger: ${words}\n`);
  if (total !== made || rows.some(({ outcome }) => outcome === null)) process.exitCode = 1;
}

function say(when: string, { rss, heapUsed, external, resources }: Sample): void {
  const open = Object.entries(resources).map(([kind, count]) => `${count} ${kind}`);
  process.stdout.write(
    `${when}: heap ${mb(heapUsed)} MB, outside it ${mb(external)} MB, resident ${mb(rss)} MB; ${open.join(', ')}\n`,
  );
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
