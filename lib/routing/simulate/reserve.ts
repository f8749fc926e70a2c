/**
 * What a call is expected to use is held at the first candidate whose own limits allow it, before it is dialled.
 * Mirrors `server/gateway/reserve.ts`.
 */
import type { LeftOut, RoutePlan } from '../plan.ts';
import type { Hold, Member } from './member.ts';
import type { SimulatedCall } from './planner.ts';
import { memberOf, type Stage } from './stage.ts';

export interface Held {
  readonly member: Member;
  readonly hold: Hold;
}

/** The plan from that candidate on; without candidates, and nothing held, when no limits allow it. */
export function reserve(
  call: SimulatedCall,
  plan: RoutePlan,
  stage: Stage,
): { readonly plan: RoutePlan; readonly held: Held | null } {
  const nowMs = stage.nowMs();
  const hold: Hold = { amounts: stage.charges.expected(call, nowMs), sinceMs: nowMs };
  const leftOut: LeftOut[] = [...plan.leftOut];
  for (const [at, { accountId, name }] of plan.candidates.entries()) {
    const member = memberOf(stage, accountId);
    const exceeded = member.hold(hold, nowMs);
    if (exceeded === null) {
      const rest = at === 0 ? plan : { ...plan, candidates: plan.candidates.slice(at), leftOut };
      return { plan: rest, held: { member, hold } };
    }
    const { window, kind } = exceeded;
    const untilMs = stage.windows(nowMs, window).toMs;
    leftOut.push({ accountId, name, reason: 'limit_reached', detail: `${window}.${kind}`, untilMs });
  }
  return { plan: { ...plan, candidates: [], decidedBy: 'none', leftOut }, held: null };
}
