/**
 * Notices that the machine slept: the wall clock then runs ahead of the monotonic one, or, where the monotonic one
 * runs on in sleep (macOS, Windows), the timer here is long overdue. Sockets that were idle before are dead without
 * having said so, and connect failures of that moment mean nothing.
 */
import type { Clock } from '../../lib/base/time.ts';

export const SLEPT_MS = 30_000;
const LOOK_EVERY_MS = 5_000;

export interface SleepWatch {
  /** Compares the clocks now; the timer does it every few seconds. */
  look(): void;
  stop(): void;
}

export function watchSleep(clock: Clock, onWake: () => void): SleepWatch {
  let wallMs = clock.nowMs();
  let monotonicMs = clock.monotonicMs();
  /** When the timer ran last, or a sleep was noticed. */
  let awakeMs = monotonicMs;
  function look(): void {
    const wall = clock.nowMs();
    const monotonic = clock.monotonicMs();
    const jump = Math.abs(wall - wallMs - (monotonic - monotonicMs));
    const overdue = monotonic - awakeMs - LOOK_EVERY_MS;
    wallMs = wall;
    monotonicMs = monotonic;
    if (jump <= SLEPT_MS && overdue <= SLEPT_MS) return;
    awakeMs = monotonic;
    onWake();
  }
  const timer = setInterval(() => {
    look();
    awakeMs = monotonicMs;
  }, LOOK_EVERY_MS);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}
