/**
 * Assembles the application in this process for one command. Another command on the same folder is waited for;
 * a server that is just starting shows itself by the time the wait ends.
 */
import { join } from 'node:path';
import { assemble } from '../assemble.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config.ts';
import { homeFolders } from '../home-folders.ts';
import { createKeychain } from '../keychain.ts';
import { acquireLock, OFFLINE_WAIT_MS } from '../lock.ts';
import { createLogger } from '../log.ts';
import { openLogFile } from '../log-file.ts';
import { findInKeychain } from '../master-key.ts';
import type { Connection } from './connection.ts';
import { type GlobalFlags, settingFlags } from './flags.ts';
import { inProcessConnection } from './in-process.ts';
import { createMasterKeys } from './master-key.ts';
import type { Terminal } from './terminal.ts';

/** Throws `already_running` when the folder's lock is not to be had. */
export async function openHere(flags: GlobalFlags, terminal: Terminal): Promise<Connection> {
  const { env } = terminal;
  const folders = homeFolders(flags.home, env);
  const settings = loadConfig({ env, flags: settingFlags(flags), folders });
  const lock = await acquireLock(folders.data, OFFLINE_WAIT_MS, { clock: systemClock, sleep });
  try {
    const logFile = openLogFile(folders.logs);
    const app = await assemble({
      settings,
      dataFolder: folders.data,
      logsFolder: folders.logs,
      databaseFile: join(folders.data, 'cam.db'),
      log: createLogger({ level: settings.config.log.level, destination: logFile }),
      clock: systemClock,
      env,
    });
    const close = async (): Promise<void> => {
      try {
        await app.close();
        await logFile.close();
      } finally {
        lock.release();
      }
    };
    const { router, services } = app;
    const fromKeychain = async () =>
      settings.config.vault.keychain
        ? ((await findInKeychain(createKeychain(folders.data), terminal.hint))?.key ?? null)
        : null;
    const keys = createMasterKeys(terminal, flags.masterKeyFile, fromKeychain);
    return inProcessConnection({ router, services, close }, keys, folders.data);
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
