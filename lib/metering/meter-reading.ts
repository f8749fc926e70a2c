/**
 * What a meter tells: while an answer runs, and when it has ended.
 */
import type { Usage } from './usage.ts';

export interface MeterReading {
  /** As reported; null when nothing was, e.g. because the stream was cut. */
  readonly usage: Usage | null;
  /** The model the answer names; null when it names none. */
  readonly servedModel: string | null;
  /** `resp_…` of a Responses answer, the answer's `id` elsewhere. */
  readonly responseId: string | null;
  /** Hashes of what the answer sealed, oldest first; empty where nobody asked for them. */
  readonly seals: readonly string[];
  readonly outputEvents: number;
  /** Bytes seen, from the first to the last. */
  readonly bytes: number;
  readonly sawTerminal: boolean;
  readonly sawError: boolean;
  /** What the upstream's own error in the stream said, as an error body; null when there was none. */
  readonly errorBody: string | null;
}

export interface Meter {
  push(chunk: Uint8Array): void;
  end(): MeterReading;
  /**
   * The surface has said that its answer is over (`response.completed`, `[DONE]`, a `finish_reason`, …).
   * Of a JSON body: its brackets are closed, where they are looked at. Surfaces without such an event always say
   * true: there only the transport tells.
   */
  sawTerminal(): boolean;
  /** The upstream itself has reported an error in the stream; it needs no second one from us. */
  sawError(): boolean;
  /** The last byte pushed ends an event, so that another event may follow it. */
  onBoundary(): boolean;
  /** Pieces of output so far; above 0 means that the first has come. */
  outputEvents(): number;
  /** For the last event of a stream that broke; null where the surface has no such thing. */
  responseId(): string | null;
  nextSequence(): number | null;
}
