/** What `routing.dryRun` answers: where a call would go now, and why. Nothing followed from asking. */
import type { ErrorCode } from '../errors.ts';
import type { RoutePlan } from '../routing/plan.ts';

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
