/**
 * A made-up day: agents at work in office hours, scripts and an indexer in bursts, and providers that have trouble.
 * Everything comes of the seed: the same options give the same trace on every machine.
 */
import { seededRandom } from '../../base/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../base/time.ts';
import { agentSession } from './agent-session.ts';
import { chatBurst, embeddingBurst } from './bursts.ts';
import { createDraw, type Draw } from './draw.ts';
import { inOrder, type Trace, type TraceCall, type TraceFault } from './trace.ts';

export interface SyntheticDay {
  readonly seed: number;
  readonly startsAtMs: number;
  readonly calls: number;
  /** How many accounts there are to have trouble with; 0 for a day without any. */
  readonly troubledAccounts: number;
}

/** How much begins in each hour of the day. */
const HOURS = [1, 1, 0, 0, 0, 0, 1, 3, 8, 12, 14, 12, 7, 10, 14, 13, 12, 9, 5, 3, 3, 3, 2, 1];
/** Of conversations, questions, and runs of the indexer. */
const KINDS = [6, 8, 1];

export function syntheticDay({ seed, startsAtMs, calls, troubledAccounts }: SyntheticDay): Trace {
  const draw = createDraw(seededRandom(seed));
  const made: TraceCall[] = [];
  for (let number = 1; made.length < calls; number++) {
    const part = beginning(number, draw).filter(({ atMs }) => atMs < DAY_MS);
    // The last one may have to be cut short; its beginning is as good as any.
    for (const call of inOrder(part).slice(0, calls - made.length)) made.push(call);
  }
  return { startsAtMs, calls: inOrder(made), faults: troubles(troubledAccounts) };
}

function beginning(number: number, draw: Draw): TraceCall[] {
  const fromMs = draw.weighted(HOURS) * HOUR_MS + draw.between(0, HOUR_MS - 1);
  const kind = draw.weighted(KINDS);
  if (kind === 0) return agentSession(`c${number}`, fromMs, draw);
  return kind === 1 ? chatBurst(fromMs, draw) : embeddingBurst(fromMs, draw);
}

const at = (hour: number, minute = 0): number => hour * HOUR_MS + minute * MINUTE_MS;

/** One of each trouble, in busy hours; each only where another account is left to help. */
function troubles(accounts: number): readonly TraceFault[] {
  if (accounts < 1) return [];
  const last = accounts;
  const all: readonly TraceFault[] = [
    { fault: 'errors', fromMs: at(10), toMs: at(10, 12), accounts: [1], share: 0.6 },
    { fault: 'overload', fromMs: at(11, 20), toMs: at(11, 30), accounts: null, share: 0.15 },
    { fault: 'outage', fromMs: at(14), toMs: at(14, 8), accounts: [1], share: 1 },
    { fault: 'refused_key', fromMs: at(15, 15), toMs: at(16), accounts: [last], share: 1 },
    { fault: 'quota', fromMs: at(17), toMs: at(19), accounts: [Math.max(1, last - 1)], share: 1 },
  ];
  return accounts === 1 ? all.filter(({ accounts: which }) => which === null) : all;
}
