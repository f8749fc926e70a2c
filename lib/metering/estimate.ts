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

/** A call as far as its size can be told before it is sent. */
export interface SizedCall {
  readonly bodyBytes: number;
  readonly outputTokensMax: number | null;
  /** How many answers it asks for at once. */
  readonly choices: number;
  /** The call carries on from what is not in its body: what that came to comes on top. */
  readonly continues: readonly string[];
  /** The call names files or pictures by id or address: it is at least as large as the one before it. */
  readonly refersIn: string | null;
}

export interface EstimateBook {
  expect(key: string, call: SizedCall): { readonly inputTokens: number; readonly outputTokens: number };
  /** @param places the session and the answer under which a later call may refer to this one */
  learn(key: string, seen: Observation, places?: readonly string[]): void;
}

const PLACES_MAX = 10_000;

/**
 * States per (client, model), least recently learnt forgotten first; and how large the last call was of each
 * session. The keys are the caller's business.
 */
export function createEstimateBook(entriesMax = 1000): EstimateBook {
  const states = new Map<string, EstimateState>();
  const lastTokens = new Map<string, number>();
  return {
    expect(key, call) {
      const state = states.get(key) ?? null;
      const carried = expectedInput(call.bodyBytes, state);
      const before = firstOf(lastTokens, call.continues) ?? 0;
      const least = call.refersIn === null ? 0 : (lastTokens.get(call.refersIn) ?? 0);
      return {
        inputTokens: Math.min(Math.max(carried + before, least), TOKENS_MAX),
        outputTokens: Math.min(expectedOutput(call.outputTokensMax, state) * call.choices, TOKENS_MAX),
      };
    },
    learn(key, seen, places = []) {
      keep(states, key, learnt(states.get(key) ?? null, seen), entriesMax);
      if (seen.inputTokens === null) return;
      const tokens = seen.inputTokens + (seen.outputTokens ?? 0);
      for (const place of places) keep(lastTokens, place, tokens, PLACES_MAX);
    },
  };
}

function firstOf(map: ReadonlyMap<string, number>, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const found = map.get(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As the newest; the oldest goes when there are too many. */
function keep<T>(map: Map<string, T>, key: string, value: T, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= max) return;
  const oldest = map.keys().next();
  if (oldest.done === false) map.delete(oldest.value);
}
