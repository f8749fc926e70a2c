/** A clock that moves only when a test says so. */
import type { Clock } from '../../../lib/base/time.ts';

export interface FakeClock extends Clock {
  advance(ms: number): void;
  /** Only the wall clock, as when somebody sets the time or the computer wakes. */
  jump(ms: number): void;
}

export function createFakeClock(startMs = 1_800_000_000_000): FakeClock {
  let wallMs = startMs;
  let monotonicMs = 1_000;
  return {
    nowMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    advance: (ms) => {
      wallMs += ms;
      monotonicMs += ms;
    },
    jump: (ms) => {
      wallMs += ms;
    },
  };
}
