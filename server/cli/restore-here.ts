/** Restores in this process, under the lock of the data folder. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import { homeFolders } from '../home-folders.ts';
import { acquireLock, OFFLINE_WAIT_MS } from '../lock.ts';
import { type Restored, restoreBackup } from '../restore.ts';
import { VERSION } from '../version.ts';
import type { GlobalFlags } from './flags.ts';
import { createMasterKeys } from './master-key.ts';
import type { Terminal } from './terminal.ts';

/** Throws `already_running` when the folder's lock is not to be had. */
export async function restoreHere(file: string, flags: GlobalFlags, terminal: Terminal): Promise<Restored> {
  const folders = homeFolders(flags.home, terminal.env);
  const lock = await acquireLock(folders.data, OFFLINE_WAIT_MS, { clock: systemClock, sleep });
  try {
    const keys = createMasterKeys(terminal, flags.masterKeyFile);
    return await restoreBackup({
      file: resolve(file),
      dataFolder: folders.data,
      masterKey: () => keys.current(),
      random: (bytes) => randomBytes(bytes),
      clock: systemClock,
      version: VERSION,
    });
  } finally {
    lock.release();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
