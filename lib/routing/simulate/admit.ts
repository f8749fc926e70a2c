/**
 * Whether an account takes a simulated call at this moment: its health, its slots, its ramps, its own limits. Mirrors
 * `lease` of `server/upstream/pool.ts` and `server/gateway/seek-lease.ts`.
 */
import type { AccountId } from '../../base/id.ts';
import { afterDial, type Health } from '../../resilience/health.ts';
import type { RampTicket } from '../../resilience/ramps.ts';
import type { RoutePlan } from '../plan.ts';
import { leaves } from '../worth-waiting.ts';
import type { Member } from './member.ts';
import type { SimulatedCall } from './planner.ts';
import type { Held } from './reserve.ts';
import { memberOf, type Stage } from './stage.ts';

export const NO_TICKETS: readonly RampTicket[] = [];

export interface AdmitAsk {
  readonly call: SimulatedCall;
  readonly plan: RoutePlan | null;
  readonly accountId: AccountId;
  /** The same call once more, after the wait that it was told. */
  readonly again: boolean;
  /** Where the last attempt was made; null before the first. */
  readonly left: AccountId | null;
  readonly held: Held | null;
  /** It has not waited as long as it may. */
  readonly mayWait: boolean;
}

export interface Admitted {
  readonly member: Member;
  /** The health that the dial makes. */
  readonly dialled: Health;
  readonly tickets: readonly RampTicket[];
  /** Moved along to this account. */
  readonly held: Held | null;
}

/** Null when this account cannot take the call any more; when to ask again (a time) when a ramp is in the way. */
export function admit(ask: AdmitAsk, stage: Stage): Admitted | number | null {
  const { config } = stage;
  const { model } = ask.call;
  const nowMs = stage.nowMs();
  const member = memberOf(stage, ask.accountId);
  if (member.credentialRefused !== null || member.inFlight >= config.routing.in_flight_per_account)
    return null;
  const dialled = afterDial(member.health, model, nowMs, config, ask.again);
  if (dialled === null) return null;
  const from = ask.plan === null ? null : leaves(ask.plan, ask.accountId, ask.left);
  // A probe is one call anyway, and the same call once more is expected.
  const ramped = dialled === member.health && !ask.again && (from !== null || member.ramps.back);
  const untilMs = ramped ? member.ramps.untilMs(model, from, nowMs, config.routing) : null;
  if (untilMs !== null && ask.mayWait) return untilMs;
  const held = moved(ask.held, member, nowMs);
  if (held === 'over_limit') return null;
  const tickets = ramped ? member.ramps.enter(model, from, nowMs) : NO_TICKETS;
  return { member, dialled, tickets, held };
}

function moved(held: Held | null, member: Member, nowMs: number): Held | null | 'over_limit' {
  if (held === null || held.member === member) return held;
  if (member.hold(held.hold, nowMs) !== null) return 'over_limit';
  held.member.settle(held.hold, null, nowMs);
  return { member, hold: held.hold };
}
