/**
 * The application in this process, for commands on a data folder on which no server runs. It holds the folder's
 * lock while it is open and asks for the master key each time: nothing is kept between two commands.
 */
import type { Actor } from '../../lib/audit/actor.ts';
import type { Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { type AdminRouter, IN_PROCESS } from '../admin/router.ts';
import type { Services } from '../services/services.ts';
import { type AdminClient, adminError, localAdminClient } from './client.ts';
import { type CallOptions, type Connection, translated } from './connection.ts';
import type { MasterKeys } from './master-key.ts';

/** What `assemble` gives, as far as a command needs it. */
export interface Application {
  readonly router: AdminRouter;
  readonly services: Pick<Services, 'session' | 'local'>;
  close(): Promise<void>;
}

const IN_THIS_PROCESS: Actor = { kind: 'in_process' };

export function inProcessConnection(app: Application, keys: MasterKeys, dataFolder: string): Connection {
  const api: AdminClient = localAdminClient(app.router, IN_PROCESS);
  const initialise = async (masterKey: Secret): Promise<void> => {
    try {
      await app.services.local.initialise(masterKey, IN_THIS_PROCESS);
    } catch (thrown) {
      if (!(thrown instanceof CamError) || thrown.code !== 'master_key_guessable') throw thrown;
      await keys.insist(thrown);
      await app.services.local.initialiseAnyway(masterKey, IN_THIS_PROCESS);
    }
  };
  const open = async (options: CallOptions): Promise<void> => {
    const { vault } = app.services.session.status(null);
    if (vault === 'unlocked') return;
    if (vault === 'locked') {
      await app.services.local.unlock(await keys.current(), IN_THIS_PROCESS);
    } else if (options.mayInitialise) {
      await initialise(await keys.fresh());
    } else {
      throw new CamError('vault_uninitialised', 'Nothing is set up here yet.', {
        hint: '`cam add NAME` adds a first account, `cam proxy` starts the server.',
      });
    }
  };
  return {
    via: 'in_process',
    open: api,
    origin: null,
    dataFolder,
    call: (use, options = {}) =>
      translated(async () => {
        await open(options);
        return use(api);
      }),
    signIn: async () => {
      await open({}).catch((thrown: unknown) => {
        throw adminError(thrown);
      });
      return { expiresAtMs: 0 };
    },
    masterKey: () => keys.current(),
    forget: () => Promise.resolve(),
    close: () => app.close(),
  };
}
