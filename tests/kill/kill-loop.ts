/**
 * Kills the built server with SIGKILL, over and over, in the middle of calls, and compares what the emulated
 * provider saw with what the ledger holds after the next start. Run by hand: `node tests/kill/kill-loop.ts
 * [kills] [seconds]`, after `npm run build`. Ends with 1 when a call is missing.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { createEmulator } from '../../server/demo/emulator.ts';
import { scripts } from '../../server/demo/faults.ts';
import { DIST } from '../../server/launch/places.mjs';

const KILLS = Number(process.argv[2] ?? 1_000);
const SECONDS = Number(process.argv[3] ?? 3_600);
const CALLS_AT_ONCE = 12;
const STARTING_MS = 60_000;
const PROVIDER_KEY = 'sk-emulated-kill-loop-0001';
const CLIENT_KEY = 'cam-kill-loop-0123456789abcdefghijklmnopqrstuvwxyz';
const PROGRAM = join(DIST, 'cam.js');

const home = mkdtempSync(join(tmpdir(), 'cam-kill-'));
const env: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: home,
  NODE_ENV: 'production',
  CAM_HOME: home,
  CAM_PORT: '0',
  CAM_MASTER_KEY: 'pasture-lantern-quarry-mitten-52',
  CAM_LOG_LEVEL: 'error',
};

const emulator = await createEmulator({ keys: [{ key: PROVIDER_KEY }] });
const key = emulator.key(PROVIDER_KEY);
key.script(scripts.always({ kind: 'slow', eventDelayMs: 3, firstByteDelayMs: 15 }));
const seen = new Set<string>();
const startedMs = performance.now();
let kills = 0;
try {
  await prepare();
  while (kills < KILLS && performance.now() - startedMs < SECONDS * 1_000) {
    await killOnce(kills++);
    if (kills % 25 === 0) tell();
  }
  const last = await start();
  last.child.kill('SIGTERM');
  await once(last.child, 'close');
  tell();
} finally {
  await emulator.close();
  rmSync(home, { recursive: true, force: true });
}

async function prepare(): Promise<void> {
  const cam = (...args: string[]) => promisify(execFile)(process.execPath, [PROGRAM, ...args], { env });
  await cam('add', 'Kill', PROVIDER_KEY, '--no-check', '--base-url', emulator.baseUrl, '--allow-local');
  await cam('keys', 'add', 'kill', '--value', CLIENT_KEY);
}

/** Each call names a model that no other call names: by that it is found again on both sides. */
async function killOnce(round: number): Promise<void> {
  const { child, url } = await start();
  const killed = once(child, 'close');
  const calls = Array.from({ length: CALLS_AT_ONCE }, (_, n) => call(url, `kill-${round}-${n}`, n));
  const enough = 1 + Math.floor(Math.random() * CALLS_AT_ONCE);
  const untilMs = performance.now() + 10_000;
  while (key.received.length < enough && performance.now() < untilMs) await wait(1);
  await wait(Math.random() * 40);
  child.kill('SIGKILL');
  await killed;
  await Promise.all(calls);
  await key.idle();
  for (const { model } of key.received) if (model !== null) seen.add(model);
  key.forget();
}

async function call(url: string, model: string, n: number): Promise<void> {
  try {
    const answer = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, stream: n % 2 === 0, messages: [{ role: 'user', content: 'Go on.' }] }),
    });
    await answer.text();
  } catch {
    // That the server was killed is the point.
  }
}

async function start(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [PROGRAM, 'proxy'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise<string>((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error('the server does not start')), STARTING_MS);
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      clearTimeout(patience);
      resolve(text);
    });
    child.once('exit', () => reject(new Error(`the server ended: ${text}`)));
  });
  const [url = ''] = /http:\/\/[^\s]+\/v1/.exec(line) ?? [];
  return { child, url };
}

function tell(): void {
  const db = new Database(join(home, 'cam.db'), { readonly: true });
  const rows = db
    .prepare<[], Row>('SELECT model, outcome, error_code, estimated, total_tokens FROM usage_records')
    .all();
  const integrity = db.pragma('integrity_check', { simple: true });
  db.close();
  const kept = new Set(rows.map(({ model }) => model));
  const missing = [...seen].filter((model) => !kept.has(model));
  const orphans = rows.filter(({ error_code: code }) => code === 'server_stopped');
  const unmarked = orphans.filter(
    ({ estimated, total_tokens: tokens }) => estimated !== 1 || tokens === null,
  );
  const open = rows.filter(({ outcome }) => outcome === null).length;
  process.stdout.write(
    `${kills} kills in ${Math.round((performance.now() - startedMs) / 1_000)} s: ` +
      `${seen.size} calls seen by the provider, ${missing.length} of them not in the ledger; ` +
      `${rows.length} rows, ${orphans.length} settled as interrupted, ${unmarked.length} of them without an ` +
      `estimate, ${open} open; integrity ${String(integrity)}\n`,
  );
  if (missing.length > 0 || unmarked.length > 0 || integrity !== 'ok') process.exitCode = 1;
}

interface Row {
  readonly model: string;
  readonly outcome: string | null;
  readonly error_code: string | null;
  readonly estimated: number;
  readonly total_tokens: number | null;
}
