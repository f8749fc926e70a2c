/**
 * An account's health as one value, and what a failure, a success or a probe makes of it. The pool holds these
 * values and asks nothing else of the rules: which breaker counts what, and how long what is remembered, is here.
 */
import { holds } from '../routing/mark-key.ts';
import type { Mark } from '../routing/upstream.ts';
import {
  type BreakerConfig,
  type BreakerState,
  breakerVerdict,
  CLOSED,
  forgetFailures,
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
  onQuotaProbeAbandoned,
  onRateLimited,
} from './cooldown.ts';
import type { Failure } from './failure.ts';

export interface Health {
  /** By model, by model and `#silence`, or `#proxy`; the empty string is the account as a whole. */
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

const SILENCE = '#silence';

/** Silence is counted apart from faults: a slow model is not a broken account. */
export function silenceKey(model: string | null): string {
  return `${model ?? WHOLE}${SILENCE}`;
}

/** The account's way out, counted apart too: what is behind a dead proxy is not broken. */
export const PROXY_KEY = '#proxy';

/** What a breaker of this key has counted, and for which model; null for all. */
export function countedBy(key: string): {
  readonly what: 'failures' | 'silence' | 'proxy';
  readonly model: string | null;
} {
  if (key === PROXY_KEY) return { what: 'proxy', model: null };
  const silent = key.endsWith(SILENCE);
  const model = silent ? key.slice(0, -SILENCE.length) : key;
  return { what: silent ? 'silence' : 'failures', model: model === WHOLE ? null : model };
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
    case 'proxy':
      return PROXY_KEY;
    case 'scope':
      // A refusal without a reason leaves nothing to remember; counted, it cannot cost every call an attempt.
      return failure.mark === null ? (model ?? WHOLE) : null;
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
  switch (failure.class) {
    case 'rate_limit': {
      const at = model ?? WHOLE;
      const next = onRateLimited(health.cooldowns[at] ?? null, failure, nowMs, config.cooldown);
      return { ...health, cooldowns: bounded(health.cooldowns, at, next) };
    }
    case 'quota': {
      const next = onQuota(health.cooldowns[WHOLE] ?? null, failure, nowMs);
      return { ...health, cooldowns: bounded(health.cooldowns, WHOLE, next) };
    }
    case 'scope':
      return withMark(health, failure, model, family, nowMs);
    default:
      return health;
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
  const marks = withoutRefuted(health.marks, model, nowMs);
  return breakers === health.breakers && cooldowns === health.cooldowns && marks === health.marks
    ? health
    : { breakers, cooldowns, marks };
}

/** A mark that ran out is remembered until an answer shows that the account has the model after all. */
function withoutRefuted(marks: readonly Mark[], model: string | null, nowMs: number): readonly Mark[] {
  const refuted = (mark: Mark): boolean =>
    mark.kind === 'model' && mark.subject === model && mark.untilMs <= nowMs;
  return marks.some(refuted) ? marks.filter((mark) => !refuted(mark)) : marks;
}

/**
 * A call would like to be on its way: the health that its dial makes, or null when calls are kept away by now.
 * An account that allows only a probe is closed to others until that one has ended.
 * @param again the same call once more, after the wait that it was told: its own cooldown does not stop it
 */
export function afterDial(
  health: Health,
  model: string | null,
  nowMs: number,
  config: HealthConfig,
  again = false,
): Health | null {
  let { breakers, cooldowns } = health;
  if (isEmpty(breakers) && isEmpty(cooldowns)) return health;
  for (const key of keysOf(model)) {
    const breaker = breakers[key];
    if (breaker !== undefined) {
      const { kind } = breakerVerdict(breaker, nowMs, true, config.breaker);
      if (kind === 'open' || kind === 'isolated') return null;
      if (kind === 'probe') breakers = { ...breakers, [key]: onProbe(breaker, nowMs) };
    }
    const cooldown = cooldowns[key];
    if (cooldown === undefined) continue;
    const verdict = cooldownVerdict(cooldown, nowMs);
    if (verdict === 'blocked' && !again) return null;
    if (verdict === 'probe') cooldowns = { ...cooldowns, [key]: onQuotaProbe(cooldown, nowMs) };
  }
  return breakers === health.breakers && cooldowns === health.cooldowns
    ? health
    : { ...health, breakers, cooldowns };
}

/**
 * A probe ended without a word about the account (the client left, our own network was down): the next call may
 * be it. What changed since it was dialled is not its own any more and stays as it is.
 * @param dialled the health that its dial made
 */
export function afterAbandoned(health: Health, dialled: Health, model: string | null): Health {
  let { breakers, cooldowns } = health;
  for (const key of keysOf(model)) {
    const breaker = breakers[key];
    if (breaker?.state === 'half_open' && breaker === dialled.breakers[key]) {
      breakers = { ...breakers, [key]: onProbeAbandoned(breaker) };
    }
    const cooldown = cooldowns[key];
    if (cooldown?.cause === 'quota' && cooldown === dialled.cooldowns[key]) {
      cooldowns = { ...cooldowns, [key]: onQuotaProbeAbandoned(cooldown) };
    }
  }
  return breakers === health.breakers && cooldowns === health.cooldowns
    ? health
    : { ...health, breakers, cooldowns };
}

/** It was our own network: what was counted against the account did not happen. */
export function withoutConnectFailures(health: Health): Health {
  const whole = health.breakers[WHOLE];
  return whole ? { ...health, breakers: { ...health.breakers, [WHOLE]: forgetFailures(whole) } } : health;
}

/** The keys of what keeps calls away now and did not before. */
export function newlyOut(before: Health, after: Health): readonly string[] {
  if (before.breakers === after.breakers && before.cooldowns === after.cooldowns) return [];
  const opened = Object.keys(after.breakers).filter(
    (key) => after.breakers[key]?.state === 'open' && before.breakers[key]?.state !== 'open',
  );
  const cooling = Object.keys(after.cooldowns).filter(
    (key) => after.cooldowns[key]?.sinceMs !== before.cooldowns[key]?.sinceMs,
  );
  return [...opened, ...cooling];
}

function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  for (const _key in record) return false;
  return true;
}

/** Without what has run out, so that nothing is stored or shown for ever. */
export function withoutExpired(health: Health, nowMs: number): Health {
  const marks = health.marks.filter((mark) => holds(mark, nowMs));
  const expired = Object.keys(health.cooldowns).filter((key) => {
    const cooldown = health.cooldowns[key];
    // Kept a while after it ended: its streak makes the next guess longer.
    return cooldown !== undefined && !isActive(cooldown, nowMs) && nowMs - cooldown.untilMs > STREAK_KEPT_MS;
  });
  if (marks.length === health.marks.length && expired.length === 0) return health;
  const cooldowns = expired.reduce<Readonly<Record<string, Cooldown>>>(without, health.cooldowns);
  return { ...health, cooldowns, marks };
}

/** One mark forgotten; the same value where there is none of this kind and subject. */
export function withoutMark(health: Health, { kind, subject }: Pick<Mark, 'kind' | 'subject'>): Health {
  const marks = health.marks.filter((mark) => mark.kind !== kind || mark.subject !== subject);
  return marks.length === health.marks.length ? health : { ...health, marks };
}

/** Everything about one model forgotten; the same value where nothing was known of it. */
export function withoutModel(health: Health, model: string): Health {
  const rest = withoutMark(health, { kind: 'model', subject: model });
  const breakers = [model, silenceKey(model)].reduce(withoutKnown, rest.breakers);
  const cooldowns = withoutKnown(rest.cooldowns, model);
  return breakers === rest.breakers && cooldowns === rest.cooldowns ? rest : { ...rest, breakers, cooldowns };
}

function withoutKnown<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.hasOwn(record, key) ? without(record, key) : record;
}

const STREAK_KEPT_MS = 300_000;

/** The breakers and cooldowns that concern a call for this model. */
export function keysOf(model: string | null): readonly string[] {
  return model === null ? [WHOLE, PROXY_KEY, silenceKey(null)] : [WHOLE, PROXY_KEY, model, silenceKey(model)];
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
    (known) => !(known.kind === fresh.kind && known.subject === fresh.subject),
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
