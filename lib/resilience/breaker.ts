/**
 * CircuitBreaker: *we inferred* that an account is unwell. A pure reducer over a state; time is handed in.
 * closed → open after `failures` within `windowMs` → half_open after `openMs` with one probe → closed.
 * `isolated` is a human's pause and ends only by a human.
 */
export type BreakerState =
  | { readonly state: 'closed'; readonly failuresAtMs: readonly number[] }
  | { readonly state: 'open'; readonly openedAtMs: number; readonly untilMs: number; readonly streak: number }
  | { readonly state: 'half_open'; readonly probeAtMs: number | null; readonly streak: number }
  | { readonly state: 'isolated'; readonly sinceMs: number };

/** The configuration's `breaker` section. */
export interface BreakerConfig {
  readonly failures: number;
  readonly window_ms: number;
  readonly open_ms: number;
  readonly open_max_ms: number;
  readonly open_alone_max_ms: number;
}

/** What a breaker says to a call that would like to go through. */
export type BreakerVerdict =
  | { readonly kind: 'closed' }
  /** One call may go through, to see whether it works again. */
  | { readonly kind: 'probe' }
  | { readonly kind: 'open'; readonly untilMs: number }
  | { readonly kind: 'isolated' };

export const CLOSED: BreakerState = { state: 'closed', failuresAtMs: [] };

/** A probe whose end nobody reported no longer keeps others from trying. */
const PROBE_LOST_AFTER_MS = 30_000;
/** A state from further in the future than this was written by a clock that has since been set back. */
const CLOCK_SLACK_MS = 60_000;
const VERDICT_CLOSED: BreakerVerdict = { kind: 'closed' };
const VERDICT_PROBE: BreakerVerdict = { kind: 'probe' };
const VERDICT_ISOLATED: BreakerVerdict = { kind: 'isolated' };

export function onFailure(state: BreakerState, nowMs: number, config: BreakerConfig): BreakerState {
  switch (state.state) {
    case 'isolated':
      return state;
    case 'open':
      // Calls that were under way when it opened say nothing new; a last resort that failed says it again.
      return nowMs < state.untilMs && !isFromTheFuture(state.openedAtMs, nowMs)
        ? state
        : opened(nowMs, state.streak + 1, config);
    case 'half_open':
      return opened(nowMs, state.streak + 1, config);
    case 'closed': {
      const recent = state.failuresAtMs.filter((at) => nowMs - at < config.window_ms && at <= nowMs);
      const failuresAtMs = [...recent, nowMs];
      return failuresAtMs.length >= config.failures
        ? opened(nowMs, 1, config)
        : { state: 'closed', failuresAtMs };
    }
  }
}

/**
 * An answer. While the breaker is open it can only belong to a call from before: every later one is announced
 * by `onProbe`. So it proves nothing, and neither does it end a human's pause.
 */
export function onSuccess(state: BreakerState): BreakerState {
  return state.state === 'isolated' || state.state === 'open' ? state : CLOSED;
}

/** The one call that `breakerVerdict` allowed is on its way. */
export function onProbe(state: BreakerState, nowMs: number): BreakerState {
  if (state.state !== 'open' && state.state !== 'half_open') return state;
  return { state: 'half_open', probeAtMs: nowMs, streak: state.streak };
}

/** The probe ended without saying anything about the account (the client left): the next call may try. */
export function onProbeAbandoned(state: BreakerState): BreakerState {
  return state.state === 'half_open' ? { ...state, probeAtMs: null } : state;
}

/**
 * @param alone no other account could serve: then waiting long protects nobody, so the breaker lets a probe
 * through sooner
 */
export function breakerVerdict(
  state: BreakerState | undefined,
  nowMs: number,
  alone: boolean,
  config: BreakerConfig,
): BreakerVerdict {
  if (state === undefined) return VERDICT_CLOSED;
  switch (state.state) {
    case 'closed':
      return VERDICT_CLOSED;
    case 'isolated':
      return VERDICT_ISOLATED;
    case 'half_open':
      return verdictWhileProbing(state.probeAtMs, nowMs);
    case 'open': {
      if (isFromTheFuture(state.openedAtMs, nowMs)) return VERDICT_PROBE;
      const aloneUntilMs = state.openedAtMs + config.open_alone_max_ms;
      const untilMs = alone ? Math.min(state.untilMs, aloneUntilMs) : state.untilMs;
      return nowMs < untilMs ? { kind: 'open', untilMs } : VERDICT_PROBE;
    }
  }
}

/** A human's pause, and its end. */
export function isolate(state: BreakerState | undefined, on: boolean, nowMs: number): BreakerState {
  if (on) return state?.state === 'isolated' ? state : { state: 'isolated', sinceMs: nowMs };
  return state === undefined || state.state === 'isolated' ? CLOSED : state;
}

/** Failures that do not count were counted after all, or the machine slept: forget them, keep what is open. */
export function forgetFailures(state: BreakerState): BreakerState {
  return state.state === 'closed' ? CLOSED : state;
}

function opened(nowMs: number, streak: number, config: BreakerConfig): BreakerState {
  const openMs = Math.min(config.open_ms * 2 ** Math.min(streak - 1, 16), config.open_max_ms);
  return { state: 'open', openedAtMs: nowMs, untilMs: nowMs + openMs, streak };
}

function verdictWhileProbing(probeAtMs: number | null, nowMs: number): BreakerVerdict {
  if (probeAtMs === null || isFromTheFuture(probeAtMs, nowMs)) return VERDICT_PROBE;
  const lostAtMs = probeAtMs + PROBE_LOST_AFTER_MS;
  return nowMs < lostAtMs ? { kind: 'open', untilMs: lostAtMs } : VERDICT_PROBE;
}

function isFromTheFuture(atMs: number, nowMs: number): boolean {
  return atMs > nowMs + CLOCK_SLACK_MS;
}
