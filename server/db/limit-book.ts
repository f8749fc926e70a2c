/**
 * The limit book: what every account and client key has used of its day and its month, and what open
 * reservations hold of it. Nothing of it is stored: it is summed from the ledger's windows and kept up in
 * memory, so an edited limit counts what was used before it was set.
 *
 * A call belongs to the windows in which it was reserved, however late it ends, exactly as its ledger row does.
 */
import {
  type AccountId,
  accountId,
  type ClientKeyId,
  clientKeyId,
  type RequestId,
} from '../../lib/base/id.ts';
import type { NanoDollars } from '../../lib/base/money.ts';
import type { Clock } from '../../lib/base/time.ts';
import {
  firstExceeded,
  LIMIT_WINDOWS,
  type LimitSet,
  type LimitWindow,
  type ReservationAmounts,
  type WindowUse,
  type WindowUses,
} from '../../lib/metering/limit.ts';
import { type WindowBounds, windowBounds } from '../../lib/metering/window.ts';
import { prepareSums } from './limit-sums.ts';
import type { Database } from './open-database.ts';
import { createTallies, plus } from './tallies.ts';

/** Whose limits a call counts against. */
export interface LimitHolder {
  readonly id: AccountId | ClientKeyId;
  readonly limits: LimitSet;
}

export interface LimitHit {
  readonly holderId: string;
  readonly window: LimitWindow;
  readonly kind: 'requests' | 'tokens' | 'cost';
  readonly limit: number;
  readonly used: number;
  readonly resetsAtMs: number;
}

export interface Reservation {
  readonly requestId: RequestId;
  readonly accountId: AccountId;
}

/**
 * What every account and client key has used in its windows: sums over the ledger plus open reservations.
 * Checking and reserving is one synchronous step, so concurrent calls cannot pass a limit together.
 */
export interface LimitBook {
  /** Sums the ledger's current windows; called once after opening the database. */
  load(): void;
  uses(holderId: AccountId | ClientKeyId): WindowUses;
  /** What of `uses` is held by open reservations. */
  reserved(holderId: AccountId | ClientKeyId): WindowUses;
  reserve(
    requestId: RequestId,
    account: LimitHolder,
    client: LimitHolder,
    amounts: { readonly tokens: number; readonly cost: NanoDollars },
  ): Reservation | LimitHit;
  /** The ceiling that such a reservation would pass, as `reserve` would answer it; nothing is held. */
  wouldHit(
    account: LimitHolder,
    client: LimitHolder,
    amounts: { readonly tokens: number; readonly cost: NanoDollars },
  ): LimitHit | null;
  /** The call moves to another account before output: its hold moves along, if that account's limits allow it. */
  move(reservation: Reservation, to: LimitHolder): Reservation | LimitHit;
  /**
   * Replaces the hold by what was really used. `null` amounts keep the estimate; `counted` false lets go of the
   * hold and counts nothing, for a call that no account served. `settledAmounts` works these out of the record,
   * by the rule that the sums follow. Exactly once: a second time does nothing.
   */
  settle(
    reservation: Reservation,
    actual: { readonly tokens: number | null; readonly cost: NanoDollars | null; readonly counted: boolean },
  ): void;
}

export interface LimitBookDeps {
  readonly db: Pick<Database, 'ledger'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** The configured zone, read at every use because it can change. */
  readonly timeZone: () => string;
}

interface Hold {
  readonly holders: { account: AccountId; readonly client: ClientKeyId };
  readonly amounts: ReservationAmounts;
  readonly sinceMs: number;
}

export function createLimitBook({ db, clock, timeZone }: LimitBookDeps): LimitBook {
  const sumsBetween = prepareSums(db.ledger);
  const settled = createTallies();
  const held = createTallies();
  const holds = new Map<RequestId, Hold>();
  let zone = timeZone();
  let bounds = boundsAt(clock.nowMs(), zone);

  const countHolds = (): void => {
    held.clear();
    for (const hold of holds.values()) shift(hold, 1);
  };
  /** Adds (+1) or takes away (-1) a hold, in those windows that it belongs to. */
  const shift = (hold: Hold, sign: 1 | -1): void => {
    for (const window of windowsOf(bounds, hold.sinceMs)) {
      held.add(hold.holders.account, window, hold.amounts, sign);
      held.add(hold.holders.client, window, hold.amounts, sign);
    }
  };
  const load = (): void => {
    zone = timeZone();
    bounds = boundsAt(clock.nowMs(), zone);
    settled.clear();
    for (const window of LIMIT_WINDOWS) {
      const { fromMs, toMs } = bounds[window];
      for (const { id, ...use } of sumsBetween(fromMs, toMs)) settled.add(id, window, use, 1);
    }
    countHolds();
  };
  /** Brings the windows up to the present: nothing was used in one that has only now begun. */
  const turn = (nowMs: number): void => {
    if (nowMs < bounds.day.fromMs || timeZone() !== zone) {
      load();
      return;
    }
    if (nowMs < bounds.day.toMs) return;
    const next = boundsAt(nowMs, zone);
    for (const window of LIMIT_WINDOWS) {
      if (next[window].fromMs !== bounds[window].fromMs) settled.clearWindow(window);
    }
    bounds = next;
    countHolds();
  };
  const sumsOf = (id: string): WindowUses => ({ day: sumOf(id, 'day'), month: sumOf(id, 'month') });
  const sumOf = (id: string, window: LimitWindow): WindowUse =>
    plus(settled.get(id, window), held.get(id, window));
  const hitOf = ({ id, limits }: LimitHolder, amounts: ReservationAmounts): LimitHit | null => {
    if (!limits.day && !limits.month) return null;
    const hit = firstExceeded(limits, sumsOf(id), amounts);
    return hit && { holderId: id, ...hit, resetsAtMs: bounds[hit.window].toMs };
  };

  return {
    load,
    uses(id) {
      turn(clock.nowMs());
      return sumsOf(id);
    },
    reserved(id) {
      turn(clock.nowMs());
      return { day: held.get(id, 'day'), month: held.get(id, 'month') };
    },
    reserve(requestId, account, client, { tokens, cost }) {
      if (holds.has(requestId)) throw new Error(`call ${requestId} holds a reservation already`);
      const nowMs = clock.nowMs();
      turn(nowMs);
      const amounts: ReservationAmounts = { requests: 1, tokens, cost };
      const hit = hitOf(account, amounts) ?? hitOf(client, amounts);
      if (hit) return hit;
      const holders = { account: accountId(account.id), client: clientKeyId(client.id) };
      const hold = { holders, amounts, sinceMs: nowMs };
      holds.set(requestId, hold);
      shift(hold, 1);
      return { requestId, accountId: holders.account };
    },
    wouldHit(account, client, { tokens, cost }) {
      turn(clock.nowMs());
      const amounts: ReservationAmounts = { requests: 1, tokens, cost };
      return hitOf(account, amounts) ?? hitOf(client, amounts);
    },
    move(reservation, to) {
      const hold = holds.get(reservation.requestId);
      if (!hold || hold.holders.account === to.id) return reservation;
      turn(clock.nowMs());
      const hit = hitOf(to, hold.amounts);
      if (hit) return hit;
      shift(hold, -1);
      hold.holders.account = accountId(to.id);
      shift(hold, 1);
      return { requestId: reservation.requestId, accountId: hold.holders.account };
    },
    settle({ requestId }, { tokens, cost, counted }) {
      const hold = holds.get(requestId);
      if (!hold) return;
      turn(clock.nowMs());
      shift(hold, -1);
      holds.delete(requestId);
      if (!counted) return;
      const use = { requests: 1, tokens: tokens ?? hold.amounts.tokens, cost: cost ?? hold.amounts.cost };
      for (const window of windowsOf(bounds, hold.sinceMs)) {
        settled.add(hold.holders.account, window, use, 1);
        settled.add(hold.holders.client, window, use, 1);
      }
    },
  };
}

function boundsAt(nowMs: number, zone: string): Record<LimitWindow, WindowBounds> {
  return { day: windowBounds(nowMs, 'day', zone), month: windowBounds(nowMs, 'month', zone) };
}

function windowsOf(bounds: Record<LimitWindow, WindowBounds>, sinceMs: number): readonly LimitWindow[] {
  if (sinceMs >= bounds.day.fromMs) return LIMIT_WINDOWS;
  return sinceMs >= bounds.month.fromMs ? ['month'] : [];
}
