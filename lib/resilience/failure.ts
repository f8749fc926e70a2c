/**
 * What a failed attempt says about the account (FailureClass) and when it happened (FailurePhase).
 */
export const FAILURE_CLASSES = [
  'caller_fault',
  'policy',
  'rate_limit',
  'too_large_for_limit',
  'quota',
  'credential',
  'scope',
  'state_elsewhere',
  'silence',
  'proxy',
  'overload',
  'connect',
  'unknown',
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** connect: nothing was sent · first_event: sent, nothing shown to the client · mid_stream: output was shown. */
export type FailurePhase = 'connect' | 'first_event' | 'mid_stream';

/** What there is to judge a failure by; everything optional may be unknown. */
export interface FailureEvidence {
  readonly phase: FailurePhase;
  /** Upstream's HTTP status; null when there was no answer. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's start (≤ 64 KiB), or the data of an error event inside HTTP 200. */
  readonly body: string;
  /** A transport error's code (`ECONNREFUSED`, `UND_ERR_CONNECT_TIMEOUT`, `CERT_HAS_EXPIRED`, …). */
  readonly transportCode: string | null;
  readonly nowMs: number;
}

/** The verdict of `classify`. */
export interface Failure {
  readonly class: FailureClass;
  readonly phase: FailurePhase;
  readonly status: number | null;
  /** `error.code` of the upstream, else `error.type`, else our own word for it; safe to show. */
  readonly code: string;
  /** One sentence for people, without keys, organisation ids or bodies. */
  readonly summary: string;
  /** The provider asked to wait this long (clamped to a day); null when it did not say. */
  readonly toldWaitMs: number | null;
  /** The same in the provider's own words, at most 64 characters. */
  readonly toldWaitRaw: string | null;
  /** `scope` only: what this account cannot serve, to be remembered; null when it should not be remembered. */
  readonly mark: FailureMark | null;
  /** `too_large_for_limit` only: the tokens that the provider counted for this call. */
  readonly requestedTokens: number | null;
  /** `credential` only: the provider closed the account, so nothing may switch it on again by itself. */
  readonly permanent: boolean;
  /** True when the provider certainly did not do the work: safe to repeat anything elsewhere. */
  readonly definite: boolean;
}

export interface FailureMark {
  /** The model of the call, or the family of its endpoint. */
  readonly kind: 'model' | 'family';
  readonly forMs: number;
}
