/**
 * `ports.json`: on which ports this data folder was served, and until when. A client keeps the port that it was
 * set up with; `doctor` can then tell a port that a client still knocks at and that is ours no more.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PortUse {
  readonly port: number;
  readonly lastAtMs: number;
}

const FILE = 'ports.json';
const PORTS_MAX = 20;

/** Newest last. Empty when there is no such file or it makes no sense. */
export function readPorts(dataFolder: string): PortUse[] {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dataFolder, FILE), 'utf8'));
    return Array.isArray(value) ? value.filter(isPortUse).slice(-PORTS_MAX) : [];
  } catch {
    return [];
  }
}

export function notePort(dataFolder: string, port: number, nowMs: number): void {
  const others = readPorts(dataFolder).filter((use) => use.port !== port);
  const uses: PortUse[] = [...others, { port, lastAtMs: nowMs }].slice(-PORTS_MAX);
  const path = join(dataFolder, FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(uses)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function isPortUse(value: unknown): value is PortUse {
  if (typeof value !== 'object' || value === null) return false;
  const { port, lastAtMs } = value as Record<string, unknown>;
  return Number.isInteger(port) && typeof lastAtMs === 'number' && Number.isFinite(lastAtMs);
}
