/**
 * One coarse timer for everything that waits in the hot path: total time-outs, signs of life, the hold before
 * the commit point. A stream then costs a number comparison per tick instead of a timer per chunk.
 */
import type { Clock } from '../../lib/base/time.ts';

export interface Ticking {
  /** Called once a tick, with the monotonic time. */
  tick(nowMs: number): void;
}

export interface Ticker {
  add(ticking: Ticking): void;
  remove(ticking: Ticking): void;
  /** Monotonic time of the last tick: cheap, and at most one tick old while anything is waiting. */
  nowMs(): number;
  close(): void;
}

export const TICK_MS = 250;

export function createTicker(clock: Clock, tickMs = TICK_MS): Ticker {
  const waiting = new Set<Ticking>();
  let timer: NodeJS.Timeout | null = null;
  let now = clock.monotonicMs();

  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }
  function tick(): void {
    // Stopped here and not when the last one leaves: short calls would otherwise start and stop it each time.
    if (waiting.size === 0) {
      stop();
      return;
    }
    now = clock.monotonicMs();
    for (const one of waiting) one.tick(now);
  }
  return {
    add(ticking) {
      waiting.add(ticking);
      if (timer) return;
      now = clock.monotonicMs();
      timer = setInterval(tick, tickMs);
      timer.unref();
    },
    remove(ticking) {
      waiting.delete(ticking);
    },
    nowMs: () => now,
    close: stop,
  };
}
