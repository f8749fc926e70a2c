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
const HEAP = ['--max-semi-space-size=16', '--initial-old-space-size=128', '--max-old-space-size=1024'];

/**
 * V8 compiles well what has run 400 times, and best what has run 3,000 times. A gateway for one person would run most
 * of a day's calls before that: with lower counts a fresh server needs about three quarters of the CPU a call.
 */
const TIERS = ['--invocation-count-for-maglev=50', '--invocation-count-for-turbofan=400'];
/** Node does not start with a name that its V8 has dropped; so far all of these know them. */
const V8_MAJOR_KNOWN_MAX = 14;

/** @param v8 its version, as `process.versions.v8` */
export function v8Options(v8) {
  return Number.parseInt(v8, 10) <= V8_MAJOR_KNOWN_MAX ? [...HEAP, ...TIERS] : HEAP;
}

/** Runs a program of `dist` with these arguments in our place. @returns {Promise<number>} where it could not */
export function handOver(args, program = 'cam.js') {
  const environment = { ...process.env, NODE_ENV: 'production' };
  const command = [...v8Options(process.versions.v8), '--enable-source-maps', join(DIST, program), ...args];
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    // The warning that execve is experimental concerns nobody at the keyboard.
    process.removeAllListeners('warning');
    process.execve(process.execPath, [process.execPath, ...command], environment);
  }
  return watchOver(spawn(process.execPath, command, { env: environment, stdio: 'inherit' }));
}
