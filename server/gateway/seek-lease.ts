/**
 * From the account that a call should go to now, to a lease at one that it can go to: the wanted one, before the
 * first attempt else the next of the plan, else whichever has room first, as long as the call may wait.
 */
import type { AccountId } from '../../lib/base/id.ts';
import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import type { Attempt } from '../../lib/routing/attempt.ts';
import type { Candidate, RoutePlan } from '../../lib/routing/plan.ts';
import { leaves } from '../../lib/routing/worth-waiting.ts';
import type { LimitBook, Reservation } from '../db/ledger.ts';
import type { Lease, Pool } from '../upstream/pool.ts';
import type { Visit } from './doorkeeper.ts';
import type { WaitingRoom } from './waiting-room.ts';

/** Where a call stands in its search; changes with every step. */
export interface Search {
  plan: RoutePlan;
  /** Who should serve it now, and who does once a lease is found; null for whoever can. */
  wanted: Candidate | null;
  /** The same account once more, after a wait. */
  again: boolean;
  /** Dialled for this call so far, or over its limits for it. */
  readonly tried: Set<AccountId>;
  /** Waiting that the call may still do. */
  waitLeftMs: number;
  /** A lease that comes from waiting, for the wanted account. */
  held: Lease | null;
  /** How often our own network was waited for. */
  outages: number;
  /** Attempts of which it let nothing through: they are no calls of a provider. */
  unsent: number;
}

export interface SeekInput {
  readonly call: Call;
  readonly caller: Caller;
  readonly seed: number;
  readonly visit: Pick<Visit, 'signal' | 'over' | 'waiting'>;
  readonly journey: {
    reservation: Reservation;
    readonly sizeTokens: number;
    /** Before the next attempt. */
    waitedMs: number;
    /** Before the first dial. */
    heldMs: number;
    readonly attempts: readonly Attempt[];
    readonly lastCandidate: Candidate | null;
  };
}

export interface SeekDeps {
  readonly pool: Pick<Pool, 'lease' | 'sent'>;
  readonly limitBook: Pick<LimitBook, 'move'>;
  readonly waitingRoom: Pick<WaitingRoom, 'wait'>;
  readonly clock: Clock;
  readonly config: () => Config;
}

/** Without waiting; null when there is no room just now. */
export function takeLease(search: Search, input: SeekInput, deps: SeekDeps): Lease | null {
  const { plan, tried } = search;
  const lease = search.wanted === null ? null : takeAt(search.wanted, search, input, deps);
  if (lease !== null || input.journey.attempts.length > 0) return lease;
  for (const candidate of plan.candidates) {
    if (candidate === search.wanted || tried.has(candidate.accountId)) continue;
    // That the wanted one has no room this moment is no reason to lose reasoning: whether it is back soon is asked first.
    if (candidate.stripReasoning && search.wanted?.stripReasoning === false) continue;
    const other = takeAt(candidate, search, input, deps);
    if (other === null) continue;
    search.wanted = candidate;
    return other;
  }
  return null;
}

/** By a plan made anew, and when it has to be after a wait; null when that is in vain or the visit is over. */
export async function awaitLease(search: Search, input: SeekInput, deps: SeekDeps): Promise<Lease | null> {
  const { visit, journey } = input;
  for (;;) {
    const avoid = new Set(search.tried);
    if (search.again && search.wanted !== null) avoid.delete(search.wanted.accountId);
    const leftMs = Math.max(0, search.waitLeftMs);
    const startedMs = deps.clock.monotonicMs();
    const { plan, candidate, lease } = await deps.waitingRoom.wait({
      call: input.call,
      caller: input.caller,
      seed: input.seed,
      visit,
      avoid,
      left: lastTried(journey),
      queueMs: Math.min(deps.config().routing.queue_ms, leftMs),
      rampMs: leftMs,
    });
    const waitedMs = deps.clock.monotonicMs() - startedMs;
    search.waitLeftMs -= waitedMs;
    journey.waitedMs += waitedMs;
    if (journey.attempts.length === 0) journey.heldMs += waitedMs;
    if (visit.over || candidate === null) {
      lease?.release();
      return null;
    }
    search.plan = plan;
    search.held = lease;
    // Removed once, encrypted reasoning stays removed.
    const stripReasoning = candidate.stripReasoning || journey.lastCandidate?.stripReasoning === true;
    search.wanted = { ...candidate, stripReasoning };
    const taken = takeLease(search, input, deps);
    if (taken !== null) return taken;
  }
}

/** A lease with the reservation moved along; null when this account has no room for the call, or its limits none. */
function takeAt(
  { accountId: id }: Candidate,
  search: Search,
  { call, journey }: SeekInput,
  deps: SeekDeps,
): Lease | null {
  let lease = search.held;
  search.held = null;
  if (lease === null || lease.revoked || lease.account.id !== id) {
    lease?.release();
    const from = leaves(search.plan, id, lastTried(journey));
    const { again } = search;
    lease = deps.pool.lease(id, call.model, from === null && !again ? undefined : { from, again });
  }
  if (lease === null) return null;
  if (journey.reservation.accountId !== id) {
    const moved = deps.limitBook.move(journey.reservation, lease.account);
    if ('holderId' in moved) {
      search.tried.add(id);
      lease.release();
      return null;
    }
    journey.reservation = moved;
  }
  deps.pool.sent(lease, journey.sizeTokens);
  return lease;
}

function lastTried({ attempts }: SeekInput['journey']): AccountId | null {
  return attempts.at(-1)?.accountId ?? null;
}
