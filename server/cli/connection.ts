/**
 * How a command reaches the application's API: the server that runs on this data folder, proved by its start
 * id, else the same router in this process, under the same lock.
 */
import { reveal, Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { findRunningServer, type RunFile } from '../run-file.ts';
import { type AdminClient, adminError, httpAdminClient } from './client.ts';
import { createMasterKeys, type MasterKeys } from './master-key.ts';
import { forgetSession, readSession, writeSession } from './session-file.ts';
import type { Terminal } from './terminal.ts';

export interface CallOptions {
  /** This command may be the first ever: a vault that does not exist yet is made. */
  readonly mayInitialise?: boolean;
}

export interface Connection {
  readonly via: 'server' | 'in_process';
  /** What anybody may ask: `session.status`. */
  readonly open: AdminClient;
  /** e.g. `http://127.0.0.1:8080`; null in process. */
  readonly origin: string | null;
  readonly dataFolder: string;
  /** Runs calls as operator, signing in first where that is needed. */
  call<T>(use: (api: AdminClient) => Promise<T>, options?: CallOptions): Promise<T>;
  /** Signs in with the master key; a locked vault is unlocked. */
  signIn(): Promise<{ readonly expiresAtMs: number }>;
  /** The master key itself, for changes that ask for it again. */
  masterKey(): Promise<Secret>;
  /** Forgets the stored sign-in. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** Null when no server runs on this data folder. */
export async function connectToServer(
  dataFolder: string,
  terminal: Terminal,
  flagFile: string | undefined,
): Promise<Connection | null> {
  const run = await findRunningServer(dataFolder);
  return run === null ? null : serverConnection(run, dataFolder, createMasterKeys(terminal, flagFile));
}

export function originOf(run: Pick<RunFile, 'host' | 'port'>): string {
  const host = run.host.includes(':') ? `[${run.host}]` : run.host;
  return `http://${host}:${run.port}`;
}

async function serverConnection(run: RunFile, dataFolder: string, keys: MasterKeys): Promise<Connection> {
  const stored = await readSession(dataFolder);
  let bearer: Secret | null = stored?.startId === run.startId ? stored.bearer : null;
  const origin = originOf(run);
  const api = httpAdminClient(origin, () => bearer);

  const signIn = async (): Promise<{ expiresAtMs: number }> => {
    const { vault } = await api.session.status.query();
    if (vault === 'uninitialised') throw notSetUp(origin);
    const masterKey = reveal(await keys.current());
    const signedIn = await api.session.unlock.mutate({ masterKey, want: 'bearer' });
    if (signedIn.bearer === null)
      throw new CamError('internal', 'The server gave no sign-in for the command line.');
    bearer = new Secret(signedIn.bearer);
    await writeSession(dataFolder, { startId: run.startId, bearer, expiresAtMs: signedIn.expiresAtMs });
    return { expiresAtMs: signedIn.expiresAtMs };
  };

  return {
    via: 'server',
    open: api,
    origin,
    dataFolder,
    call: async (use) => {
      try {
        if (bearer === null) await signIn();
        return await use(api);
      } catch (thrown) {
        const error = adminError(thrown);
        if (error.code !== 'unauthenticated' || bearer === null) throw error;
      }
      // The stored sign-in has ended: nothing of the command was done, so it is begun again.
      return translated(async () => {
        await signIn();
        return use(api);
      });
    },
    signIn: () => translated(signIn),
    masterKey: () => keys.current(),
    forget: async () => {
      bearer = null;
      await forgetSession(dataFolder);
    },
    close: () => Promise.resolve(),
  };
}

export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw adminError(thrown);
  }
}

const notSetUp = (origin: string): CamError =>
  new CamError('vault_uninitialised', `The server at ${origin} has not been set up yet.`, {
    hint: 'Open the set-up link that it printed when it started.',
  });
