/** One dial of one account for a Call, as it is explained afterwards. */
import type { AccountId } from '../base/id.ts';
import type { FailureClass, FailurePhase } from '../resilience/failure.ts';

export interface Attempt {
  readonly number: number;
  readonly accountId: AccountId;
  readonly accountName: string;
  /** How long the call was held before it: for its home, for an account to come back, between two tries. */
  readonly waitedMs: number;
  /** Milliseconds since the call came in. */
  readonly startedMs: number;
  readonly firstByteMs: number | null;
  /** When its outcome was known: for the attempt that was delivered, when its answer began to be shown. */
  readonly endedMs: number;
  readonly status: number | null;
  readonly upstreamRequestId: string | null;
  /**
   * How far it had come when it was given up, because the client left or we ended the call: nothing was sent yet, no
   * answer had begun, or one had of which the client had seen nothing. Absent when it was not given up so early.
   */
  readonly left?: 'unsent' | 'unanswered' | 'unshown';
  /** Null when the attempt was the one delivered, or was left by the client. */
  readonly failure: {
    readonly class: FailureClass;
    readonly phase: FailurePhase;
    readonly code: string;
    readonly summary: string;
    readonly toldWaitMs: number | null;
    /** The wait as the provider put it, before it was read and clamped. */
    readonly toldWaitRaw: string | null;
  } | null;
  readonly reasoningStripped: boolean;
}

/** No provider can have seen anything of the call. */
export function reachedNobody(attempts: readonly Pick<Attempt, 'left' | 'failure'>[]): boolean {
  return attempts.every(({ left, failure }) => left === 'unsent' || failure?.phase === 'connect');
}

/** All that a call was held for: its own account, one that comes back, a ramp, a pause between two tries. */
export function waitedMs(
  attempts: readonly Pick<Attempt, 'waitedMs'>[],
  plan: { readonly waitedMs?: number } | null,
): number {
  const before = attempts.reduce((sum, attempt) => sum + attempt.waitedMs, 0);
  // A call that came to no attempt waited as its plan says.
  return attempts.length === 0 ? (plan?.waitedMs ?? 0) : before;
}
