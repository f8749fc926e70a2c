/**
 * Where this program keeps its things, and the check that nobody else on the machine can read them.
 * CAM_HOME holds everything in one folder; without it the platform's own places are used (XDG, ~/Library, AppData).
 */
import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { CamError } from '../lib/errors.ts';
import { shellQuote } from './shell-quote.ts';

export interface Folders {
  /** Holds `config.toml`. */
  readonly config: string;
  /** Holds the database, `lock.db`, `run.json`, `session.json`, `setup-link`. Mode 0700. */
  readonly data: string;
  readonly logs: string;
}

export interface FolderQuestion {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly home: string;
  readonly workingFolder: string;
  /** The `--home` flag, which wins over CAM_HOME. */
  readonly flag?: string | undefined;
}

const NAME = 'codex-account-manager';

export function findFolders(question: FolderQuestion): Folders {
  const { env, platform, home } = question;
  const path = platform === 'win32' ? win32 : posix;
  const chosen = question.flag || env.CAM_HOME;
  if (chosen) {
    const whole = path.resolve(question.workingFolder, chosen);
    return { config: whole, data: whole, logs: path.join(whole, 'logs') };
  }
  if (platform === 'darwin') {
    const support = path.join(home, 'Library', 'Application Support', NAME);
    return { config: support, data: support, logs: path.join(home, 'Library', 'Logs', NAME) };
  }
  // The XDG specification: a relative path in these variables is invalid and must be ignored.
  const place = (variable: string, ...otherwise: string[]): string => {
    const value = env[variable];
    return value && path.isAbsolute(value) ? value : path.join(home, ...otherwise);
  };
  if (platform === 'win32') {
    const local = path.join(place('LOCALAPPDATA', 'AppData', 'Local'), NAME);
    return {
      config: path.join(place('APPDATA', 'AppData', 'Roaming'), NAME),
      data: path.join(local, 'data'),
      logs: path.join(local, 'logs'),
    };
  }
  return {
    config: path.join(place('XDG_CONFIG_HOME', '.config'), NAME),
    data: path.join(place('XDG_DATA_HOME', '.local', 'share'), NAME),
    logs: path.join(place('XDG_STATE_HOME', '.local', 'state'), NAME),
  };
}

const OTHERS_ANY = 0o077;
const OTHERS_WRITE = 0o022;

/**
 * Creates what is missing (0700) and refuses what others can reach: throws `data_folder_open`. The umask comes
 * first, so that files which SQLite makes for itself are private too.
 */
export function prepareFolders(
  folders: Folders,
  world: { readonly platform: NodeJS.Platform; readonly uid: number | null; umask(mask: number): void },
): void {
  world.umask(0o077);
  for (const folder of new Set([folders.data, folders.config, folders.logs])) makeFolder(folder);
  // On Windows access is by lists that the profile folder already keeps private; there are no mode bits.
  if (world.platform === 'win32') return;
  checkMode(folders.data, OTHERS_ANY, world.uid);
  for (const entry of readdirSync(folders.data, { withFileTypes: true })) {
    if (entry.isFile()) checkMode(posix.join(folders.data, entry.name), OTHERS_ANY, world.uid);
  }
  if (folders.logs !== folders.data) checkMode(folders.logs, OTHERS_ANY, world.uid);
  // The configuration holds no secrets, but whoever writes it steers us.
  if (folders.config !== folders.data) checkMode(folders.config, OTHERS_WRITE, world.uid);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CamError('data_folder_open', `The folder ${folder} could not be made.`, {
      cause,
      hint: 'Choose another one with CAM_HOME, or make it writable for this user.',
    });
  }
}

function checkMode(path: string, forbidden: number, uid: number | null): void {
  const facts = lstatSync(path);
  if (facts.isSymbolicLink()) return;
  if (uid !== null && facts.uid !== uid) {
    throw new CamError('data_folder_open', `${path} belongs to another user of this computer.`, {
      hint: `Run: sudo chown -R "$(id -un)" ${shellQuote(path)}`,
      details: { path },
    });
  }
  if ((facts.mode & forbidden) === 0) return;
  const folder = facts.isDirectory();
  throw new CamError(
    'data_folder_open',
    `Others on this computer can reach ${path}, so nothing was opened.`,
    {
      hint: `Run: chmod ${folder ? 'u=rwX,go=' : 'u=rw,go='} ${shellQuote(path)}`,
      details: { path },
    },
  );
}
