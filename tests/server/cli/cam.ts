/** `cam` as a user runs it: a process of its own, on a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../server/cli/bin.ts', import.meta.url));

export const MASTER_KEY = 'correct horse battery staple';

export type Env = Readonly<Record<string, string>>;

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Home {
  readonly folder: string;
  /** A file with the right master key. */
  readonly keyFile: string;
  cam(args: readonly string[], more?: { readonly input?: string; readonly env?: Env }): Promise<Said>;
  /** Starts a command that goes on until it is stopped. */
  follow(args: readonly string[]): { readonly out: () => string; stop(): Promise<void> };
  /** Starts `cam proxy` and waits for its first line. */
  serve(env?: Env): Promise<Server>;
  remove(): void;
}

export interface Server {
  readonly line: string;
  readonly origin: string;
  /** Asks it to stop, and gives its exit code. */
  stop(): Promise<number | null>;
  /** Resolves when the process is gone, however it went. */
  readonly ended: Promise<Said>;
}

export function createHome(): Home {
  const outer = mkdtempSync(join(tmpdir(), 'cam-cli-'));
  const folder = join(outer, 'home');
  const keyFile = join(outer, 'master-key');
  writeFileSync(keyFile, `${MASTER_KEY}\n`, { mode: 0o600 });
  const running = new Set<ChildProcess>();
  const start = (args: readonly string[], env: Env): ChildProcess => {
    const child = spawn(process.execPath, [BIN, ...args], {
      env: {
        NODE_ENV: 'production',
        PATH: process.env.PATH,
        HOME: outer,
        CAM_HOME: folder,
        CAM_PORT: '0',
        ...env,
      },
    });
    running.add(child);
    child.once('close', () => running.delete(child));
    return child;
  };
  return {
    folder,
    keyFile,
    cam: (args, more = {}) => {
      const child = start(args, more.env ?? {});
      child.stdin?.end(more.input ?? '');
      return finished(child);
    },
    follow: (args) => {
      const child = start(args, {});
      let out = '';
      child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
      const ended = finished(child);
      return {
        out: () => out,
        stop: async () => {
          child.kill('SIGTERM');
          await ended;
        },
      };
    },
    serve: (env = {}) => serving(start(['proxy'], env)),
    remove: () => {
      // What a failed test left behind must not outlive it.
      for (const child of running) child.kill('SIGKILL');
      rmSync(outer, { recursive: true, force: true });
    },
  };
}

function finished(child: ChildProcess): Promise<Said> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

async function serving(child: ChildProcess): Promise<Server> {
  const ended = finished(child);
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.split('\n', 1)[0] ?? '');
    });
    ended.then(({ err }) => reject(new Error(`the server ended: ${err}`)), reject);
  });
  return {
    line,
    origin: /http:\/\/[^/\s]+/.exec(line)?.[0] ?? '',
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      return (await ended).code;
    },
  };
}
