/** Whether a plan that nobody can serve now is worth waiting for, for whom, and until when. */
import type { AccountId } from '../base/id.ts';
import type { LeftOut, LeftOutReason, RoutePlan } from './plan.ts';

/** Reasons that pass by themselves within moments. */
const PASSING: readonly LeftOutReason[] = ['cooling_down', 'breaker_open', 'full'];

/**
 * How long until the first of them can take the call; null when that is longer than `atMostMs`. When a full
 * account has room nobody knows: whoever waits for it is woken, and looks once more at the end.
 */
export function soonestMs(
  { leftOut, madeAtMs }: RoutePlan,
  avoid: ReadonlySet<AccountId>,
  atMostMs: number,
): number | null {
  if (atMostMs <= 0) return null;
  let soonest: number | null = null;
  for (const one of leftOut) {
    if (!isPassing(one) || avoid.has(one.accountId)) continue;
    const untilMs = Math.max(1, (one.untilMs ?? madeAtMs) - madeAtMs);
    const forMs = one.reason === 'full' ? Math.min(untilMs, atMostMs) : untilMs;
    if (forMs <= atMostMs && (soonest === null || forMs < soonest)) soonest = forMs;
  }
  return soonest;
}

/** How long this plan should be waited with for the conversation's own account; null when not, or no longer. */
export function homeWaitMs(
  { waitFor, madeAtMs }: Pick<RoutePlan, 'waitFor' | 'madeAtMs'>,
  waitedMs: number,
  atMostMs: number,
): number | null {
  if (!waitFor || waitedMs >= atMostMs) return null;
  return Math.min(Math.max(1, waitFor.untilMs - madeAtMs), atMostMs - waitedMs);
}

/** Whether a call with this plan could go to that account once it has room. */
export function waitsOn(plan: RoutePlan, avoid: ReadonlySet<AccountId>, id: AccountId): boolean {
  if (avoid.has(id)) return false;
  if (plan.waitFor) return plan.waitFor.accountId === id;
  return (
    plan.candidates.some(({ accountId }) => accountId === id) ||
    plan.leftOut.some((one) => one.accountId === id && isPassing(one))
  );
}

/** The account that a call leaves by going to this one; null when it leaves none. */
export function leaves(
  { movedFrom }: Pick<RoutePlan, 'movedFrom'>,
  to: AccountId,
  left: AccountId | null,
): AccountId | null {
  const from = left ?? movedFrom ?? null;
  return from === to ? null : from;
}

/** A pause by a human has no end to wait for. */
function isPassing({ reason, untilMs }: LeftOut): boolean {
  return untilMs !== null && PASSING.includes(reason);
}
