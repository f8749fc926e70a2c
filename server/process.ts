/**
 * The server as a process: from flags and environment to a listening program, and from a signal to a clean end.
 * SIGTERM, SIGINT and SIGHUP stop taking calls and let streams finish for up to 30 s; a second signal ends at once.
 * One line on stdout says where it serves. The log goes to a file; nothing secret goes to either.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CamError } from '../lib/errors.ts';
import { systemClock } from './clock.ts';
import { loadConfig } from './config.ts';
import type { Folders } from './data-folder.ts';
import { homeFolders, ownUserId } from './home-folders.ts';
import { createKeychain } from './keychain.ts';
import { acquireLock } from './lock.ts';
import { createLogger } from './log.ts';
import { openLogFile } from './log-file.ts';
import { boot, type Running } from './main.ts';
import { type FoundMasterKey, findInKeychain, findMasterKey } from './master-key.ts';
import { notePort } from './ports-file.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import { untilToldToStop } from './told-to-stop.ts';
import { announceSetupLink, removeSetupLinkFile } from './vault/setup-link.ts';
import { VERSION } from './version.ts';
import { hasTerminal, watchConfig } from './watch-config.ts';

const DRAIN_MS = 30_000;

export interface ServerFlags {
  readonly home?: string | undefined;
  readonly masterKeyFile?: string | undefined;
  readonly requireUnlocked?: boolean | undefined;
  /** Settings among the flags, by the names that `server/config` knows. */
  readonly settings: Readonly<Record<string, string | undefined>>;
}

/** Serves until it is told to stop. Throws a CamError, with its exit code, when it cannot start. */
export async function runServer(flags: ServerFlags, env: NodeJS.ProcessEnv): Promise<void> {
  keepDebuggersOut();
  const given = findMasterKey({
    env,
    flagFile: flags.masterKeyFile,
    platform: process.platform,
    uid: ownUserId(),
  });
  const folders = homeFolders(flags.home, env);
  const lock = await acquireLock(folders.data, 0, { clock: systemClock, sleep });
  try {
    const settings = loadConfig({ env, flags: flags.settings, folders });
    const logFile = openLogFile(folders.logs);
    const log = createLogger({ level: settings.config.log.level, destination: logFile });
    settings.onChange((config) => log.setLevel(config.log.level));
    const startId = randomUUID();
    const running = await boot({
      settings,
      dataFolder: folders.data,
      logsFolder: folders.logs,
      databaseFile: join(folders.data, 'cam.db'),
      log,
      clock: systemClock,
      env,
      startId,
    });
    try {
      const { keychain } = settings.config.vault;
      const found =
        given ?? (keychain ? await findInKeychain(createKeychain(folders.data), running.app.note) : null);
      await openVault(running, found, flags, env);
      notePort(folders.data, running.bound.port, systemClock.nowMs());
      writeRunFile(folders.data, { pid: process.pid, ...running.bound, startId, version: VERSION });
      // Before anybody is told that we run: whoever reads that line may stop us at once.
      const told = untilToldToStop(() => void logFile.close().finally(() => process.exit(1)), {
        hangUp: hasTerminal(),
      });
      announce(running, folders, running.vaultState() === 'unlocked');
      const unwatch = watchConfig({
        file: settings.file,
        local: running.app.services.local,
        log,
        say: (line) => void process.stderr.write(`cam: ${line}\n`),
      });
      const why = await told;
      unwatch();
      log.info({ why }, 'stopping');
    } finally {
      removeRunFile(folders.data, startId);
      removeSetupLinkFile(folders.data);
      await running.close(DRAIN_MS);
      await logFile.close();
    }
  } finally {
    lock.release();
  }
}

/**
 * SIGUSR1 makes Node open its debugger on a port of 127.0.0.1, where every user of this computer could read our
 * memory. Whoever wants to debug starts the program with --inspect.
 */
function keepDebuggersOut(): void {
  process.on('SIGUSR1', () => {});
}

/** A wrong key from a source stops the start: it must not look like a server that merely waits for the right one. */
async function openVault(
  running: Running,
  found: FoundMasterKey | null,
  flags: ServerFlags,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const makesVault = found?.source === 'keychain' && running.vaultState() === 'uninitialised';
  if (found && !makesVault) await running.openWith(found.key);
  else if (flags.requireUnlocked) {
    throw new CamError('vault_locked', 'No master key was given, and --require-unlocked was.', {
      hint: 'Give one with --master-key-file, CAM_MASTER_KEY_FILE or CAM_MASTER_KEY.',
    });
  }
  delete env.CAM_CLIENT_KEY;
}

function announce(running: Running, folders: Folders, unlocked: boolean): void {
  const { url, adminUrl } = running;
  const state = running.vaultState();
  const locked =
    unlocked || state !== 'locked' ? '' : ', locked until you unlock it there or with "cam unlock"';
  let text = `Codex Account Manager serves ${url} · dashboard ${adminUrl}${locked}\n`;
  if (state === 'uninitialised') {
    announceSetupLink(running.setupUrl(), {
      dataFolder: folders.data,
      isTerminal: process.stdout.isTTY === true,
      write: (line) => {
        text += line;
      },
    });
  }
  // At once, so that whoever waits for the first line finds everything that it announces.
  process.stdout.write(text);
  for (const note of running.notes()) process.stderr.write(`note: ${note}\n`);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
