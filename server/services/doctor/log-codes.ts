/** What went wrong lately, by code: the end of the log file, of whose lines nothing but level and code is kept. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ERRORS } from '../../../lib/errors.ts';

export interface LogCode {
  readonly level: string;
  readonly code: string;
  readonly times: number;
}

const TAIL_BYTES = 256 * 1024;
const CODES_MAX = 30;
const LEVELS = ['warn', 'error'];
/** As Node.js, SQLite and undici name their errors. */
const FOREIGN = /^(E[A-Z0-9]{3,20}|ERR_[A-Z0-9_]{3,60}|SQLITE_[A-Z_]{3,40}|UND_ERR_[A-Z_]{3,40})$/;

export function lastLogCodes(file: string): LogCode[] {
  const counts = new Map<string, LogCode>();
  for (const line of tailOf(file).split('\n')) {
    const found = codeOf(line);
    if (found === null) continue;
    const key = `${found.level} ${found.code}`;
    counts.set(key, { ...found, times: (counts.get(key)?.times ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.times - a.times).slice(0, CODES_MAX);
}

function codeOf(line: string): Omit<LogCode, 'times'> | null {
  try {
    const entry = JSON.parse(line) as { level?: unknown; err?: { code?: unknown } };
    const { level } = entry;
    if (typeof level !== 'string' || !LEVELS.includes(level)) return null;
    const code = entry.err?.code;
    return { level, code: typeof code === 'string' && isKnown(code) ? code : 'none' };
  } catch {
    // The first line of the tail is cut, and a line may be half written.
    return null;
  }
}

const isKnown = (code: string): boolean => Object.hasOwn(ERRORS, code) || FOREIGN.test(code);

function tailOf(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const length = readSync(descriptor, bytes, 0, bytes.length, Math.max(0, size - TAIL_BYTES));
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}
