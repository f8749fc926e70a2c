/** The built server on a throwaway folder, in front of one upstream, watched from outside. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { v8Options } from '../../server/launch/hand-over.mjs';
import { DIST } from '../../server/launch/places.mjs';

const STARTING_MS = 20_000;
const POLL_MS = 10;
const TICKS_PER_SECOND = 100;
export const BENCH_MASTER_KEY = 'pasture-lantern-quarry-mitten-52';
const CLIENT_KEY = 'cam-benchmark-0123456789abcdefghijklmnopqrstuvwxyz';

export interface BenchServer {
  readonly url: string;
  readonly key: string;
  /** From starting the process to its first answer on /healthz. */
  readonly listeningMs: number;
  /** The same until the vault is open, for which the master key is hashed. */
  readonly readyMs: number;
  rssMb(): number;
  cpuMs(): number;
  stop(): Promise<void>;
}

/** @param fill called with the database's file before the server opens it */
export async function startBenchServer(
  upstreamBaseUrl: string,
  fill: (databaseFile: string) => Promise<void> = () => Promise.resolve(),
): Promise<BenchServer> {
  const home = mkdtempSync(join(tmpdir(), 'cam-bench-'));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'production',
    CAM_HOME: home,
    CAM_MASTER_KEY: BENCH_MASTER_KEY,
    CAM_LOG_LEVEL: 'error',
  };
  const program = join(DIST, 'cam.js');
  const cam = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args], { env });
  await cam(
    'add',
    'bench',
    'sk-benchmark-key-0001',
    '--no-check',
    '--base-url',
    upstreamBaseUrl,
    '--allow-local',
  );
  await cam('keys', 'add', 'bench', '--value', CLIENT_KEY);
  await fill(join(home, 'cam.db'));

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [...v8Options(process.versions.v8), program, 'proxy', '--port', String(port)],
    {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  await answers(`${url}/healthz`, startedAt + STARTING_MS);
  const listeningMs = performance.now() - startedAt;
  await answers(`${url}/readyz`, startedAt + STARTING_MS);
  const readyMs = performance.now() - startedAt;
  return {
    url,
    key: CLIENT_KEY,
    listeningMs,
    readyMs,
    rssMb: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    cpuMs: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string, deadline: number): Promise<void> {
  for (;;) {
    try {
      const answer = await fetch(url);
      await answer.arrayBuffer();
      if (answer.ok) return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    if (performance.now() > deadline) throw new Error(`${url} is not ready in time`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
