/** This process's own folders: found by flag, CAM_HOME or platform, made where missing, and checked. */
import { homedir } from 'node:os';
import { type Folders, findFolders, prepareFolders } from './data-folder.ts';

/** Throws `data_folder_open` when others can reach what is ours. */
export function homeFolders(flag: string | undefined, env: NodeJS.ProcessEnv): Folders {
  const { platform } = process;
  const folders = findFolders({ env, platform, home: homedir(), workingFolder: process.cwd(), flag });
  prepareFolders(folders, { platform, uid: ownUserId(), umask: (mask) => void process.umask(mask) });
  return folders;
}

/** Null where there are none (Windows). */
export function ownUserId(): number | null {
  return process.getuid?.() ?? null;
}
