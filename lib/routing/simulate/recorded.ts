/**
 * The user's own calls as a trace, and what became of them in truth. What the ledger does not know is estimated: a
 * call without reported usage gets the size of its body and what calls to its model usually write and take. Of shared
 * openings and encrypted reasoning nothing is recorded, and the troubles of that day are not made again.
 */
import type { RecordedCallView } from '../../wire/views.ts';
import { BYTES_PER_TOKEN, endpointNamed } from './planner.ts';
import { fairness } from './tally.ts';
import type { Trace, TraceCall } from './trace.ts';

export interface RecordedDay {
  readonly trace: Trace;
  readonly asItWas: RecordedFigures;
  /** Calls whose size is an estimate. */
  readonly estimated: number;
  /** Calls to paths that are in no table any more. */
  readonly leftOut: number;
  /** Different accounts that served. */
  readonly accounts: number;
}

/** The figures of a simulation, as far as they were recorded. */
export interface RecordedFigures {
  readonly calls: number;
  readonly failed: number;
  readonly upstreamCallsPerCall: number | null;
  readonly cachedShare: number | null;
  readonly cost: number | null;
  readonly fairness: number | null;
}

interface Typical {
  readonly outputTokens: number;
  readonly durationMs: number;
}

const NOTHING_TYPICAL: Typical = { outputTokens: 0, durationMs: 1_000 };

/** @param rows oldest first, at least one */
export function recordedDay(rows: readonly RecordedCallView[]): RecordedDay {
  const startsAtMs = rows[0]?.startedAtMs ?? 0;
  const typical = typicalByModel(rows);
  const known = rows.filter(({ endpoint }) => endpointNamed(endpoint) !== null);
  return {
    trace: {
      startsAtMs,
      calls: known.map((row) => toCall(row, startsAtMs, typical.get(row.model) ?? NOTHING_TYPICAL)),
      faults: [],
    },
    asItWas: figuresOf(rows),
    estimated: known.filter(isEstimated).length,
    leftOut: rows.length - known.length,
    accounts: new Set(rows.map(({ accountId }) => accountId).filter((id) => id !== null)).size,
  };
}

function isEstimated({ inputTokens, outputTokens }: RecordedCallView): boolean {
  return inputTokens === null || outputTokens === null;
}

function toCall(row: RecordedCallView, startsAtMs: number, typical: Typical): TraceCall {
  const delivered = row.outcome === 'delivered';
  return {
    atMs: row.startedAtMs - startsAtMs,
    endpoint: row.endpoint,
    model: row.model,
    client: row.clientKeyId,
    session: row.sessionHash,
    parent: row.parentHash,
    inputTokens: row.inputTokens ?? Math.ceil(row.requestBytes / BYTES_PER_TOKEN),
    outputTokens: row.outputTokens ?? typical.outputTokens,
    // What a failure took says nothing of what an answer would have taken.
    durationMs: (delivered ? row.durationMs : null) ?? typical.durationMs,
    opening: null,
    openingTokens: 0,
    sealed: false,
    requestBytes: row.requestBytes,
  };
}

/** Means over what was delivered. */
function typicalByModel(rows: readonly RecordedCallView[]): ReadonlyMap<string | null, Typical> {
  const sums = new Map<string | null, { count: number; outputTokens: number; durationMs: number }>();
  for (const { model, outcome, outputTokens, durationMs } of rows) {
    if (outcome !== 'delivered' || outputTokens === null || durationMs === null) continue;
    const sum = sums.get(model) ?? { count: 0, outputTokens: 0, durationMs: 0 };
    sums.set(model, sum);
    sum.count++;
    sum.outputTokens += outputTokens;
    sum.durationMs += durationMs;
  }
  const means = new Map<string | null, Typical>();
  for (const [model, { count, outputTokens, durationMs }] of sums) {
    means.set(model, {
      outputTokens: Math.round(outputTokens / count),
      durationMs: Math.round(durationMs / count),
    });
  }
  return means;
}

function figuresOf(rows: readonly RecordedCallView[]): RecordedFigures {
  const tokens = new Map<string, number>();
  let [attempts, failed, input, cached] = [0, 0, 0, 0];
  let cost: number | null = null;
  for (const row of rows) {
    attempts += row.attempts;
    if (row.outcome !== 'delivered' && row.outcome !== 'cancelled') failed++;
    if (row.cost !== null) cost = (cost ?? 0) + row.cost;
    // Where a provider says nothing of its cache, the call is left out of the share.
    if (row.inputTokens !== null && row.cachedTokens !== null) {
      input += row.inputTokens;
      cached += row.cachedTokens;
    }
    if (row.accountId === null) continue;
    const used = (row.inputTokens ?? 0) + (row.outputTokens ?? 0);
    tokens.set(row.accountId, (tokens.get(row.accountId) ?? 0) + used);
  }
  return {
    calls: rows.length,
    failed,
    upstreamCallsPerCall: rows.length === 0 ? null : attempts / rows.length,
    cachedShare: input === 0 ? null : cached / input,
    cost,
    fairness: fairness([...tokens.values()]),
  };
}
