/**
 * Where calls wait for an account. Three reasons to: with `queue_ms`, no account can take the call and one soon
 * can; with `affinity = "wait"`, its own account soon can; and a ramp lets calls that move together through one
 * after the other. Whoever leaves takes a lease along, taken in the very moment in which there was room: a call
 * that is let go is never overtaken on its way, and one slot that comes free wakes one call.
 *
 * Bounded in number (`queue_max`) and in time; a client that leaves, leaves at once. While nobody waits this
 * costs nothing: the pool has no listener, and there is no timer.
 */
import type { AccountId } from '../../lib/base/id.ts';
import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import { createFairQueue, type Waiting } from '../../lib/routing/fair-queue.ts';
import { provenFirst } from '../../lib/routing/next-candidate.ts';
import type { Candidate, RoutePlan } from '../../lib/routing/plan.ts';
import { homeWaitMs, leaves, soonestMs, waitsOn } from '../../lib/routing/worth-waiting.ts';
import type { InFlight } from '../upstream/in-flight.ts';
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

export interface WaitingRoom {
  readonly size: number;
  /** Resolves when the call may go, when waiting is in vain or was long enough, and when its visit is over. */
  wait(ask: Ask): Promise<Seat>;
  /** Lets those go whose time has come: for who is about to take an account and came later. */
  afterYou(): void;
}

export interface WaitingRoomDeps {
  readonly pool: Pick<Pool, 'lease' | 'rampedUntilMs' | 'onRoom'>;
  readonly planner: Pick<Planner, 'plan'>;
  readonly clock: Clock;
  readonly config: () => Pick<Config, 'routing'>;
  readonly inFlight: Pick<InFlight, 'setQueued'>;
}

interface Waiter extends Waiting {
  readonly ask: Ask;
  readonly sinceMs: number;
  readonly leave: (seat: Seat) => void;
  readonly fail: (thrown: unknown) => void;
  plan: RoutePlan;
  /** When to look again, monotonic. */
  atMs: number;
}

type Look = Seat | { readonly plan: RoutePlan; readonly atMs: number };

/** A slot that so many could not use (a ramp, another model) is left alone: each of them looks again in its own time. */
const LOOKS_FOR_ONE_SLOT = 16;

export function createWaitingRoom(deps: WaitingRoomDeps): WaitingRoom {
  const { pool, clock } = deps;
  const queue = createFairQueue<Waiter>();
  let timer: NodeJS.Timeout | null = null;
  /** When the first of them wants to look again, monotonic. */
  let nextMs = Infinity;
  let looking = false;

  function look(ask: Ask, sinceMs: number): Look {
    const { routing } = deps.config();
    const nowMs = clock.monotonicMs();
    const waitedMs = nowMs - sinceMs;
    const plan = deps.planner.plan(ask.call, ask.caller, clock.nowMs(), ask.seed);
    const homeMs = homeWaitMs(plan, waitedMs, routing.affinity_wait_ms);
    if (homeMs !== null) return { plan, atMs: nowMs + homeMs };
    const seat = sit(ask, plan, waitedMs >= ask.rampMs);
    if (seat.lease !== null) return seat;
    const rampMs = rampedUntilMs(ask, plan);
    if (rampMs !== null) return { plan, atMs: Math.min(rampMs, sinceMs + ask.rampMs) };
    const forMs = soonestMs(plan, ask.avoid, ask.queueMs - waitedMs);
    return forMs === null ? seat : { plan, atMs: nowMs + forMs };
  }

  function sit(ask: Ask, plan: RoutePlan, pastRamp: boolean): Seat {
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
    return { plan, candidate: null, lease: null };
  }

  function rampedUntilMs(ask: Ask, plan: RoutePlan): number | null {
    let soonest: number | null = null;
    for (const { accountId: id } of plan.candidates) {
      if (ask.avoid.has(id)) continue;
      const untilMs = pool.rampedUntilMs(id, ask.call.model, leaves(plan, id, ask.left));
      if (untilMs !== null && (soonest === null || untilMs < soonest)) soonest = untilMs;
    }
    return soonest;
  }

  /** True when it left with a lease. */
  function retry(waiter: Waiter): boolean {
    let found: Look;
    try {
      found = look(waiter.ask, waiter.sinceMs);
    } catch (thrown) {
      // Its own business (what it names is owned by two accounts now), and not that of those behind it.
      queue.remove(waiter);
      waiter.fail(thrown);
      return false;
    }
    waiter.plan = found.plan;
    if ('atMs' in found) {
      waiter.atMs = found.atMs;
      return false;
    }
    if (found.lease === null) queue.remove(waiter);
    else queue.serve(waiter);
    waiter.leave(found);
    return found.lease !== null;
  }

  /** Everybody in turn whom it may concern; of one slot that came free, until somebody took it. */
  function lookAround(concerns: (waiter: Waiter) => boolean, oneSlot: boolean): void {
    // What a look itself sets free or takes is seen by those whose turn comes after it.
    if (looking) return;
    looking = true;
    let looks = 0;
    try {
      for (const waiter of queue.inTurn()) {
        if (!concerns(waiter)) continue;
        if (oneSlot && (retry(waiter) || ++looks >= LOOKS_FOR_ONE_SLOT)) break;
        if (!oneSlot) retry(waiter);
      }
    } finally {
      looking = false;
      arm();
    }
  }

  function lookNow(): void {
    const nowMs = clock.monotonicMs();
    lookAround((waiter) => waiter.atMs <= nowMs, false);
  }

  function arm(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    nextMs = Infinity;
    deps.inFlight.setQueued(queue.size);
    pool.onRoom(queue.size === 0 ? null : onRoom);
    if (queue.size === 0) return;
    for (const waiter of queue.inTurn()) nextMs = Math.min(nextMs, waiter.atMs);
    timer = setTimeout(lookNow, Math.max(1, Math.ceil(nextMs - clock.monotonicMs())));
  }

  function onRoom(id: AccountId | null): void {
    lookAround(({ plan, ask }) => id === null || waitsOn(plan, ask.avoid, id), id !== null);
  }

  function stay(ask: Ask, plan: RoutePlan, sinceMs: number, atMs: number): Promise<Seat> {
    return new Promise((resolve, reject) => {
      const { signal } = ask.visit;
      const end = (): void => {
        signal.removeEventListener('abort', onGone);
        ask.visit.waiting = false;
      };
      const leave = (seat: Seat): void => {
        end();
        resolve({ ...seat, plan: { ...seat.plan, waitedMs: Math.round(clock.monotonicMs() - sinceMs) } });
      };
      const fail = (thrown: unknown): void => {
        end();
        reject(thrown);
      };
      const waiter: Waiter = { key: ask.caller.clientKeyId, ask, sinceMs, leave, fail, plan, atMs };
      const onGone = (): void => {
        queue.remove(waiter);
        leave({ plan: waiter.plan, candidate: null, lease: null });
        arm();
      };
      const out = queue.add(waiter, deps.config().routing.queue_max);
      // Whoever finds no place goes where it can: a ramp is no reason to fail.
      if (out === waiter) resolve(sit(ask, plan, true));
      else out?.leave(sit(out.ask, out.plan, true));
      if (out === waiter) return;
      ask.visit.waiting = true;
      signal.addEventListener('abort', onGone, { once: true });
      arm();
    });
  }

  return {
    get size() {
      return queue.size;
    },
    wait(ask) {
      const sinceMs = clock.monotonicMs();
      const found = look(ask, sinceMs);
      if (!('atMs' in found)) return Promise.resolve(found);
      if (ask.visit.over) return Promise.resolve({ plan: found.plan, candidate: null, lease: null });
      return stay(ask, found.plan, sinceMs, found.atMs);
    },
    afterYou() {
      if (clock.monotonicMs() >= nextMs) lookNow();
    },
  };
}
