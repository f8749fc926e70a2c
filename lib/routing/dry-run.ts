/**
 * "Where would this call go now, and why": a question to the planner that nothing follows from. What a client
 * would send is described by the same values that the gateway reads from a real call.
 */
import type { BodyFacts, SessionKey } from '../calls/call.ts';
import type { CamError } from '../errors.ts';
import type { RoutePlan } from './plan.ts';

export interface DryRunQuestion {
  readonly method: string;
  /** As a client would send it, beginning with `/v1`. */
  readonly path: string;
  /** Lower-case names; only those that say which conversation it is matter. */
  readonly headers: Readonly<Record<string, string>>;
  /** Counts where there is no body to read it from. */
  readonly model: string | null;
  readonly facts: BodyFacts | null;
  readonly bodyBytes: number;
}

export interface DryRun {
  /** The endpoint's name in the table. */
  readonly endpoint: string;
  readonly model: string | null;
  readonly session: SessionKey | null;
  readonly plan: RoutePlan;
  /** What the client would be told now; null when somebody would serve it. */
  readonly refusal: CamError | null;
}
