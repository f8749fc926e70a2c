/**
 * The ramps of one account: one for each way in which many calls may turn to it at once. It came back after
 * being out, for a model or altogether, and everybody who waited comes; or another account went out, and that
 * one's conversations come. Ordinary calls to an account that was well all along meet none of them.
 */
import type { AccountId } from '../base/id.ts';
import { keysOf } from './health.ts';
import {
  isRampSpent,
  NOT_STARTED,
  onRamped,
  onRampedEnd,
  type Ramp,
  type RampConfig,
  rampedUntilMs,
} from './ramp.ts';

/** What a lease holds of a ramp, to be given back with it. */
export interface RampTicket {
  readonly of: Map<string, Ramp>;
  readonly key: string;
  readonly startedMs: number | null;
}

const RAMPS_MAX = 64;

export class Ramps {
  readonly #back = new Map<string, Ramp>();
  readonly #from = new Map<string, Ramp>();

  /** Whether any call to this account, and not only one that leaves another, has to ask. */
  get back(): boolean {
    return this.#back.size > 0;
  }

  /** @param key of the breaker or cooldown that keeps calls away now */
  wentOut(key: string): void {
    if (this.#back.size < RAMPS_MAX || this.#back.has(key)) this.#back.set(key, NOT_STARTED);
  }

  /** Null when the call may go; else the monotonic time at which to ask again. */
  untilMs(model: string | null, from: AccountId | null, nowMs: number, config: RampConfig): number | null {
    let untilMs = this.#ask(this.#from, from, nowMs, config);
    if (this.#back.size === 0) return untilMs;
    for (const key of keysOf(model)) {
      const more = this.#ask(this.#back, key, nowMs, config);
      if (more !== null) untilMs = Math.max(untilMs ?? 0, more);
    }
    return untilMs;
  }

  enter(model: string | null, from: AccountId | null, nowMs: number): readonly RampTicket[] {
    const tickets: RampTicket[] = [];
    const take = (of: Map<string, Ramp>, key: string): void => {
      const ramp = onRamped(of.get(key) ?? NOT_STARTED, nowMs);
      of.set(key, ramp);
      tickets.push({ of, key, startedMs: ramp.startedMs });
    };
    if (from !== null && (this.#from.size < RAMPS_MAX || this.#from.has(from))) take(this.#from, from);
    if (this.#back.size > 0) for (const key of keysOf(model)) if (this.#back.has(key)) take(this.#back, key);
    return tickets;
  }

  #ask(of: Map<string, Ramp>, key: string | null, nowMs: number, config: RampConfig): number | null {
    const ramp = key === null ? undefined : of.get(key);
    if (ramp === undefined || key === null) return null;
    if (isRampSpent(ramp, nowMs, config)) of.delete(key);
    return rampedUntilMs(ramp, nowMs, config);
  }
}

/** The call has ended. A ramp that began anew meanwhile does not know it. */
export function giveBack(tickets: readonly RampTicket[]): void {
  for (const { of, key, startedMs } of tickets) {
    const ramp = of.get(key);
    if (ramp !== undefined && ramp.startedMs === startedMs) of.set(key, onRampedEnd(ramp));
  }
}
