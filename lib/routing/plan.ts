/**
 * A RoutePlan is what to try, in order, and why every other account was left out. `makePlan` (in
 * `make-plan.ts`) computes it as a pure function of its inputs, so the same inputs always explain the same choice.
 */
import type { AccountId } from '../base/id.ts';
import type { Shortage } from './model-room.ts';

export const STRATEGIES = ['least_utilized', 'round_robin', 'priority', 'sticky'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

export const LEFT_OUT_REASONS = [
  'disabled',
  'quarantined',
  'wrong_provider',
  'model_not_in_scope',
  'model_unsupported',
  'endpoint_unsupported',
  'limit_reached',
  'price_unknown',
  'cooling_down',
  'breaker_open',
  'full',
  'owned_elsewhere',
  'not_for_this_key',
] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

export interface Candidate {
  readonly accountId: AccountId;
  readonly name: string;
  /** Utilisation 0–1 (may pass 1), null when nothing about it is known. */
  readonly utilization: number | null;
  /** Which share decided the utilisation: `day.cost`, `header.tokens`, `in_flight`, … */
  readonly decidedBy: string | null;
  /** Going here means removing encrypted reasoning first: what another organisation sealed. */
  readonly stripReasoning: boolean;
  /** Even what is thought to be readable there goes: the provider said that some of it is not. */
  readonly stripAll?: boolean;
  /** What the provider's limits leave there is too little for this call: it comes after those that have room. */
  readonly short?: Shortage;
  /** A half-open breaker or an hourly quota probe: only one call may go here. */
  readonly probe: boolean;
}

export interface LeftOut {
  readonly accountId: AccountId;
  readonly name: string;
  readonly reason: LeftOutReason;
  /** What exactly: the limit's name, the pattern, the class of the failure. */
  readonly detail: string | null;
  /** When it can be a candidate again (wall clock); null when only a human can tell. */
  readonly untilMs: number | null;
}

/** Why the first candidate is first. */
export type Deciding =
  | 'hard_affinity'
  | 'organization_affinity'
  | 'session'
  | 'parent_session'
  | 'strategy'
  | 'only_candidate'
  | 'fixed_account'
  | 'none';

export interface RoutePlan {
  readonly strategy: StrategyName;
  readonly decidedBy: Deciding;
  readonly candidates: readonly Candidate[];
  readonly leftOut: readonly LeftOut[];
  readonly madeAtMs: number;
  /** The account where the conversation lives, or that of its parent; null when it has no home, or none counts. */
  readonly home: AccountId | null;
  /** The account that keeps what the call names, whether it can serve or not, or is there at all. */
  readonly ownedBy?: { readonly accountId: AccountId; readonly name: string | null };
  /** With `affinity = "wait"`: the session's own account, which is worth waiting for until then. */
  readonly waitFor?: { readonly accountId: AccountId; readonly untilMs: number };
  /** The session's own account, when it cannot serve and another does it instead. */
  readonly movedFrom?: AccountId;
  /** How many accounts are not listed, see `briefPlan`; absent when all are. */
  readonly omitted?: {
    readonly candidates: number;
    readonly leftOut: Readonly<Partial<Record<LeftOutReason, number>>>;
  };
  /** How long the call waited until this plan was made. */
  readonly waitedMs?: number;
}
