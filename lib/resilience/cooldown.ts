/**
 * Cooldown: *they told us* (or a quota tells us) when to come back. Never merged with the breaker.
 */
export interface Cooldown {
  readonly cause: 'rate_limit' | 'quota';
  readonly untilMs: number;
  readonly sinceMs: number;
  /** True when the wait is our own guess because none was given. */
  readonly guessed: boolean;
  /** How many cooldowns without a success between, for guessing the next. */
  readonly streak: number;
  /** The provider's code, e.g. `rate_limit_exceeded`, `credit_balance_exhausted`. */
  readonly code: string;
  /** Quota only: when one ordinary call may try again. */
  readonly probeAtMs: number | null;
}
