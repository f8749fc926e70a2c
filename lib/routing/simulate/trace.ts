/**
 * A trace: the calls of a day as clients made them, and what went wrong at the providers meanwhile. It says
 * nothing of which account served what: that is what a simulation finds out. Times count from the trace's
 * beginning.
 */
export interface TraceCall {
  readonly atMs: number;
  /** As in the endpoint table and the ledger: `POST /responses`. */
  readonly endpoint: string;
  readonly model: string | null;
  readonly client: string;
  /** The conversation it belongs to; null for a call of its own. */
  readonly session: string | null;
  /** The conversation that started this one (a sub-agent's parent). */
  readonly parent: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly durationMs: number;
  /** Calls of one opening begin with the same tokens: the instructions and tools of one agent. */
  readonly opening: string | null;
  readonly openingTokens: number;
  /** Carries encrypted reasoning of the turn before, readable only in the organisation that made it. */
  readonly sealed: boolean;
  /** Size of the body; null where it is not known. */
  readonly requestBytes: number | null;
}

/**
 * errors: a share of calls gets 500 · overload: 503 `server_is_overloaded` · outage: no connection · quota: 429
 * `insufficient_quota` · refused_key: 401, until a person has put in another key at the window's end · cut:
 * answers break off half-way.
 */
export const FAULT_KINDS = ['errors', 'overload', 'outage', 'quota', 'refused_key', 'cut'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface TraceFault {
  readonly fault: FaultKind;
  readonly fromMs: number;
  readonly toMs: number;
  /** Which accounts, counted from 1; null for all of them. */
  readonly accounts: readonly number[] | null;
  /** How many of the calls meet it, 0 to 1. */
  readonly share: number;
}

export interface Trace {
  /** Wall clock at the beginning: prices and the ends of days and months follow it. */
  readonly startsAtMs: number;
  /** In the order of their times. */
  readonly calls: readonly TraceCall[];
  readonly faults: readonly TraceFault[];
}

/** Trace times in order; calls of the same moment stay in the order in which they were written. */
export function inOrder<T extends { readonly atMs: number }>(calls: readonly T[]): readonly T[] {
  return calls.toSorted((a, b) => a.atMs - b.atMs);
}
