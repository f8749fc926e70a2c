/**
 * The limit book: what every account and client key has used of its windows, and what open reservations hold of
 * them. Nothing of it is stored: it is summed from the ledger and kept up in memory, so an edited limit counts
 * what was used before it was set. A reset stores a moment only: what began before it does not count any more.
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
import { type Clock, DAY_MS, MINUTE_MS } from '../../lib/base/time.ts';
import { type ClientWindow, isSliding, SLIDING } from '../../lib/metering/client-limits.ts';
import type { SettledRecord } from '../../lib/metering/ledger.ts';
import {
  firstExceeded,
  LIMIT_WINDOWS,
  type LimitWindow,
  type ReservationAmounts,
  type WindowUse,
  type WindowUses,
} from '../../lib/metering/limit.ts';
import { createWindows, type WindowBounds, windowBounds } from '../../lib/metering/window.ts';
import { createCalendarSum, createSlidingSum } from '../../lib/metering/window-sum.ts';
import { type Counter, concerns, createClientCounters } from './client-counters.ts';
import type { LimitBook, LimitHit, LimitHolder, UseReset } from './limit-contract.ts';
import { prepareSums } from './limit-sums.ts';
import { firstCounterHit, limitUses } from './limit-uses.ts';
import type { Database } from './open-database.ts';
import { createTallies, plus } from './tallies.ts';

export type { LimitBook, LimitHit, LimitHolder, Reservation, UseReset } from './limit-contract.ts';

export interface LimitBookDeps {
  readonly db: Pick<Database, 'ledger'>;
  /** `LedgerWriter.unwritten`: settled calls that a sum over the ledger does not see yet. */
  readonly unwritten: () => readonly SettledRecord[];
  readonly clock: Pick<Clock, 'nowMs'>;
  /** The configured zone, read at every use because it can change. */
  readonly timeZone: () => string;
}

interface Hold {
  readonly holders: { account: AccountId; readonly client: ClientKeyId };
  readonly amounts: ReservationAmounts;
  readonly model: string | null;
  sinceMs: number;
}

/** A clock that is set back by less stands still for us; by more, everything is summed up again. */
const CLOCK_SLACK_MS = MINUTE_MS;

export function createLimitBook({ db, clock, timeZone, unwritten }: LimitBookDeps): LimitBook {
  const sums = prepareSums(db.ledger);
  const settled = createTallies();
  const held = createTallies();
  const holds = new Map<RequestId, Hold>();
  let resets = new Map<string, UseReset>();
  let stored: readonly UseReset[] = [];
  let zone = timeZone();
  let latestMs = clock.nowMs();
  let bounds = boundsAt(latestMs, zone);

  const sinceOf = (id: string, window: ClientWindow): number =>
    resets.size === 0 ? 0 : (resets.get(`${id} ${window}`)?.countedSinceMs ?? 0);
  const counters = createClientCounters({
    newSum: (window) =>
      isSliding(window)
        ? createSlidingSum(SLIDING[window], latestMs)
        : createCalendarSum(calendarOf(zone, window), latestMs),
    fill: (id, counter) => fillCounter(id, counter),
    countedSinceMs: sinceOf,
  });

  /** What the ledger, the settlements on their way to it and the open holds say of one counter. */
  const fillCounter = (id: string, counter: Counter): void => {
    const { sum, window } = counter;
    const fromMs = Math.max(sum.fromMs(), sinceOf(id, window));
    const stepMs = isSliding(window) ? SLIDING[window].stepMs : DAY_MS;
    for (const row of sums.steps(id, fromMs, latestMs + 1, stepMs))
      if (concerns(counter, row.model)) sum.add(row.atMs, row, 1);
    for (const use of sums.unwritten(unwritten())) {
      if (use.clientKeyId === id && use.atMs >= fromMs && concerns(counter, use.model))
        sum.add(use.atMs, use, 1);
    }
    for (const { holders, model, amounts, sinceMs } of holds.values()) {
      if (holders.client === id && sinceMs >= fromMs && concerns(counter, model))
        sum.add(sinceMs, amounts, 1);
    }
  };

  const countHolds = (): void => {
    held.clear();
    for (const { holders, amounts, sinceMs } of holds.values()) {
      tally(held, holders.account, sinceMs, amounts, 1);
      tally(held, holders.client, sinceMs, amounts, 1);
    }
  };
  /** Adds (+1) or takes away (-1) in those windows that a moment belongs to. */
  const tally = (to: typeof held, id: string, atMs: number, use: WindowUse, sign: 1 | -1): void => {
    for (const window of windowsOf(bounds, atMs))
      if (atMs >= sinceOf(id, window)) to.add(id, window, use, sign);
  };
  const shift = ({ holders, amounts, model, sinceMs }: Hold, sign: 1 | -1): void => {
    tally(held, holders.account, sinceMs, amounts, sign);
    tally(held, holders.client, sinceMs, amounts, sign);
    counters.add(holders.client, { model, atMs: sinceMs }, amounts, sign);
  };
  const load = (): void => {
    zone = timeZone();
    latestMs = clock.nowMs();
    bounds = boundsAt(latestMs, zone);
    // A reset that lies ahead was made while the clock was wrong; it would let everything pass until then.
    const inForce = stored.filter(({ countedSinceMs }) => countedSinceMs <= latestMs);
    resets = new Map(inForce.map((reset) => [`${reset.holderId} ${reset.window}`, reset]));
    for (const hold of holds.values()) hold.sinceMs = Math.min(hold.sinceMs, latestMs);
    settled.clear();
    for (const window of LIMIT_WINDOWS) {
      const { fromMs, toMs } = bounds[window];
      for (const { id, ...use } of sums.between(fromMs, toMs)) settled.add(id, window, use, 1);
      for (const { holderId, countedSinceMs } of inForce.filter((reset) => reset.window === window)) {
        if (countedSinceMs <= fromMs) continue;
        settled.forget(holderId, window);
        const use = sums.between(countedSinceMs, toMs).find(({ id }) => id === holderId);
        if (use) settled.add(holderId, window, use, 1);
      }
    }
    for (const use of sums.unwritten(unwritten())) {
      tally(settled, use.accountId, use.atMs, use, 1);
      tally(settled, use.clientKeyId, use.atMs, use, 1);
    }
    countHolds();
    counters.refill();
  };
  /** Brings the windows up to the present: nothing was used in one that has only now begun. */
  const turn = (): void => {
    const nowMs = clock.nowMs();
    if (nowMs < latestMs - CLOCK_SLACK_MS || timeZone() !== zone) {
      load();
      return;
    }
    if (nowMs > latestMs) latestMs = nowMs;
    if (latestMs < bounds.day.toMs) return;
    const next = boundsAt(latestMs, zone);
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
  /** Of two ceilings that are in the way the one that keeps the caller waiting longer is told. */
  const clientHitOf = (
    client: LimitHolder,
    amounts: ReservationAmounts,
    model: string | null,
  ): LimitHit | null => {
    const hit = hitOf(client, amounts);
    const mine = counters.of(client);
    if (mine.length === 0) return hit;
    const other = firstCounterHit(client.id, mine, amounts, model, latestMs);
    return other !== null && (hit === null || other.resetsAtMs > hit.resetsAtMs) ? other : hit;
  };

  return {
    load,
    uses(id) {
      turn();
      return sumsOf(id);
    },
    reserved(id) {
      turn();
      return { day: held.get(id, 'day'), month: held.get(id, 'month') };
    },
    limitUses(holder) {
      turn();
      const mine = [...holds.values()].filter(({ holders }) => holders.client === holder.id);
      return limitUses({
        limits: holder.limits,
        day: { use: sumOf(holder.id, 'day'), reserved: held.get(holder.id, 'day'), toMs: bounds.day.toMs },
        month: {
          use: sumOf(holder.id, 'month'),
          reserved: held.get(holder.id, 'month'),
          toMs: bounds.month.toMs,
        },
        counters: counters.of(holder),
        holds: mine,
        nowMs: latestMs,
      });
    },
    setResets(next) {
      stored = next;
      load();
    },
    reserve(requestId, account, client, { tokens, cost, model = null }) {
      if (holds.has(requestId)) throw new Error(`call ${requestId} holds a reservation already`);
      turn();
      const amounts: ReservationAmounts = { requests: 1, tokens, cost };
      const hit = hitOf(account, amounts) ?? clientHitOf(client, amounts, model);
      if (hit) return hit;
      const holders = { account: accountId(account.id), client: clientKeyId(client.id) };
      const hold = { holders, amounts, model, sinceMs: Math.round(latestMs) };
      holds.set(requestId, hold);
      shift(hold, 1);
      return { requestId, accountId: holders.account, sinceMs: hold.sinceMs };
    },
    wouldHit(account, client, { tokens, cost, model = null }) {
      turn();
      const amounts: ReservationAmounts = { requests: 1, tokens, cost };
      return hitOf(account, amounts) ?? clientHitOf(client, amounts, model);
    },
    move(reservation, to) {
      const hold = holds.get(reservation.requestId);
      if (!hold || hold.holders.account === to.id) return reservation;
      turn();
      const hit = hitOf(to, hold.amounts);
      if (hit) return hit;
      tally(held, hold.holders.account, hold.sinceMs, hold.amounts, -1);
      hold.holders.account = accountId(to.id);
      tally(held, hold.holders.account, hold.sinceMs, hold.amounts, 1);
      return { ...reservation, accountId: hold.holders.account };
    },
    settle({ requestId }, { tokens, cost, counted }) {
      const hold = holds.get(requestId);
      if (!hold) return;
      turn();
      shift(hold, -1);
      holds.delete(requestId);
      if (!counted) return;
      const { holders, amounts, model, sinceMs } = hold;
      const use = { requests: 1, tokens: tokens ?? amounts.tokens, cost: cost ?? amounts.cost };
      tally(settled, holders.account, sinceMs, use, 1);
      tally(settled, holders.client, sinceMs, use, 1);
      counters.add(holders.client, { model, atMs: sinceMs }, use, 1);
    },
  };
}

function boundsAt(nowMs: number, zone: string): Record<LimitWindow, WindowBounds> {
  return { day: windowBounds(nowMs, 'day', zone), month: windowBounds(nowMs, 'month', zone) };
}

function calendarOf(zone: string, window: LimitWindow): (atMs: number) => WindowBounds {
  const windows = createWindows(zone);
  return (atMs) => windows(atMs, window);
}

function windowsOf(bounds: Record<LimitWindow, WindowBounds>, sinceMs: number): readonly LimitWindow[] {
  if (sinceMs >= bounds.day.fromMs) return LIMIT_WINDOWS;
  return sinceMs >= bounds.month.fromMs ? ['month'] : [];
}
