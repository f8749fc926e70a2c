/**
 * How many repeats are allowed: in a storm every repeat makes it worse, so beyond a quiet rate of calls only one
 * in ten of them may be repeated on the same account or limit group. The first move to another healthy account
 * is never asked about here. A pure reducer over buckets of ten seconds.
 */
import { MINUTE_MS } from '../base/time.ts';

export interface RetryBudget {
  /** The bucket that is being filled: monotonic time divided by the bucket's length. */
  readonly bucket: number;
  readonly calls: readonly number[];
  readonly repeats: readonly number[];
}

const BUCKETS = 6;
const BUCKET_MS = MINUTE_MS / BUCKETS;
const QUIET_CALLS_A_MINUTE = 20;
const SHARE = 0.1;

export const FULL_BUDGET: RetryBudget = {
  bucket: 0,
  calls: new Array(BUCKETS).fill(0),
  repeats: new Array(BUCKETS).fill(0),
};

export function onCall(budget: RetryBudget, monotonicMs: number): RetryBudget {
  const now = advanced(budget, monotonicMs);
  return { ...now, calls: plusOne(now.calls) };
}

export function onRepeat(budget: RetryBudget, monotonicMs: number): RetryBudget {
  const now = advanced(budget, monotonicMs);
  return { ...now, repeats: plusOne(now.repeats) };
}

export function mayRepeat(budget: RetryBudget, monotonicMs: number): boolean {
  const { calls, repeats } = advanced(budget, monotonicMs);
  const recent = sum(calls);
  return recent <= QUIET_CALLS_A_MINUTE || sum(repeats) < recent * SHARE;
}

/** The newest bucket is the last; old ones fall out at the front. */
function advanced(budget: RetryBudget, monotonicMs: number): RetryBudget {
  const bucket = Math.floor(monotonicMs / BUCKET_MS);
  const passed = Math.min(Math.max(0, bucket - budget.bucket), BUCKETS);
  if (passed === 0) return budget;
  const zeros: number[] = new Array(passed).fill(0);
  return {
    bucket,
    calls: [...budget.calls.slice(passed), ...zeros],
    repeats: [...budget.repeats.slice(passed), ...zeros],
  };
}

function plusOne(counts: readonly number[]): readonly number[] {
  return counts.map((count, at) => (at === BUCKETS - 1 ? count + 1 : count));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
