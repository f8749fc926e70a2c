/**
 * `run.json`: how commands on this machine find the running server. It is a hint, not a proof: it survives a kill,
 * so a reader checks that the process lives and that the server on that port answers with the same start id before
 * it sends anything that matters.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';

export interface RunFile {
  readonly pid: number;
  /** An address to connect to, e.g. `127.0.0.1`. */
  readonly host: string;
  readonly port: number;
  /** Random, new at each start. */
  readonly startId: string;
  readonly version: string;
}

const FILE = 'run.json';
const ANSWER_MS = 2_000;
const ANSWER_BYTES_MAX = 4_096;

export function writeRunFile(dataFolder: string, run: RunFile): void {
  const path = join(dataFolder, FILE);
  const draft = `${path}.new`;
  writeFileSync(draft, `${JSON.stringify(run)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** Removes the file if it is still ours. */
export function removeRunFile(dataFolder: string, startId: string): void {
  if (readRunFile(dataFolder)?.startId === startId) rmSync(join(dataFolder, FILE), { force: true });
}

/** What the file says; null when it is absent or makes no sense. */
export function readRunFile(dataFolder: string): RunFile | null {
  try {
    return parseRunFile(JSON.parse(readFileSync(join(dataFolder, FILE), 'utf8')));
  } catch {
    return null;
  }
}

function parseRunFile(value: unknown): RunFile | null {
  if (typeof value !== 'object' || value === null) return null;
  const { pid, host, port, startId, version } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return null;
  if (typeof port !== 'number' || !Number.isInteger(port) || port <= 0 || port > 65_535) return null;
  if (typeof host !== 'string' || typeof startId !== 'string' || typeof version !== 'string') return null;
  return { pid, host, port, startId, version };
}

/** The server that is running on this data folder, proved by its start id; null when there is none. */
export async function findRunningServer(dataFolder: string): Promise<RunFile | null> {
  const run = readRunFile(dataFolder);
  if (!run || !isAlive(run.pid)) return null;
  return (await askStartId(run)) === run.startId ? run : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function askStartId(run: RunFile): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get(
      { host: run.host, port: run.port, path: '/healthz', timeout: ANSWER_MS, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
          if (text.length > ANSWER_BYTES_MAX) request.destroy();
        });
        response.on('end', () => resolve(startIdOf(text)));
        response.on('error', () => resolve(null));
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
  });
}

function startIdOf(text: string): string | null {
  try {
    const { startId } = JSON.parse(text) as { startId?: unknown };
    return typeof startId === 'string' ? startId : null;
  } catch {
    return null;
  }
}
