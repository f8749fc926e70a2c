/**
 * The sign-in of the command line: `session.json` in the data folder, readable by its owner only. It is worth
 * something only to the server start that made it, and only until that sign-in ends.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { reveal, Secret } from '../../lib/base/secret.ts';

const schema = z.object({ startId: z.string(), bearer: z.string().min(1), expiresAtMs: z.number() });

export interface StoredSession {
  readonly startId: string;
  readonly bearer: Secret;
  readonly expiresAtMs: number;
}

const fileOf = (dataFolder: string): string => join(dataFolder, 'session.json');

/** Null when there is none, or none that can be read: then the master key is asked for. */
export async function readSession(dataFolder: string): Promise<StoredSession | null> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(fileOf(dataFolder), 'utf8')));
    return parsed.success ? { ...parsed.data, bearer: new Secret(parsed.data.bearer) } : null;
  } catch {
    return null;
  }
}

export async function writeSession(dataFolder: string, session: StoredSession): Promise<void> {
  const file = fileOf(dataFolder);
  const fresh = `${file}.${process.pid}`;
  const text = JSON.stringify({ ...session, bearer: reveal(session.bearer) });
  await writeFile(fresh, `${text}\n`, { mode: 0o600, flag: 'wx' });
  await rename(fresh, file);
}

export async function forgetSession(dataFolder: string): Promise<void> {
  await rm(fileOf(dataFolder), { force: true });
}
