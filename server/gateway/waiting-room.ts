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
import { createFairQueue, type Waiting } from '../../lib/routing/fair-queue.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import { waitsOn } from '../../lib/routing/worth-waiting.ts';
import type { InFlight } from '../upstream/in-flight.ts';
import type { Pool } from '../upstream/pool.ts';
import { type Ask, type Look, look, nobody, type Seat, type SeatDeps, sit } from './find-seat.ts';

export interface WaitingRoom {
  readonly size: number;
  /** Resolves when the call may go, when waiting is in vain or was long enough, and when its visit is over. */
  wait(ask: Ask): Promise<Seat>;
  /** Lets those go whose time has come: for who is about to take an account and came later. */
  afterYou(): void;
}

export interface WaitingRoomDeps extends SeatDeps {
  readonly pool: Pick<Pool, 'lease' | 'rampedUntilMs' | 'onRoom'>;
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

/** A slot that so many could not use (a ramp, another model) is left alone: each of them looks again in its own time. */
const LOOKS_FOR_ONE_SLOT = 16;

export function createWaitingRoom(deps: WaitingRoomDeps): WaitingRoom {
  return new Room(deps);
}

class Room implements WaitingRoom {
  readonly #deps: WaitingRoomDeps;
  readonly #queue = createFairQueue<Waiter>();
  #timer: NodeJS.Timeout | null = null;
  /** When the first of them wants to look again, monotonic. */
  #nextMs = Infinity;
  #looking = false;
  readonly #lookNow = (): void => {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#lookAround((waiter) => waiter.atMs <= nowMs, false);
  };
  readonly #onRoom = (id: AccountId | null): void => {
    this.#lookAround(({ plan, ask }) => id === null || waitsOn(plan, ask.avoid, id), id !== null);
  };

  constructor(deps: WaitingRoomDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#queue.size;
  }

  wait(ask: Ask): Promise<Seat> {
    const sinceMs = this.#deps.clock.monotonicMs();
    const found = look(ask, sinceMs, this.#deps);
    if (!('atMs' in found)) return Promise.resolve(found);
    if (ask.visit.over) return Promise.resolve(nobody(found.plan));
    return this.#stay(ask, found.plan, sinceMs, found.atMs);
  }

  afterYou(): void {
    if (this.#deps.clock.monotonicMs() >= this.#nextMs) this.#lookNow();
  }

  #stay(ask: Ask, plan: RoutePlan, sinceMs: number, atMs: number): Promise<Seat> {
    const { clock, config, pool } = this.#deps;
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
        this.#queue.remove(waiter);
        leave(nobody(waiter.plan));
        this.#arm();
      };
      const out = this.#queue.add(waiter, config().routing.queue_max);
      // Whoever finds no place goes where it can: a ramp is no reason to fail.
      if (out === waiter) resolve(sit(ask, plan, true, pool));
      else out?.leave(sit(out.ask, out.plan, true, pool));
      if (out === waiter) return;
      ask.visit.waiting = true;
      signal.addEventListener('abort', onGone, { once: true });
      this.#arm();
    });
  }

  /** Everybody in turn whom it may concern; of one slot that came free, until somebody took it. */
  #lookAround(concerns: (waiter: Waiter) => boolean, oneSlot: boolean): void {
    // What a look itself sets free or takes is seen by those whose turn comes after it.
    if (this.#looking) return;
    this.#looking = true;
    let looks = 0;
    try {
      for (const waiter of this.#queue.inTurn()) {
        if (!concerns(waiter)) continue;
        if (oneSlot && (this.#retry(waiter) || ++looks >= LOOKS_FOR_ONE_SLOT)) break;
        if (!oneSlot) this.#retry(waiter);
      }
    } finally {
      this.#looking = false;
      this.#arm();
    }
  }

  /** True when it left with a lease. */
  #retry(waiter: Waiter): boolean {
    let found: Look;
    try {
      found = look(waiter.ask, waiter.sinceMs, this.#deps);
    } catch (thrown) {
      // Its own business (what it names is owned by two accounts now), and not that of those behind it.
      this.#queue.remove(waiter);
      waiter.fail(thrown);
      return false;
    }
    waiter.plan = found.plan;
    if ('atMs' in found) {
      waiter.atMs = found.atMs;
      return false;
    }
    if (found.lease === null) this.#queue.remove(waiter);
    else this.#queue.serve(waiter);
    waiter.leave(found);
    return found.lease !== null;
  }

  #arm(): void {
    const { clock, inFlight, pool } = this.#deps;
    const { size } = this.#queue;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#nextMs = Infinity;
    inFlight.setQueued(size);
    pool.onRoom(size === 0 ? null : this.#onRoom);
    if (size === 0) return;
    for (const waiter of this.#queue.inTurn()) this.#nextMs = Math.min(this.#nextMs, waiter.atMs);
    const forMs = Math.max(1, Math.ceil(this.#nextMs - clock.monotonicMs()));
    this.#timer = setTimeout(this.#lookNow, forMs);
  }
}
