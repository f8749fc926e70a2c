/**
 * How much of an account is used: the highest of its known shares. The one that is nearest to its end decides,
 * because that is the one that will refuse. Unknown shares are left out, never counted as zero.
 */
import type { LimitAmounts, LimitWindow, WindowUse } from '../metering/limit.ts';
import { LIMIT_WINDOWS } from '../metering/limit.ts';
import type { HeaderLimit, Upstream } from './upstream.ts';

export interface Utilization {
  /** 0–1, may pass 1; null when nothing about it is known. */
  readonly share: number | null;
  /** `day.cost`, `header.tokens`, `in_flight`; null with a null share. */
  readonly decidedBy: string | null;
}

const AMOUNTS = ['requests', 'tokens', 'cost'] as const;
type Amount = (typeof AMOUNTS)[number];
const UNKNOWN: Utilization = { share: null, decidedBy: null };

/** @param inFlightMax calls that may be under way on one account */
export function utilizationOf(upstream: Upstream, nowMs: number, inFlightMax: number): Utilization {
  const { inFlight, headerLimits } = upstream;
  const { day, month } = upstream.account.limits;
  let share = inFlight > 0 ? inFlight / inFlightMax : -1;
  let decidedBy = 'in_flight';
  if (day !== undefined || month !== undefined) {
    for (const window of LIMIT_WINDOWS) {
      const limit = window === 'day' ? day : month;
      if (limit === undefined) continue;
      for (const amount of AMOUNTS) {
        const used = shareOf(limit, upstream.used[window], amount);
        if (used <= share) continue;
        share = used;
        decidedBy = `${window}.${amount}`;
      }
    }
  }
  for (const bucket in headerLimits) {
    const figure = headerLimits[bucket];
    if (figure === undefined) continue;
    const used = shareOfHeader(figure, bucket, inFlight, nowMs);
    if (used <= share) continue;
    share = used;
    decidedBy = `header.${bucket}`;
  }
  return share < 0 ? UNKNOWN : { share, decidedBy };
}

/** The first of an account's own limits that leaves nothing, e.g. `day.requests`. */
export function spentLimit(
  upstream: Upstream,
): { readonly window: LimitWindow; readonly amount: Amount } | null {
  const { day, month } = upstream.account.limits;
  if (day === undefined && month === undefined) return null;
  // The longest window first: it is the one that keeps the account away longest.
  for (const window of ['month', 'day'] as const) {
    const limit = window === 'day' ? day : month;
    if (limit === undefined) continue;
    for (const amount of AMOUNTS)
      if (shareOf(limit, upstream.used[window], amount) >= 1) return { window, amount };
  }
  return null;
}

/** A figure older than its own reset: full again by the provider's word, but not confirmed. */
export function isPastReset(figure: HeaderLimit, nowMs: number): boolean {
  return figure.fullAtMs !== null && figure.fullAtMs <= nowMs;
}

function shareOf(limit: LimitAmounts, used: WindowUse, amount: Amount): number {
  const ceiling = limit[amount];
  if (ceiling === undefined) return -1;
  return ceiling <= 0 ? 1 : used[amount] / ceiling;
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
