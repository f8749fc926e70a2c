/** What `routing.dryRun` answers: where a call would go now, and why. Nothing followed from asking. */
import type { ErrorCode } from '../errors.ts';
import type { RoutePlan, StrategyName } from '../routing/plan.ts';

export interface DryRunView {
  readonly nowMs: number;
  /** False without a running server: then the accounts are as they were last stored. */
  readonly live: boolean;
  readonly endpoint: string;
  readonly model: string | null;
  /** Null: no client key in particular, and none of their rules. */
  readonly clientName: string | null;
  /** What the conversation would be recognised by; `none` when by nothing. */
  readonly sessionSource: string;
  readonly sessionHash: string | null;
  readonly network: 'ok' | 'unreachable';
  readonly plan: RoutePlan;
  /** What the client would be told instead; null when an account would serve it. */
  readonly refusal: {
    readonly code: ErrorCode;
    readonly status: number;
    readonly message: string;
    readonly retryAfterMs: number | null;
  } | null;
}

/** `routing.replay`: yesterday's calls through each strategy, by the simulator. */
export interface ReplayView {
  /** The day, in the time zone of limits. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly calls: number;
  /** There were more; these are the first of that day. */
  readonly partial: boolean;
  /** Names of accounts that take no calls and so took none here. */
  readonly leftOut: readonly string[];
  /** In the order of the strategies; none where there was no call, or no account that could serve. */
  readonly results: readonly {
    readonly strategy: StrategyName;
    readonly failed: number;
    /** Answers with 429 that were met at providers. */
    readonly rateLimited: number;
    /** Nano-dollars. */
    readonly cost: number | null;
    readonly cachedShare: number | null;
    readonly accounts: readonly { readonly name: string; readonly served: number; readonly tokens: number }[];
  }[];
}
