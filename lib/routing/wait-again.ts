/**
 * How long a call may wait before it is planned anew: for its conversation's own account (`affinity = "wait"`), or
 * for the first account to come back (`queue_ms`). Almost always not at all.
 */
import type { Config } from '../config.ts';
import type { RoutePlan } from './plan.ts';

/** An account may come back a moment later than it said. */
const LATE_MS = 50;

/** @param waitedMs so far @returns null when this plan is the one to go by */
export function waitBeforePlanning(
  plan: RoutePlan,
  waitedMs: number,
  routing: Pick<Config['routing'], 'affinity_wait_ms' | 'queue_ms'>,
): number | null {
  const untilMs = worthWaitingFor(plan);
  const most = plan.waitFor ? routing.affinity_wait_ms : routing.queue_ms;
  if (untilMs === null || waitedMs >= most) return null;
  return Math.min(Math.max(0, untilMs - plan.madeAtMs) + LATE_MS, most - waitedMs);
}

function worthWaitingFor(plan: RoutePlan): number | null {
  if (plan.waitFor) return plan.waitFor.untilMs;
  if (plan.candidates.length > 0) return null;
  const untils = plan.leftOut.flatMap(({ untilMs }) => (untilMs === null ? [] : [untilMs]));
  return untils.length === 0 ? null : Math.min(...untils);
}
