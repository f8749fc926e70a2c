/** What the journeys of one simulation share, and who is told of their dials. */
import type { AccountId } from '../../base/id.ts';
import type { Caller } from '../../clients/client-key.ts';
import type { Config } from '../../config.ts';
import { nothingLeft } from '../nothing-left.ts';
import type { Candidate, RoutePlan } from '../plan.ts';
import type { RetryBudget } from '../retry-budget.ts';
import type { Upstream } from '../upstream.ts';
import type { Charges } from './charge.ts';
import type { Member, Windows } from './member.ts';
import type { SimulatedCall, SimulatedPlanner } from './planner.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** Times are the simulation's wall clock. */
export interface Stage {
  nowMs(): number;
  after(ms: number, run: () => void): void;
  readonly config: Config;
  readonly caller: Caller;
  readonly members: ReadonlyMap<AccountId, Member>;
  readonly windows: Windows;
  readonly planner: SimulatedPlanner;
  readonly world: World;
  readonly charges: Charges;
  readonly tally: Tally;
  readonly confirming: Set<AccountId>;
  budget: RetryBudget;
  readonly watch: DialWatcher | null;
}

/** Hears of every dial just before it is made: the account as it is then. */
export type DialWatcher = (dial: {
  readonly call: SimulatedCall;
  readonly upstream: Upstream;
  readonly candidate: Candidate;
  /** 1 for the first attempt of a call. */
  readonly attempt: number;
  readonly nowMs: number;
}) => void;

export function memberOf(stage: Pick<Stage, 'members'>, id: AccountId): Member {
  const member = stage.members.get(id);
  if (member === undefined) throw new Error(`account ${id} is not in this simulation`);
  return member;
}

/** Our error's code for a plan without candidates. */
export function whyNobody(plan: RoutePlan, { model }: SimulatedCall, stage: Stage): string {
  return nothingLeft(plan, stage.caller, model, stage.nowMs()).code;
}
