/** Waiting and repeating, both bounded: sleeps that end with the client, and the budget for repeats. */
import type { Clock } from '../../lib/base/time.ts';
import { FULL_BUDGET, mayRepeat, onCall, onRepeat } from '../../lib/routing/retry-budget.ts';

export interface Patience {
  /** True after `ms`; false when the signal aborted first. */
  sleep(ms: number, signal: AbortSignal): Promise<boolean>;
  /** A call has begun: the budget grows with what flows. */
  called(): void;
  mayRepeat(): boolean;
  repeated(): void;
  /** 0 ≤ x < 1 */
  random(): number;
}

const RANDOM_BYTES = 4;

export function createPatience(deps: {
  readonly clock: Clock;
  readonly random: (size: number) => Uint8Array;
}): Patience {
  let budget = FULL_BUDGET;
  return {
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve(false);
          return;
        }
        const finish = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          resolve(!signal.aborted);
        };
        const timer = setTimeout(finish, ms);
        signal.addEventListener('abort', finish, { once: true });
      }),
    called() {
      budget = onCall(budget, deps.clock.monotonicMs());
    },
    mayRepeat: () => mayRepeat(budget, deps.clock.monotonicMs()),
    repeated() {
      budget = onRepeat(budget, deps.clock.monotonicMs());
    },
    random() {
      const [a = 0, b = 0, c = 0, d = 0] = deps.random(RANDOM_BYTES);
      return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32;
    },
  };
}
