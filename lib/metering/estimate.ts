/**
 * What a call is expected to use before it is sent, for reservations: input from the body's bytes, corrected
 * by what earlier calls of the same client and model turned out to be; output from what the call allows, else
 * from how much such calls usually write. Pure reducers, and a bounded book of their states.
 */
import { TOKENS_MAX } from './usage-shapes.ts';

export interface EstimateState {
  /** Reported input tokens ÷ (bytes ÷ 3), the last one seen, bounded. */
  readonly ratio: number;
  /** Output tokens of the last calls, oldest first. */
  readonly outputs: readonly number[];
  /** Their 95th percentile; sorted anew once in so many calls, because it moves slowly and is asked for often. */
  readonly high: number;
  readonly learntSinceSorted: number;
}

export const BYTES_PER_TOKEN = 3;
export const OUTPUT_FLOOR = 4096;
const OUTPUTS_KEPT = 200;
/** Base64 pictures make bodies far larger than their tokens, dense scripts the other way round. */
const RATIO_MIN = 0.001;
const RATIO_MAX = 4;

const SORTED_EVERY = 10;
const INITIAL: EstimateState = { ratio: 1, outputs: [], high: 0, learntSinceSorted: 0 };

export function expectedInput(bodyBytes: number, state: EstimateState | null): number {
  const tokens = Math.ceil((bodyBytes / BYTES_PER_TOKEN) * (state ?? INITIAL).ratio);
  return Math.min(Math.max(tokens, 1), TOKENS_MAX);
}

/** @param outputTokensMax what the call itself allows; null when it does not say */
export function expectedOutput(outputTokensMax: number | null, state: EstimateState | null): number {
  if (outputTokensMax !== null) return Math.min(Math.max(0, Math.trunc(outputTokensMax)), TOKENS_MAX);
  return Math.max(OUTPUT_FLOOR, (state ?? INITIAL).high);
}

export interface Observation {
  readonly bodyBytes: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export function learnt(state: EstimateState | null, seen: Observation): EstimateState {
  const before = state ?? INITIAL;
  const known = seen.inputTokens !== null && seen.inputTokens > 0 && seen.bodyBytes > 0;
  const ratio = known ? ((seen.inputTokens ?? 0) * BYTES_PER_TOKEN) / seen.bodyBytes : before.ratio;
  const bounded = Math.min(Math.max(ratio, RATIO_MIN), RATIO_MAX);
  if (seen.outputTokens === null) return { ...before, ratio: bounded };
  const outputs = [...before.outputs, seen.outputTokens].slice(-OUTPUTS_KEPT);
  const dueToSort = outputs.length <= SORTED_EVERY || before.learntSinceSorted + 1 >= SORTED_EVERY;
  return {
    ratio: bounded,
    outputs,
    high: dueToSort ? percentile95(outputs) : before.high,
    learntSinceSorted: dueToSort ? 0 : before.learntSinceSorted + 1,
  };
}

function percentile95(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.ceil(ascending.length * 0.95) - 1] ?? 0;
}

export interface EstimateBook {
  expect(
    key: string,
    call: { readonly bodyBytes: number; readonly outputTokensMax: number | null },
  ): {
    readonly inputTokens: number;
    readonly outputTokens: number;
  };
  learn(key: string, seen: Observation): void;
}

/** States per (client, model), least recently learnt forgotten first. The key is the caller's business. */
export function createEstimateBook(entriesMax = 1000): EstimateBook {
  const states = new Map<string, EstimateState>();
  return {
    expect(key, call) {
      const state = states.get(key) ?? null;
      return {
        inputTokens: expectedInput(call.bodyBytes, state),
        outputTokens: expectedOutput(call.outputTokensMax, state),
      };
    },
    learn(key, seen) {
      const next = learnt(states.get(key) ?? null, seen);
      states.delete(key);
      states.set(key, next);
      const oldest = states.keys().next();
      if (states.size > entriesMax && oldest.done === false) states.delete(oldest.value);
    },
  };
}
