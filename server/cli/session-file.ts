/**
 * The sign-in of the command line: `session.json` in the data folder, readable by its owner only. It is worth
 * something only to the server start that made it, and only until that sign-in ends.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reveal, Secret } from '../../lib/base/secret.ts';

export interface StoredSession {
  /** The server start that gave it. */
  readonly startId: string;
  readonly bearer: Secret;
  readonly expiresAtMs: number;
}

const fileOf = (dataFolder: string): string => join(dataFolder, 'session.json');

/** Null when there is none, or none that can be read: then the master key is asked for. */
export async function readSession(dataFolder: string): Promise<StoredSession | null> {
  try {
    return parseSession(JSON.parse(await readFile(fileOf(dataFolder), 'utf8')));
  } catch {
    return null;
  }
}

function parseSession(value: unknown): StoredSession | null {
  if (typeof value !== 'object' || value === null) return null;
  const { startId, bearer, expiresAtMs } = value as Record<string, unknown>;
  if (typeof startId !== 'string' || typeof bearer !== 'string' || typeof expiresAtMs !== 'number')
    return null;
  return bearer === '' ? null : { startId, bearer: new Secret(bearer), expiresAtMs };
}

export async function writeSession(dataFolder: string, session: StoredSession): Promise<void> {
  const file = fileOf(dataFolder);
  const draft = `${file}.${process.pid}`;
  const text = JSON.stringify({ ...session, bearer: reveal(session.bearer) });
  await writeFile(draft, `${text}\n`, { mode: 0o600 });
  await rename(draft, file);
}

export async function forgetSession(dataFolder: string): Promise<void> {
  await rm(fileOf(dataFolder), { force: true });
}
