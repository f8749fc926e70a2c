/** What one account did over a range: how much of its limits was used when, for which models, what failed, who took over. */
import type { FailureClass } from '../resilience/failure.ts';
import type { RangeName } from './views.ts';

/** What was asked of it in one step. No call is no use, so these are never unknown but where a call's own figure is. */
export interface AccountStepView {
  readonly fromMs: number;
  readonly calls: number;
  /** Calls that began in the busiest minute. */
  readonly peakRequests: number;
  /** Tokens of the calls that began in the busiest minute; null where calls were charged for and nobody knows. */
  readonly peakTokens: number | null;
  readonly cost: number | null;
  /** Attempts that met its limits. */
  readonly limited: number;
}

/** For how long it was kept from calls, as it was told when that began. */
export interface AccountRestView {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Null for the whole account. */
  readonly model: string | null;
}

export interface AccountModelView {
  /** As billed; empty where the calls named none. */
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number | null;
  readonly cachedShare: number | null;
  readonly outputTokens: number | null;
  /** Milliseconds until the first token: the median, and what 95 of 100 calls did not need. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly cost: number | null;
}

export interface AccountCauseView {
  readonly class: FailureClass;
  readonly code: string;
  readonly status: number | null;
  /** What the newest said. */
  readonly summary: string;
  readonly attempts: number;
  readonly lastAtMs: number;
  /** What became of the calls: another account answered, this one did on another try, their clients left, were told. */
  readonly elsewhere: number;
  readonly here: number;
  readonly left: number;
  readonly told: number;
}

export interface FailoverView {
  readonly accountId: string;
  readonly name: string;
  readonly hue: number;
  readonly calls: number;
}

export interface AccountDetailView {
  readonly accountId: string;
  readonly range: RangeName;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly timeZone: string;
  readonly steps: readonly AccountStepView[];
  readonly rests: readonly AccountRestView[];
  /** Dearest first. */
  readonly models: readonly AccountModelView[];
  /** All models together; what `models` adds up to. */
  readonly total: Omit<AccountModelView, 'model'>;
  /** Most frequent first; at most 50. */
  readonly causes: readonly AccountCauseView[];
  /** Calls that were to go here and were answered by others, and the other way about. */
  readonly movedAway: readonly FailoverView[];
  readonly takenOver: readonly FailoverView[];
}
