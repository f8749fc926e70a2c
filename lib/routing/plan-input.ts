/**
 * Everything that a plan is computed from. The gateway gathers it; `make-plan.ts` reads nothing else.
 */
import type { AccountId } from '../base/id.ts';
import type { Call } from '../calls/call.ts';
import type { Caller } from '../clients/client-key.ts';
import type { Config } from '../config.ts';
import type { LimitWindow } from '../metering/limit.ts';
import type { Candidate } from './plan.ts';
import type { Scored } from './strategies/strategy.ts';
import type { Upstream } from './upstream.ts';

/** Where a conversation lives: the account it is pinned to and the organisation that last served it. */
export interface Home {
  readonly accountId: AccountId;
  readonly organization: string | null;
  /** It has been served by more than one organisation, and carries reasoning that the last one cannot read. */
  readonly mixed?: boolean;
}

/**
 * Who keeps a stored object: the account that made it, and with it every account of the same project. `null` of
 * an organisation or project means that it was not known when the object was made.
 */
export interface Owner {
  readonly accountId: AccountId;
  readonly organization: string | null;
  readonly project: string | null;
}

/** What `round_robin` remembers between calls. */
export interface StrategyState {
  readonly turn: number;
}

export interface PlanInput {
  readonly call: Pick<Call, 'endpoint' | 'model' | 'session' | 'facts' | 'bodyBytes'>;
  readonly caller: Caller;
  readonly upstreams: readonly Upstream[];
  readonly home: Home | null;
  readonly parentHome: Home | null;
  /** The organisation known to have sealed the last reasoning in the body, looked up by its hash. */
  readonly sealedBy: string | null;
  /** The organisation known to have sealed the compacted history in the body, looked up likewise. */
  readonly historySealedBy?: string | null;
  /** Who keeps the stored object that the call names; null when it names none or nobody knows. */
  readonly owner: Owner | null;
  readonly strategyState: StrategyState;
  readonly config: Pick<Config, 'routing' | 'breaker' | 'limits'>;
  readonly nowMs: number;
  readonly seed: number;
  /** What the call is expected to use, asked for only where that matters; not known when absent. */
  readonly sizeTokens?: () => number;
  /** False when the model's price is unknown; matters to accounts with a money limit. */
  readonly priceKnown?: boolean;
  /** When the running day and month end in the configured zone; UTC's when not given. */
  readonly windowEndsMs?: Readonly<Record<LimitWindow, number>>;
}

/** A candidate on its way into the plan. */
export interface Ranked extends Scored {
  readonly candidate: Candidate;
}
