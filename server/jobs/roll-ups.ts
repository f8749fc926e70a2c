/**
 * Roll-ups and pruning by the clock. Hours that are over are added up in the read worker and written here; then calls
 * older than `retention.days` are deleted, a few at a time, never before their hours are rolled up. No call waits for
 * any of this: what runs on the main thread at once takes milliseconds.
 */
import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/base/time.ts';
import type { Reader } from '../db/reader.ts';
import type { UsageHours } from '../db/usage-hours.ts';
import type { Log } from '../log.ts';

export interface RollUpJobDeps {
  readonly reader: Pick<Reader, 'run'>;
  readonly hours: UsageHours;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly retentionDays: () => number;
  readonly log: Pick<Log, 'warn'>;
}

export interface RollUpJob {
  /** One look; never rejects. A look while one is under way is that one. */
  look(): Promise<void>;
  /** Works all hours out anew whose calls are kept. */
  rebuild(): Promise<void>;
  /** No more is begun; resolves when what is under way has come to rest. */
  close(): Promise<void>;
}

export const ROLL_UP_LOOK_MS = MINUTE_MS;
const PRUNED_AT_ONCE = 100;
const PRUNED_A_LOOK = 20_000;
/** Ten years of days, a day at a time. */
const READS_A_LOOK = 3_660;

export function createRollUpJob({ reader, hours, clock, retentionDays, log }: RollUpJobDeps): RollUpJob {
  let underWay: Promise<void> | null = null;
  let closed = false;

  async function rollUp(): Promise<void> {
    for (let reads = 0; reads < READS_A_LOOK && !closed; reads++) {
      const due = await reader.run('usage.due', { nowMs: clock.nowMs() });
      if (due === null || closed) return;
      hours.write(due);
    }
  }

  async function prune(): Promise<void> {
    const days = retentionDays();
    const state = days === 0 ? null : await reader.run('usage.rolled', undefined);
    if (state === null) return;
    const oldestMs = Math.floor((clock.nowMs() - days * DAY_MS) / HOUR_MS) * HOUR_MS;
    const beforeMs = Math.min(oldestMs, state.untilMs);
    for (let pruned = 0; pruned < PRUNED_A_LOOK && !closed; pruned += PRUNED_AT_ONCE) {
      if (hours.prune(beforeMs, PRUNED_AT_ONCE) === 0) return;
      // Calls have their turn between two groups.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const alone = (work: () => Promise<void>): Promise<void> => {
    underWay ??= work().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return {
    look: () =>
      alone(async () => {
        try {
          await rollUp();
          await prune();
        } catch (error) {
          log.warn({ err: error }, 'hourly totals could not be brought up to date');
        }
      }),
    async rebuild() {
      await underWay;
      hours.forgetFrom(0);
      await alone(rollUp);
    },
    async close() {
      closed = true;
      await underWay?.catch(() => undefined);
    },
  };
}
