/** The real clock. Tests hand in their own. */
import type { Clock } from '../lib/base/time.ts';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
