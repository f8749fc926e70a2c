/**
 * Cooldown: *they told us* (or a quota tells us) when to come back. Never merged with the breaker.
 * Pure reducers over wall-clock time, because a cooldown has to survive a restart.
 */
import { HOUR_MS, MINUTE_MS } from '../base/time.ts';
import type { Failure } from './failure.ts';

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

/** The configuration's `cooldown` section. */
export interface CooldownConfig {
  readonly guess_ms: number;
  readonly guess_max_ms: number;
}

/** Credit may be topped up and limits raised at any time; an ordinary call an hour finds out. */
export const QUOTA_PROBE_EVERY_MS = HOUR_MS;
const CLOCK_SLACK_MS = MINUTE_MS;

/** A 429 with or without a told wait. Several at once are one event; a shorter wait never replaces a longer. */
export function onRateLimited(
  previous: Cooldown | null,
  failure: Pick<Failure, 'toldWaitMs' | 'code'>,
  nowMs: number,
  config: CooldownConfig,
): Cooldown {
  const running = previous !== null && isActive(previous, nowMs);
  if (running && previous.cause === 'quota') return previous;
  const streak = running ? previous.streak : (previous?.streak ?? 0) + 1;
  const guess = Math.min(config.guess_ms * 2 ** Math.min(streak - 1, 20), config.guess_max_ms);
  const untilMs = nowMs + (failure.toldWaitMs ?? guess);
  if (running && previous.untilMs >= untilMs) return previous;
  return {
    cause: 'rate_limit',
    untilMs,
    sinceMs: running ? previous.sinceMs : nowMs,
    guessed: failure.toldWaitMs === null,
    streak,
    code: failure.code,
    probeAtMs: null,
  };
}

/** Out of money: until the month begins anew (UTC, as providers bill), with a probe an hour. */
export function onQuota(previous: Cooldown | null, failure: Pick<Failure, 'code'>, nowMs: number): Cooldown {
  const running = previous !== null && previous.cause === 'quota' && isActive(previous, nowMs);
  return {
    cause: 'quota',
    untilMs: nextMonthMs(nowMs),
    sinceMs: running ? previous.sinceMs : nowMs,
    guessed: false,
    streak: running ? previous.streak : 1,
    code: failure.code,
    probeAtMs: nowMs + QUOTA_PROBE_EVERY_MS,
  };
}

/** The hourly call is on its way; the next may go an hour later. */
export function onQuotaProbe(cooldown: Cooldown, nowMs: number): Cooldown {
  return cooldown.probeAtMs === null ? cooldown : { ...cooldown, probeAtMs: nowMs + QUOTA_PROBE_EVERY_MS };
}

/** The hourly call said nothing (its client left): another may go at once. */
export function onQuotaProbeAbandoned(cooldown: Cooldown): Cooldown {
  const { probeAtMs } = cooldown;
  return probeAtMs === null ? cooldown : { ...cooldown, probeAtMs: probeAtMs - QUOTA_PROBE_EVERY_MS };
}

/**
 * Over, or begun in the future: then the clock has been set back since, and a wait of unknown length is better
 * found out by trying.
 */
export function isActive(cooldown: Cooldown, nowMs: number): boolean {
  return nowMs < cooldown.untilMs && cooldown.sinceMs <= nowMs + CLOCK_SLACK_MS;
}

/** `blocked` keeps calls away, `probe` lets one through. */
export function cooldownVerdict(cooldown: Cooldown | undefined, nowMs: number): 'free' | 'blocked' | 'probe' {
  if (cooldown === undefined || !isActive(cooldown, nowMs)) return 'free';
  return cooldown.probeAtMs !== null && cooldown.probeAtMs <= nowMs ? 'probe' : 'blocked';
}

/** When the month after this moment's begins, in UTC. */
export function nextMonthMs(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
}
