/**
 * The clock, handed in wherever time matters so that tests own it.
 * `nowMs` is wall-clock Unix milliseconds (for records and calendar windows, it may jump);
 * `monotonicMs` only ever grows (for durations, time-outs, cooldowns in memory).
 */
export interface Clock {
  nowMs(): number;
  monotonicMs(): number;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
