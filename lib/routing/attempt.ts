/** One dial of one account for a Call, as it is explained afterwards. */
import type { AccountId } from '../base/id.ts';
import type { FailureClass, FailurePhase } from '../resilience/failure.ts';

export interface Attempt {
  readonly number: number;
  readonly accountId: AccountId;
  readonly accountName: string;
  /** Milliseconds since the call came in. */
  readonly startedMs: number;
  readonly firstByteMs: number | null;
  readonly endedMs: number;
  readonly status: number | null;
  readonly upstreamRequestId: string | null;
  /** Null when the attempt was the one delivered. */
  readonly failure: {
    readonly class: FailureClass;
    readonly phase: FailurePhase;
    readonly code: string;
    readonly summary: string;
    readonly toldWaitMs: number | null;
  } | null;
  readonly reasoningStripped: boolean;
}
