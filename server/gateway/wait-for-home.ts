/**
 * With `affinity = "wait"` a conversation waits, bounded, for the account where its prompt cache is, rather than
 * pay for the whole prompt again elsewhere. With `queue_ms` a call waits for the first account to come back.
 */

import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { Patience } from './patience.ts';
import type { Planner } from './plan-call.ts';

export interface WaitDeps {
  readonly planner: Planner;
  readonly patience: Patience;
  readonly clock: Clock;
  readonly config: () => Config;
}

/** An account may come back a moment later than it said. */
const LATE_MS = 50;

/** Whether the configuration lets this plan be made again later; almost always not. */
export function mayWait(plan: RoutePlan, { routing }: Pick<Config, 'routing'>): boolean {
  return plan.waitFor !== undefined || (plan.candidates.length === 0 && routing.queue_ms > 0);
}

export async function waitAndPlan(
  first: RoutePlan,
  call: Call,
  caller: Caller,
  seed: number,
  signal: AbortSignal,
  deps: WaitDeps,
): Promise<RoutePlan> {
  const { routing } = deps.config();
  const startedMs = deps.clock.monotonicMs();
  for (let plan = first; ; plan = deps.planner.plan(call, caller, deps.clock.nowMs(), seed)) {
    const waited = deps.clock.monotonicMs() - startedMs;
    const untilMs = worthWaitingFor(plan);
    const most = plan.waitFor ? routing.affinity_wait_ms : routing.queue_ms;
    if (untilMs === null || waited >= most) return plan;
    const forMs = Math.min(Math.max(0, untilMs - plan.madeAtMs) + LATE_MS, most - waited);
    if (!(await deps.patience.sleep(forMs, signal))) return plan;
  }
}

function worthWaitingFor(plan: RoutePlan): number | null {
  if (plan.waitFor) return plan.waitFor.untilMs;
  if (plan.candidates.length > 0) return null;
  const untils = plan.leftOut.flatMap(({ untilMs }) => (untilMs === null ? [] : [untilMs]));
  return untils.length === 0 ? null : Math.min(...untils);
}
