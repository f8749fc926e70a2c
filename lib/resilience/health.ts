/**
 * An account's health as one value, and what a failure, a success or a probe makes of it. The pool holds these
 * values and asks nothing else of the rules: which breaker counts what, and how long what is remembered, is here.
 */
import type { Mark } from '../routing/upstream.ts';
import {
  type BreakerConfig,
  type BreakerState,
  breakerVerdict,
  CLOSED,
  onFailure,
  onProbe,
  onProbeAbandoned,
  onSuccess,
} from './breaker.ts';
import {
  type Cooldown,
  type CooldownConfig,
  cooldownVerdict,
  isActive,
  onQuota,
  onQuotaProbe,
  onRateLimited,
} from './cooldown.ts';
import type { Failure } from './failure.ts';

export interface Health {
  /** By model, or by model and `#silence`; the empty string is the account as a whole. */
  readonly breakers: Readonly<Record<string, BreakerState>>;
  /** By model; the empty string is the account as a whole. */
  readonly cooldowns: Readonly<Record<string, Cooldown>>;
  readonly marks: readonly Mark[];
}

export interface HealthConfig {
  readonly breaker: BreakerConfig;
  readonly cooldown: CooldownConfig;
}

export const WELL: Health = { breakers: {}, cooldowns: {}, marks: [] };
/** The account as a whole. */
export const WHOLE = '';
/** Models are named by clients: their number is bounded, the oldest is forgotten first. */
const KEYS_MAX = 64;
const MARKS_MAX = 64;

/** Silence is counted apart from faults: a slow model is not a broken account. */
export function silenceKey(model: string | null): string {
  return `${model ?? WHOLE}#silence`;
}

/** Which breaker counts a failure; null for failures that say nothing about the account's condition. */
export function breakerKey(failure: Failure, model: string | null): string | null {
  switch (failure.class) {
    case 'connect':
      return WHOLE;
    case 'overload':
    case 'unknown':
      return model ?? WHOLE;
    case 'silence':
      return silenceKey(model);
    default:
      return null;
  }
}

/** @param family the endpoint family of the call, for marks about it */
export function afterFailure(
  health: Health,
  failure: Failure,
  model: string | null,
  family: string,
  nowMs: number,
  config: HealthConfig,
): Health {
  const key = breakerKey(failure, model);
  if (key !== null) {
    const next = onFailure(health.breakers[key] ?? CLOSED, nowMs, config.breaker);
    return { ...health, breakers: bounded(health.breakers, key, next) };
  }
  // A refusal for a reason of its own leaves a probing breaker as it was: free for the next probe.
  const abandoned = afterAbandoned(health, model);
  switch (failure.class) {
    case 'rate_limit': {
      const at = model ?? WHOLE;
      const next = onRateLimited(health.cooldowns[at] ?? null, failure, nowMs, config.cooldown);
      return { ...abandoned, cooldowns: bounded(health.cooldowns, at, next) };
    }
    case 'quota': {
      const next = onQuota(health.cooldowns[WHOLE] ?? null, failure, nowMs);
      return { ...abandoned, cooldowns: bounded(health.cooldowns, WHOLE, next) };
    }
    case 'scope':
      return withMark(abandoned, failure, model, family, nowMs);
    default:
      return abandoned;
  }
}

/**
 * A complete or begun answer. It may belong to a call from before the trouble, so a wait that the provider named
 * is kept until it is over; money that was spent is not spent any more once an answer came.
 */
export function afterSuccess(health: Health, model: string | null, nowMs: number): Health {
  let { breakers, cooldowns } = health;
  for (const key of keysOf(model)) {
    const breaker = breakers[key];
    const next = breaker === undefined ? undefined : onSuccess(breaker);
    if (next === CLOSED) breakers = without(breakers, key);
    const cooldown = cooldowns[key];
    if (cooldown === undefined || (cooldown.cause === 'rate_limit' && isActive(cooldown, nowMs))) continue;
    cooldowns = without(cooldowns, key);
  }
  return breakers === health.breakers && cooldowns === health.cooldowns
    ? health
    : { ...health, breakers, cooldowns };
}

/** A call is on its way to an account that allowed only a probe: others stay away until it has ended. */
export function afterDial(health: Health, model: string | null, nowMs: number, config: HealthConfig): Health {
  let { breakers, cooldowns } = health;
  for (const key of keysOf(model)) {
    const breaker = breakers[key];
    if (breaker !== undefined && breakerVerdict(breaker, nowMs, true, config.breaker).kind === 'probe') {
      breakers = { ...breakers, [key]: onProbe(breaker, nowMs) };
    }
    const cooldown = cooldowns[key];
    if (cooldown !== undefined && cooldownVerdict(cooldown, nowMs) === 'probe') {
      cooldowns = { ...cooldowns, [key]: onQuotaProbe(cooldown, nowMs) };
    }
  }
  return breakers === health.breakers && cooldowns === health.cooldowns
    ? health
    : { ...health, breakers, cooldowns };
}

/** The call ended without a word about the account (the client left). */
export function afterAbandoned(health: Health, model: string | null): Health {
  let { breakers } = health;
  for (const key of keysOf(model)) {
    const breaker = breakers[key];
    if (breaker !== undefined && breaker.state === 'half_open' && breaker.probeAtMs !== null) {
      breakers = { ...breakers, [key]: onProbeAbandoned(breaker) };
    }
  }
  return breakers === health.breakers ? health : { ...health, breakers };
}

/** Without what has run out, so that nothing is stored or shown for ever. */
export function withoutExpired(health: Health, nowMs: number): Health {
  const marks = health.marks.filter((mark) => mark.untilMs > nowMs);
  const expired = Object.keys(health.cooldowns).filter((key) => {
    const cooldown = health.cooldowns[key];
    // Kept a while after it ended: its streak makes the next guess longer.
    return cooldown !== undefined && !isActive(cooldown, nowMs) && nowMs - cooldown.untilMs > STREAK_KEPT_MS;
  });
  if (marks.length === health.marks.length && expired.length === 0) return health;
  const cooldowns = expired.reduce<Readonly<Record<string, Cooldown>>>(without, health.cooldowns);
  return { ...health, cooldowns, marks };
}

const STREAK_KEPT_MS = 300_000;

/** The breakers and cooldowns that concern a call for this model. */
export function keysOf(model: string | null): readonly string[] {
  return model === null ? [WHOLE, silenceKey(null)] : [WHOLE, model, silenceKey(model)];
}

function withMark(
  health: Health,
  failure: Failure,
  model: string | null,
  family: string,
  nowMs: number,
): Health {
  const { mark } = failure;
  const subject = mark?.kind === 'model' ? model : family;
  if (mark === null || subject === null) return health;
  const fresh: Mark = { kind: mark.kind, subject, reason: failure.summary, untilMs: nowMs + mark.forMs };
  const others = health.marks.filter(
    (known) => known.untilMs > nowMs && !(known.kind === fresh.kind && known.subject === fresh.subject),
  );
  return { ...health, marks: [...others, fresh].slice(-MARKS_MAX) };
}

function bounded<T>(record: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>> {
  if (record[key] === value) return record;
  // Re-inserted last, so that the first key is the one that changed longest ago.
  const next = { ...without(record, key), [key]: value };
  const keys = Object.keys(next);
  const oldest = keys.find((known) => known !== WHOLE);
  return keys.length > KEYS_MAX && oldest !== undefined ? without(next, oldest) : next;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _removed, ...rest } = record;
  return rest;
}
