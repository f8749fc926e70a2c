/**
 * Hands the process over to the built program. Where Node can, this process becomes it, so that signals and
 * exit codes need no middleman and no memory is spent on waiting; elsewhere we stay and pass things on.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DIST } from './places.mjs';
import { watchOver } from './runtime.mjs';

/**
 * Node sizes its memory from the machine's; on a large one an idle server would hold several times what it
 * needs. A young generation of 16 MB keeps throughput, 1 GB is far above what the largest bodies need. Bodies lie
 * outside the heap but count towards its next full collection: from 128 MB on, or one would run for every 45
 * bodies of 200 KB and cost as much as all the rest.
 */
export const HEAP = ['--max-semi-space-size=16', '--initial-old-space-size=128', '--max-old-space-size=1024'];

/** Runs `dist/cam.js` with these arguments in our place. @returns {Promise<number>} where it could not */
export function handOver(args) {
  const environment = { ...process.env, NODE_ENV: 'production' };
  const command = [...HEAP, '--enable-source-maps', join(DIST, 'cam.js'), ...args];
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    // The warning that execve is experimental concerns nobody at the keyboard.
    process.removeAllListeners('warning');
    process.execve(process.execPath, [process.execPath, ...command], environment);
  }
  return watchOver(spawn(process.execPath, command, { env: environment, stdio: 'inherit' }));
}
