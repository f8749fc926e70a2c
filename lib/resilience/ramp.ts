/**
 * Ramp: calls that all turn to one account at the same moment go there one after the other, and faster as it
 * bears them. First one is under way, then every `ramp_step_ms` one more at once; one that has ended makes room
 * for the next, so short calls pass quickly. After `ramp_ms` the account has shown what it bears. A pure reducer;
 * times are monotonic.
 */

/** The part of the configuration's `routing` section that a ramp goes by; a step of 0 is no ramp. */
export interface RampConfig {
  readonly ramp_step_ms: number;
  readonly ramp_ms: number;
}

export interface Ramp {
  /** When the first call went; null while it is still awaited. */
  readonly startedMs: number | null;
  /** When the last one went. */
  readonly lastMs: number;
  /** Calls let in by this ramp that are under way. */
  readonly held: number;
}

/** Nothing has gone yet; the first call goes at once, whenever it comes. */
export const NOT_STARTED: Ramp = { startedMs: null, lastMs: 0, held: 0 };

/** Null when one more call may go now; else when to look again, if none of those under way ends before. */
export function rampedUntilMs(ramp: Ramp, nowMs: number, config: RampConfig): number | null {
  const { startedMs, held } = ramp;
  const stepMs = config.ramp_step_ms;
  if (stepMs === 0 || startedMs === null || nowMs - startedMs >= config.ramp_ms) return null;
  const steps = Math.floor((nowMs - startedMs) / stepMs);
  if (held <= steps) return null;
  return Math.min(startedMs + held * stepMs, startedMs + config.ramp_ms);
}

export function onRamped(ramp: Ramp, nowMs: number): Ramp {
  return { startedMs: ramp.startedMs ?? nowMs, lastMs: nowMs, held: ramp.held + 1 };
}

export function onRampedEnd(ramp: Ramp): Ramp {
  return { ...ramp, held: Math.max(0, ramp.held - 1) };
}

/** It is over, and nobody has come for as long again: the next herd starts anew. */
export function isRampSpent(ramp: Ramp, nowMs: number, config: RampConfig): boolean {
  if (ramp.startedMs === null) return false;
  return nowMs - ramp.startedMs >= config.ramp_ms && nowMs - ramp.lastMs >= config.ramp_ms;
}
