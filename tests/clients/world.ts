/**
 * What a scenario runs in: the emulator with three keys in three organisations, and the real server of this
 * program with an account for each, added through the command line. The first account always comes first.
 */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ReceivedCall } from '../../server/demo/emulated-key.ts';
import type { Emulator } from '../../server/demo/emulator.ts';
import { createEmulator } from '../../server/demo/emulator.ts';
import type { Fault, ScriptStep } from '../../server/demo/faults.ts';
import { faults, scripts } from '../../server/demo/faults.ts';

export const CLIENT_KEY = 'sk-codex-account-manager';
export const ACCOUNTS = ['First', 'Second', 'Third'] as const;
export type AccountName = (typeof ACCOUNTS)[number];
/** Silence after which the server gives up on an answer; the real default would take a quarter of an hour. */
export const IDLE_MS = 3_000;

export const MASTER_KEY = 'pier turtle saddle 47 orchid';
const START_MS = 60_000;
const STEP_MS = 50;
const entry = process.env.CAM_CLIENTS_ENTRY ?? fileURLToPath(new URL('../../dist/cam.js', import.meta.url));

export interface World {
  readonly baseUrl: string;
  readonly folder: string;
  /** The provider's, as it is given to accounts. */
  readonly providerUrl: string;
  /** Sets the fault of one account for the coming calls of the main models. */
  fault(account: AccountName, fault: Fault, times?: number): void;
  /** One fault after the other, for the calls of the main models. */
  plan(account: AccountName, steps: readonly ScriptStep[]): void;
  /** The provider refuses everything with the key of this account, also the question whether it is good. */
  revoke(account: AccountName): void;
  /** Every account healthy, no cooldown, no open breaker, nothing received. */
  reset(): Promise<void>;
  received(account: AccountName): readonly ReceivedCall[];
  /** What the accounts have received so far is not looked at any more. */
  forget(): void;
  /** Authorization headers that no account has: none may ever arrive. */
  strangers(): readonly string[];
  lock(): Promise<void>;
  /** Ends the server alone. */
  stopServer(): Promise<void>;
  /** Any procedure of the admin API that changes something. */
  admin(procedure: string, input: object): Promise<unknown>;
  /** Any that only asks. */
  ask(procedure: string, input: object): Promise<unknown>;
  /** The command line beside the running server; gives back what it printed. */
  cam(...args: readonly string[]): Promise<string>;
  /** The same for a user with this home folder. */
  camAt(userHome: string, ...args: readonly string[]): Promise<string>;
  /** Takes the provider off the network, and brings it back. */
  pauseProvider(): Promise<void>;
  resumeProvider(): Promise<void>;
  close(): Promise<void>;
}

/** Titles and other side calls go to small models; faults are meant for the work itself. */
const MAIN_MODELS = ['gpt-5', 'gpt-5.5', 'gpt-6.1-sol'];

export const keyOf = (account: string): string => `sk-proj-${account.toLowerCase()}-0123456789abcdefghij`;

/** @param more lines of the configuration file */
export async function createWorld(folder: string, more = ''): Promise<World> {
  const emulator = await createEmulator({
    keys: ACCOUNTS.map((name) => ({ key: keyOf(name), organization: `org-${name.toLowerCase()}` })),
  });
  const home = join(folder, 'cam');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const config = `routing.strategy = "priority"\nupstream.idle_ms = ${IDLE_MS}\n${more}`;
  await writeFile(join(home, 'config.toml'), config, { mode: 0o600 });
  const server = startServer(home);
  try {
    const origin = await listening(home, server);
    for (const [index, name] of ACCOUNTS.entries()) await addAccount(home, name, index, emulator.baseUrl);
    const bearer = await signIn(origin);
    return worldOf({ emulator, server, origin, bearer, folder, home });
  } catch (error) {
    await stop(server.child);
    await emulator.close();
    throw error;
  }
}

interface Parts {
  readonly emulator: Emulator;
  readonly server: StartedServer;
  readonly origin: string;
  readonly bearer: string;
  readonly folder: string;
  /** The server's data folder. */
  readonly home: string;
}

function worldOf({ emulator, server, origin, bearer, folder, home }: Parts): World {
  const key = (account: string) => emulator.key(keyOf(account));
  return {
    baseUrl: `${origin}/v1`,
    folder,
    providerUrl: emulator.baseUrl,
    fault(account, fault, times) {
      const script = times === undefined ? scripts.always(fault) : scripts.times(fault, times);
      key(account).script({ ...script, models: MAIN_MODELS });
    },
    plan(account, steps) {
      key(account).script({ steps, models: MAIN_MODELS });
    },
    revoke(account) {
      key(account).script({ ...scripts.always(faults.unauthorized()), on: 'all' });
    },
    async reset() {
      for (const name of ACCOUNTS) {
        key(name).script(scripts.healthy);
        key(name).forget();
        await call(origin, 'accounts.clear', { ref: name }, bearer);
      }
    },
    forget() {
      for (const name of ACCOUNTS) key(name).forget();
    },
    received: (account) => key(account).received,
    strangers: () => emulator.strangers(),
    lock: async () => {
      await call(origin, 'session.lock', {}, bearer);
    },
    stopServer: () => stop(server.child),
    admin: (procedure, input) => call(origin, procedure, input, bearer),
    ask: (procedure, input) => query(origin, procedure, input, bearer),
    cam: (...args) => commandLine(home, args),
    camAt: (userHome, ...args) => commandLine(home, args, '', { HOME: userHome }),
    pauseProvider: emulator.pause,
    resumeProvider: emulator.resume,
    async close() {
      await stop(server.child);
      await emulator.close();
    },
  };
}

interface StartedServer {
  readonly child: ChildProcess;
  said(): string;
}

function environment(home: string): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    PATH: process.env.PATH ?? '',
    CAM_HOME: home,
    CAM_PORT: '0',
    CAM_MASTER_KEY: MASTER_KEY,
    CAM_CLIENT_KEY: CLIENT_KEY,
  };
}

function startServer(home: string): StartedServer {
  if (!existsSync(entry)) throw new Error(`${entry} is missing: build it first, or run npm run test:clients`);
  const child = spawn(process.execPath, [entry, 'proxy'], {
    env: environment(home),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-65_536);
    });
  }
  return { child, said: () => said };
}

/** Waits for `run.json`, which the server writes when it listens, and for an unlocked vault. */
async function listening(home: string, server: StartedServer): Promise<string> {
  for (let waitedMs = 0; waitedMs < START_MS; waitedMs += STEP_MS) {
    if (server.child.exitCode !== null) break;
    const origin = await originIn(join(home, 'run.json'));
    if (origin !== null && (await isReady(origin))) return origin;
    await wait(STEP_MS);
  }
  throw new Error(`the server did not start. It said:\n${server.said()}`);
}

async function originIn(file: string): Promise<string | null> {
  try {
    const { host, port } = JSON.parse(await readFile(file, 'utf8'));
    return `http://${host}:${port}`;
  } catch {
    return null;
  }
}

async function isReady(origin: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${origin}/readyz`);
    return ok;
  } catch {
    return false;
  }
}

async function addAccount(home: string, name: string, index: number, baseUrl: string): Promise<void> {
  const args = ['add', name, '-', '--base-url', baseUrl, '--allow-local', '--priority', String(index + 1)];
  await commandLine(home, args, keyOf(name));
}

async function commandLine(
  home: string,
  args: readonly string[],
  input = '',
  more: Record<string, string> = {},
): Promise<string> {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...environment(home), ...more },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const from of ['stdout', 'stderr'] as const) {
    child[from].setEncoding('utf8').on('data', (text: string) => {
      said[from] += text;
    });
  }
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`cam ${args[0]} ended with ${code}: ${said.stdout}${said.stderr}`);
  return said.stdout;
}

async function signIn(origin: string): Promise<string> {
  const signedIn = await call(origin, 'session.unlock', { masterKey: MASTER_KEY, want: 'bearer' }, null);
  const { bearer } = signedIn as { readonly bearer: string | null };
  if (bearer === null) throw new Error('signing in gave no bearer');
  return bearer;
}

async function call(
  origin: string,
  procedure: string,
  input: object,
  bearer: string | null,
): Promise<unknown> {
  const response = await fetch(`${origin}/admin/api/trpc/${procedure}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin,
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text).result.data;
}

async function query(origin: string, procedure: string, input: object, bearer: string): Promise<unknown> {
  const asked = new URL(`${origin}/admin/api/trpc/${procedure}`);
  asked.searchParams.set('input', JSON.stringify(input));
  const response = await fetch(asked, { headers: { authorization: `Bearer ${bearer}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text).result.data;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await closed;
  clearTimeout(late);
}
