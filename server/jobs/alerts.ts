/** Alerts by the clock: looked at and sent once a minute, one look at a time. */
import { MINUTE_MS } from '../../lib/base/time.ts';
import type { Log } from '../log.ts';

export interface AlertJobDeps {
  /** Neither does anything while the vault is locked. */
  readonly evaluate: () => Promise<void>;
  readonly deliver: () => Promise<void>;
  /** What has had its time is deleted. */
  readonly tidy: () => Promise<void>;
  readonly log: Pick<Log, 'warn'>;
}

export interface AlertJob {
  /** Never rejects; a look while one is under way is that one. */
  look(): Promise<void>;
  close(): Promise<void>;
}

export const ALERT_LOOK_MS = MINUTE_MS;

export function createAlertJob({ evaluate, deliver, tidy, log }: AlertJobDeps): AlertJob {
  let underWay: Promise<void> | null = null;
  let closed = false;

  async function once(): Promise<void> {
    try {
      await evaluate();
      await deliver();
      await tidy();
    } catch (error) {
      log.warn({ err: error }, 'alerts could not be looked at or sent');
    }
  }

  return {
    look() {
      if (closed) return Promise.resolve();
      underWay ??= once().finally(() => {
        underWay = null;
      });
      return underWay;
    },
    async close() {
      closed = true;
      await underWay;
    },
  };
}
