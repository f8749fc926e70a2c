/**
 * What there is for a waiting call at this moment: a lease at an account that has room, a reason to go on waiting and
 * until when, or nothing more to wait for. It takes what it finds, in the moment in which it is there.
 */
import type { AccountId } from '../../lib/base/id.ts';
import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import { provenFirst } from '../../lib/routing/next-candidate.ts';
import type { Candidate, RoutePlan } from '../../lib/routing/plan.ts';
import { homeWaitMs, leaves, soonestMs } from '../../lib/routing/worth-waiting.ts';
import type { Lease, Pool } from '../upstream/pool.ts';
import type { Visit } from './doorkeeper.ts';
import type { Planner } from './plan-call.ts';

export interface Ask {
  readonly call: Call;
  readonly caller: Caller;
  readonly seed: number;
  readonly visit: Pick<Visit, 'signal' | 'over' | 'waiting'>;
  /** Accounts that were tried in vain. */
  readonly avoid: ReadonlySet<AccountId>;
  /** Where the last attempt failed; null before the first. */
  readonly left: AccountId | null;
  /** How long it may wait for an account that cannot take it now, and how long for a ramp. */
  readonly queueMs: number;
  readonly rampMs: number;
}

/** The newest plan, and the lease at one of its candidates; none when there is nothing more to wait for. */
export interface Seat {
  readonly plan: RoutePlan;
  readonly candidate: Candidate | null;
  readonly lease: Lease | null;
}

export interface SeatDeps {
  readonly pool: Pick<Pool, 'lease' | 'rampedUntilMs'>;
  readonly planner: Pick<Planner, 'plan'>;
  readonly clock: Clock;
  readonly config: () => Pick<Config, 'routing'>;
}

/** A seat, or when to look again (monotonic). */
export type Look = Seat | { readonly plan: RoutePlan; readonly atMs: number };

/** @param sinceMs since when it has been waiting, monotonic */
export function look(ask: Ask, sinceMs: number, { pool, planner, clock, config }: SeatDeps): Look {
  const { routing } = config();
  const nowMs = clock.monotonicMs();
  const waitedMs = nowMs - sinceMs;
  const plan = planner.plan(ask.call, ask.caller, clock.nowMs(), ask.seed);
  const homeMs = homeWaitMs(plan, waitedMs, routing.affinity_wait_ms);
  if (homeMs !== null) return { plan, atMs: nowMs + homeMs };
  const seat = sit(ask, plan, waitedMs >= ask.rampMs, pool);
  if (seat.lease !== null) return seat;
  const rampMs = rampedUntilMs(ask, plan, pool);
  if (rampMs !== null) return { plan, atMs: Math.min(rampMs, sinceMs + ask.rampMs) };
  const forMs = soonestMs(plan, ask.avoid, ask.queueMs - waitedMs);
  return forMs === null ? seat : { plan, atMs: nowMs + forMs };
}

export function sit(ask: Ask, plan: RoutePlan, pastRamp: boolean, pool: Pick<Pool, 'lease'>): Seat {
  let keepsReasoning = false;
  for (const candidate of ask.left === null ? plan.candidates : provenFirst(plan.candidates)) {
    const id = candidate.accountId;
    if (ask.avoid.has(id)) continue;
    // A ramp in front of one that can read the reasoning is waited for rather than losing it.
    if (candidate.stripReasoning && keepsReasoning) break;
    keepsReasoning ||= !candidate.stripReasoning;
    const lease = pool.lease(id, ask.call.model, { from: leaves(plan, id, ask.left), pastRamp });
    if (lease !== null) return { plan, candidate, lease };
  }
  return nobody(plan);
}

export function nobody(plan: RoutePlan): Seat {
  return { plan, candidate: null, lease: null };
}

function rampedUntilMs(ask: Ask, plan: RoutePlan, pool: Pick<Pool, 'rampedUntilMs'>): number | null {
  let soonest: number | null = null;
  for (const { accountId: id } of plan.candidates) {
    if (ask.avoid.has(id)) continue;
    const untilMs = pool.rampedUntilMs(id, ask.call.model, leaves(plan, id, ask.left));
    if (untilMs !== null && (soonest === null || untilMs < soonest)) soonest = untilMs;
  }
  return soonest;
}
