/**
 * Backups by the clock: one when the newest is older than `backup.every_hours`, looked at once a minute. How old it is
 * comes from the files, so that a restart neither forgets one nor makes one too many. A failure is tried again after
 * an hour, because a full disk is seldom better a minute later.
 */
import { SERVER } from '../../lib/audit/actor.ts';
import { type Clock, HOUR_MS, MINUTE_MS } from '../../lib/base/time.ts';
import type { VaultState } from '../../lib/wire/views.ts';
import type { Log } from '../log.ts';
import type { Services } from '../services/services.ts';

export interface BackupJobDeps {
  readonly backups: Services['backups'];
  readonly vaultState: () => VaultState;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Pick<Log, 'warn'>;
}

export const BACKUP_LOOK_MS = MINUTE_MS;

/** Answers the look; never rejects. */
export function createBackupJob(deps: BackupJobDeps): () => Promise<void> {
  const { backups, clock } = deps;
  return async () => {
    try {
      if (deps.vaultState() !== 'uninitialised' && isDue(backups.list(), clock.nowMs()))
        await backups.make(SERVER);
    } catch (error) {
      deps.log.warn({ err: error }, 'the backup that was due could not be made');
    }
  };
}

function isDue(found: ReturnType<Services['backups']['list']>, nowMs: number): boolean {
  const { folder, everyHours, failure } = found;
  if (folder === null || everyHours === 0) return false;
  if (failure !== null && Math.abs(nowMs - failure.atMs) < HOUR_MS) return false;
  const newest = found.backups.find(({ beforeConversion }) => !beforeConversion);
  // One from the future is from a clock that was wrong: it must not keep others from being made for years.
  return newest === undefined || Math.abs(nowMs - newest.atMs) >= everyHours * HOUR_MS;
}
