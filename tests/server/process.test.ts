/** The server as a process: how it starts, how it refuses to, and how it ends. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../server/demo/emulator.ts';
import { scripts } from '../../server/demo/faults.ts';
import { createHome, type Home, MASTER_KEY, type Server } from './cli/cam.ts';

const CLIENT_KEY = 'sk-codex-account-manager';
const ACCOUNT_KEY = 'sk-proj-process-0123456789abcdefghij';
const UNLOCKED = { CAM_MASTER_KEY: MASTER_KEY, CAM_CLIENT_KEY: CLIENT_KEY };
const BIN = fileURLToPath(new URL('../../server/cli/bin.ts', import.meta.url));

let home: Home;
beforeEach(() => {
  home = createHome();
});
afterEach(() => home.remove());

describe('a start', () => {
  it('without a master key stays up, locked, and puts the set-up link where only its owner can read it', async () => {
    const server = await home.serve();
    const link = join(home.folder, 'setup-link');
    expect(statSync(link).mode & 0o777).toBe(0o600);
    const url = readFileSync(link, 'utf8').trim();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/admin\/setup#[\w-]{43}$/);
    expect(server.line).not.toContain(url.split('#')[1]);
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
    const call = await fetch(`${server.origin}/v1/responses`, { method: 'POST', body: '{}' });
    expect(call.status).toBe(503);
    expect(call.headers.get('x-should-retry')).toBe('false');
    expect(await server.stop()).toBe(0);
    expect(existsSync(link)).toBe(false);
    expect(existsSync(join(home.folder, 'run.json'))).toBe(false);
  });

  it('opens no debugger for whoever sends the signal for one', async () => {
    const server = await home.serve(UNLOCKED);
    process.kill(JSON.parse(readFileSync(join(home.folder, 'run.json'), 'utf8')).pid, 'SIGUSR1');
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
    expect((await server.ended).err).not.toContain('Debugger');
  });

  it('that must be unlocked and is not ends with 3', async () => {
    const said = await home.cam(['proxy', '--require-unlocked']);
    expect(said.code).toBe(3);
    expect(said.err).toContain('hint: Give one with --master-key-file');
  });

  it('with a wrong master key ends with 4 rather than staying locked', async () => {
    const first = await home.serve(UNLOCKED);
    expect(await first.stop()).toBe(0);
    const said = await home.cam(['proxy'], { env: { CAM_MASTER_KEY: `${MASTER_KEY}!` } });
    expect(said.code).toBe(4);
  });

  it('on a port that is taken ends with 2 and says what to do', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const said = await home.cam(['proxy', '--port', String(port)]);
    holder.close();
    expect(said.code).toBe(2);
    expect(said.err).toContain(`Port ${port} is already in use`);
    expect(said.err).toContain('hint: Stop that program, or choose another port');
  });

  it('on the database of a later version ends with 2 and leaves every byte of it', async () => {
    const first = await home.serve(UNLOCKED);
    await first.stop();
    const file = join(home.folder, 'cam.db');
    const db = new Database(file);
    db.prepare('INSERT INTO kysely_migration (name, timestamp) VALUES (?, ?)').run('9999_future', '2030');
    db.pragma('journal_mode = DELETE');
    db.close();
    const before = hashOf(file);
    const said = await home.cam(['proxy'], { env: UNLOCKED });
    expect(said.code).toBe(2);
    expect(hashOf(file)).toBe(before);
  });

  it('with several faults in the configuration tells them all', async () => {
    const said = await home.cam(['proxy', '--port', 'http', '--log-level', 'loud']);
    expect(said.code).toBe(2);
    expect(said.err).toMatch(/port/);
    expect(said.err).toMatch(/log-level|log\.level/);
  });
});

describe('an end', () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await createEmulator({ keys: [{ key: ACCOUNT_KEY, organization: 'org-process' }] });
  });
  afterEach(() => emulator.close());

  async function serveWithAccount(): Promise<Server> {
    const server = await home.serve(UNLOCKED);
    const args = ['add', 'Only', '-', '--base-url', emulator.baseUrl, '--allow-local'];
    const said = await home.cam(args, { input: ACCOUNT_KEY, env: { CAM_MASTER_KEY: MASTER_KEY } });
    expect(said.code).toBe(0);
    return server;
  }

  function stream(server: Server): Promise<Response> {
    return fetch(`${server.origin}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-5.5', stream: true, input: 'hello' }),
    });
  }

  it('by SIGTERM lets a stream finish, takes no new calls and exits 0', async () => {
    const server = await serveWithAccount();
    emulator.script(ACCOUNT_KEY, scripts.always({ kind: 'slow', eventDelayMs: 60 }));
    const answer = await stream(server);
    const stopped = server.stop();
    const text = await answer.text();
    expect(text).toContain('response.completed');
    expect(await stopped).toBe(0);
    await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();
  });

  it('by kill -9 loses no row: the next start marks the call as interrupted', async () => {
    const server = await serveWithAccount();
    emulator.script(ACCOUNT_KEY, scripts.always({ kind: 'stall', afterOutput: 1 }));
    const answer = await stream(server);
    const reading = answer.text().catch(() => 'cut');
    process.kill(runningPid(), 'SIGKILL');
    expect(await reading).toBe('cut');
    await server.ended;

    const next = await home.serve(UNLOCKED);
    const said = await home.cam(['requests', '--json'], { env: { CAM_MASTER_KEY: MASTER_KEY } });
    const rows = JSON.parse(said.out);
    const [row] = Array.isArray(rows) ? rows : rows.rows;
    expect(row).toMatchObject({ outcome: 'interrupted', errorCode: 'server_stopped' });
    expect(await next.stop()).toBe(0);
  });

  it('comes also when npm, which started it, was killed', async () => {
    // npm runs scripts through a shell, which outlives it.
    const npm = spawn(
      process.execPath,
      [
        '-e',
        `require('node:child_process').spawn('sh', ['-c', '"$NODE" "$BIN" proxy; exit $?'], { stdio: 'inherit' })`,
      ],
      {
        env: {
          PATH: process.env.PATH,
          HOME: home.folder,
          CAM_HOME: home.folder,
          CAM_PORT: '0',
          NODE: process.execPath,
          BIN,
          npm_lifecycle_event: 'start',
          NODE_ENV: 'production',
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    await new Promise((resolve) => npm.stdout.once('data', resolve));
    const { pid, port } = JSON.parse(readFileSync(join(home.folder, 'run.json'), 'utf8'));
    npm.kill('SIGKILL');
    await gone(pid);
    expect(await accepts(port)).toBe(false);
  });

  function runningPid(): number {
    return JSON.parse(readFileSync(join(home.folder, 'run.json'), 'utf8')).pid;
  }
});

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Resolves when no process has this number any more; the test's own time limit bounds it. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await after(50);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
