/**
 * How much of an account is used: the highest of its known shares. The one that is nearest to its end decides,
 * because that is the one that will refuse. Unknown shares are left out, never counted as zero.
 */
import { MINUTE_MS } from '../base/time.ts';
import type { LimitAmounts, LimitWindow, WindowUse } from '../metering/limit.ts';
import type { HeaderLimit, Upstream } from './upstream.ts';

export interface Utilization {
  /** 0–1, may pass 1; null when nothing about it is known. */
  readonly share: number | null;
  /** `day.cost`, `header.tokens`, `in_flight`; null with a null share. */
  readonly decidedBy: string | null;
  /** One of the account's own limits leaves nothing: `spentLimit` says which. */
  readonly spent: boolean;
}

type Amount = keyof LimitAmounts;
const AMOUNTS: readonly Amount[] = ['requests', 'tokens', 'cost'];

/** From when and until before when no figure passes its reset, which is all that time does to a utilisation. */
export function holdsWhile(
  { headerLimits }: Upstream,
  nowMs: number,
): { readonly fromMs: number; readonly untilMs: number } {
  let fromMs = -Infinity;
  let untilMs = Infinity;
  for (const bucket in headerLimits) {
    const figure = headerLimits[bucket];
    if (figure === undefined) continue;
    // See `isPastReset`: the two moments at which its answer changes.
    for (const atMs of [figure.fullAtMs ?? Infinity, figure.readAtMs - MINUTE_MS]) {
      if (atMs <= nowMs) fromMs = Math.max(fromMs, atMs);
      else untilMs = Math.min(untilMs, atMs);
    }
  }
  return { fromMs, untilMs };
}

/** @param inFlightMax calls that may be under way on one account */
export function utilizationOf(upstream: Upstream, nowMs: number, inFlightMax: number): Utilization {
  const { inFlight, headerLimits, used } = upstream;
  const { day, month } = upstream.account.limits;
  let share = inFlight > 0 ? inFlight / inFlightMax : -1;
  let decidedBy: string | null = null;
  const ofDay = day === undefined ? -1 : highestShare(day, used.day);
  const ofMonth = month === undefined ? -1 : highestShare(month, used.month);
  const ofLimits = Math.max(ofDay, ofMonth);
  if (ofLimits > share) {
    share = ofLimits;
    decidedBy =
      ofMonth > ofDay ? nameOf('month', month, used.month, ofMonth) : nameOf('day', day, used.day, ofDay);
  }
  let bucketThatDecides: string | null = null;
  for (const bucket in headerLimits) {
    const figure = headerLimits[bucket];
    const ofBucket = figure === undefined ? -1 : shareOfHeader(figure, bucket, inFlight, nowMs);
    if (ofBucket <= share) continue;
    share = ofBucket;
    bucketThatDecides = bucket;
  }
  if (bucketThatDecides !== null) decidedBy = `header.${bucketThatDecides}`;
  const known = share >= 0;
  return {
    share: known ? share : null,
    decidedBy: known ? (decidedBy ?? 'in_flight') : null,
    spent: ofLimits >= 1,
  };
}

/** The first of an account's own limits that leaves nothing, the longest window first: it lasts longest. */
export function spentLimit({
  account,
  used,
}: Upstream): { readonly window: LimitWindow; readonly amount: Amount } | null {
  for (const window of ['month', 'day'] as const) {
    const limit = account.limits[window];
    if (limit === undefined) continue;
    for (const amount of AMOUNTS)
      if (shareOf(limit[amount], used[window][amount]) >= 1) return { window, amount };
  }
  return null;
}

/**
 * A figure older than its own reset: full again by the provider's word, but not confirmed. One that was read in a
 * future from which the clock was set back is as old.
 */
export function isPastReset({ fullAtMs, readAtMs }: HeaderLimit, nowMs: number): boolean {
  return (fullAtMs !== null && fullAtMs <= nowMs) || readAtMs > nowMs + MINUTE_MS;
}

function highestShare(limit: LimitAmounts, used: WindowUse): number {
  return Math.max(
    shareOf(limit.requests, used.requests),
    shareOf(limit.tokens, used.tokens),
    shareOf(limit.cost, used.cost),
  );
}

/** Which amount has this share. */
function nameOf(
  window: LimitWindow,
  limit: LimitAmounts | undefined,
  used: WindowUse,
  share: number,
): string {
  return `${window}.${AMOUNTS.find((amount) => shareOf(limit?.[amount], used[amount]) === share) ?? 'requests'}`;
}

function shareOf(ceiling: number | undefined, used: number): number {
  if (ceiling === undefined) return -1;
  return ceiling <= 0 ? 1 : used / ceiling;
}

/** Calls under way are not in the figure yet; each of them is at least one request. */
function shareOfHeader(figure: HeaderLimit, bucket: string, inFlight: number, nowMs: number): number {
  const { limit, remaining } = figure;
  if (limit === null || limit <= 0) return -1;
  const pending = bucket.includes('requests') ? inFlight : 0;
  if (isPastReset(figure, nowMs)) return pending / limit;
  if (remaining === null) return -1;
  return Math.max(0, (limit - remaining + pending) / limit);
}
