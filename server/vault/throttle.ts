/**
 * Slows down guessing of the master key, over all doors together: five tries are free, then each further failure
 * doubles the wait, up to five minutes. A right key clears it. Monotonic time, so that nobody waits it away by
 * turning the clock.
 */
import { type Clock, SECOND_MS } from '../../lib/base/time.ts';
import type { LoginThrottle } from './sessions.ts';

const FREE_TRIES = 5;
const WAIT_MAX_MS = 300 * SECOND_MS;
/** 2⁹ s is already past the longest wait. */
const DOUBLINGS_MAX = 9;

export function createLoginThrottle(deps: { readonly clock: Clock }): LoginThrottle {
  let failures = 0;
  let allowedAtMs = 0;

  return {
    waitMs: () => Math.max(0, Math.ceil(allowedAtMs - deps.clock.monotonicMs())),
    triesLeft: () => Math.max(0, FREE_TRIES - failures),
    failed: () => {
      failures += 1;
      if (failures < FREE_TRIES) return;
      const doublings = Math.min(failures - FREE_TRIES + 1, DOUBLINGS_MAX);
      allowedAtMs = deps.clock.monotonicMs() + Math.min(2 ** doublings * SECOND_MS, WAIT_MAX_MS);
    },
    succeeded: () => {
      failures = 0;
      allowedAtMs = 0;
    },
  };
}
