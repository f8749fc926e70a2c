/**
 * The lock on a data folder. A second server stops at once (exit 5), before it opens any data; commands that work
 * in process wait a little, because what they wait for is usually another such command.
 */
import { join } from 'node:path';
import type { Clock } from '../lib/base/time.ts';
import { CamError } from '../lib/errors.ts';
import { type LockDatabase, openLockDatabase } from './db/lock-file.ts';
import { readRunFile } from './run-file.ts';

export const OFFLINE_WAIT_MS = 10_000;
const POLL_MS = 100;

export interface LockWorld {
  readonly clock: Clock;
  sleep(ms: number): Promise<void>;
}

/** @param waitMs 0 for a server, OFFLINE_WAIT_MS for a command. Throws `already_running`. */
export async function acquireLock(
  dataFolder: string,
  waitMs: number,
  world: LockWorld,
): Promise<LockDatabase> {
  const giveUpAtMs = world.clock.monotonicMs() + waitMs;
  for (;;) {
    const lock = openLockDatabase(join(dataFolder, 'lock.db'));
    if (lock) return lock;
    const leftMs = giveUpAtMs - world.clock.monotonicMs();
    if (leftMs <= 0) throw alreadyRunning(dataFolder);
    await world.sleep(Math.min(POLL_MS, leftMs));
  }
}

function alreadyRunning(dataFolder: string): CamError {
  const run = readRunFile(dataFolder);
  if (!run) {
    return new CamError(
      'already_running',
      `Another process of Codex Account Manager is using ${dataFolder}.`,
      {
        hint: 'Wait for it to end, or choose another folder with CAM_HOME.',
      },
    );
  }
  return new CamError(
    'already_running',
    `Codex Account Manager is already running on ${dataFolder}: process ${run.pid}, port ${run.port}.`,
    {
      hint: 'Use that one, stop it first, or choose another folder with CAM_HOME.',
      details: { pid: run.pid, port: run.port },
    },
  );
}
