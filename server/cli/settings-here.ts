/** The settings in force on this folder, read without a server, a lock or the master key; no folder is made. */
import { homedir } from 'node:os';
import { loadConfig, type Settings } from '../config.ts';
import { findFolders } from '../data-folder.ts';
import type { CommandWorld } from './command.ts';
import { settingFlags } from './flags.ts';

export function settingsHere({ terminal, flags }: Pick<CommandWorld, 'terminal' | 'flags'>): Settings {
  const folders = findFolders({
    env: terminal.env,
    platform: process.platform,
    home: homedir(),
    workingFolder: process.cwd(),
    flag: flags().home,
  });
  return loadConfig({ env: terminal.env, flags: settingFlags(flags()), folders });
}
