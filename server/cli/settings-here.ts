/** The settings in force on this folder, read without a server, a lock or the master key; no folder is made. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_FILE, loadConfig, type Settings } from '../config.ts';
import { type Folders, findFolders } from '../data-folder.ts';
import type { CommandWorld } from './command.ts';
import { settingFlags } from './flags.ts';

type Here = Pick<CommandWorld, 'terminal' | 'flags'>;

export function settingsHere(world: Here): Settings {
  const { terminal, flags } = world;
  return loadConfig({ env: terminal.env, flags: settingFlags(flags()), folders: foldersHere(world) });
}

/** Where the file is, also while it cannot be read. */
export const configFileHere = (world: Here): string => join(foldersHere(world).config, CONFIG_FILE);

function foldersHere({ terminal, flags }: Here): Folders {
  return findFolders({
    env: terminal.env,
    platform: process.platform,
    home: homedir(),
    workingFolder: process.cwd(),
    flag: flags().home,
  });
}
