/**
 * With `affinity = "wait"` a conversation waits, bounded, for the account where its prompt cache is, rather than
 * pay for the whole prompt again elsewhere. With `queue_ms` a call waits for the first account to come back.
 */

import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import { waitBeforePlanning } from '../../lib/routing/wait-again.ts';
import type { Patience } from './patience.ts';
import type { Planner } from './plan-call.ts';

export interface WaitDeps {
  readonly planner: Planner;
  readonly patience: Patience;
  readonly clock: Clock;
  readonly config: () => Config;
}

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
    const forMs = waitBeforePlanning(plan, waited, routing);
    if (forMs === null) return plan;
    if (!(await deps.patience.sleep(forMs, signal))) return plan;
  }
}
