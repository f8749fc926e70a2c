/** Organisations are asked what was used and charged, every `introspection.every_minutes`. */
import { type Clock, MINUTE_MS } from '../../lib/base/time.ts';
import type { Log } from '../log.ts';

export interface ProviderJobDeps {
  /** Does nothing while the vault is locked. */
  readonly refresh: () => Promise<void>;
  readonly everyMinutes: () => number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Pick<Log, 'warn'>;
}

export interface ProviderJob {
  /** Never rejects; a look while one is under way is that one. */
  look(): Promise<void>;
  close(): Promise<void>;
}

export const PROVIDER_LOOK_MS = MINUTE_MS;

export function createProviderJob({ refresh, everyMinutes, clock, log }: ProviderJobDeps): ProviderJob {
  let underWay: Promise<void> | null = null;
  let askedMs = Number.NEGATIVE_INFINITY;
  let closed = false;
  return {
    look() {
      const everyMs = everyMinutes() * MINUTE_MS;
      const nowMs = clock.monotonicMs();
      if (underWay !== null) return underWay;
      if (closed || everyMs === 0 || nowMs - askedMs < everyMs) return Promise.resolve();
      askedMs = nowMs;
      underWay = refresh()
        .catch((error: unknown) =>
          log.warn({ err: error }, 'providers could not be asked about use and cost'),
        )
        .finally(() => {
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
