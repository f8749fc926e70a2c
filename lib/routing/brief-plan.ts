/**
 * A plan as it is kept with its call. Over many accounts it would be far larger than the call itself, so of a long
 * list the beginning is kept, with every account that had to do with the call, and the number of the others.
 */
import type { AccountId } from '../base/id.ts';
import type { LeftOut, LeftOutReason, RoutePlan } from './plan.ts';

export const KEPT_MAX = 64;

/** @param concerned accounts that are kept wherever they stand: those that were tried, and the one that served */
export function briefPlan(plan: RoutePlan, concerned: ReadonlySet<AccountId>): RoutePlan {
  const { candidates, leftOut } = plan;
  if (candidates.length <= KEPT_MAX && leftOut.length <= KEPT_MAX) return plan;
  const named = new Set(concerned);
  for (const id of [plan.home, plan.ownedBy?.accountId, plan.waitFor?.accountId]) if (id) named.add(id);
  const keeps = ({ accountId }: { readonly accountId: AccountId }, at: number): boolean =>
    at < KEPT_MAX || named.has(accountId);
  const keptCandidates = candidates.filter(keeps);
  const keptOut = leftOut.filter(keeps);
  const others = leftOut.filter((out, at) => !keeps(out, at));
  return {
    ...plan,
    candidates: keptCandidates,
    leftOut: keptOut,
    omitted: { candidates: candidates.length - keptCandidates.length, leftOut: byReason(others) },
  };
}

function byReason(leftOut: readonly LeftOut[]): Partial<Record<LeftOutReason, number>> {
  const counts: Partial<Record<LeftOutReason, number>> = {};
  for (const { reason } of leftOut) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
