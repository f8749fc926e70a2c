/**
 * A trace as a file: JSON Lines. The first line says what it is and when the trace begins; every other line is a
 * call or a fault. What a call leaves out has a default, so that a trace can be written by hand. A line that is
 * anything else is refused by its number: half a trace would give figures that look right.
 */
import { z } from 'zod';
import { DAY_MS } from '../base/time.ts';
import { CamError } from '../errors.ts';
import { TOKENS_MAX } from '../metering/usage-shapes.ts';
import { endpointNamed } from '../routing/simulate/planner.ts';
import {
  FAULT_KINDS,
  inOrder,
  type Trace,
  type TraceCall,
  type TraceFault,
} from '../routing/simulate/trace.ts';

export const TRACE_LINE_LENGTH_MAX = 16_384;
export const TRACE_CALLS_MAX = 1_000_000;
const FAULTS_MAX = 1_000;
const SPAN_MAX_MS = 31 * DAY_MS;
const BYTES_MAX = 2 ** 31;
/** Clients name models, and what they named is in the ledger as they did. */
const MODEL_LENGTH_MAX = 4_096;
const ACCOUNTS_MAX = 100;

const whole = (min: number, max: number) => z.number().int().min(min).max(max);
const word = z.string().min(1).max(200);
const timeMs = whole(0, SPAN_MAX_MS);

const headSchema = z.strictObject({
  kind: z.literal('trace'),
  version: z.literal(1),
  startsAt: z.iso.datetime({ offset: true }),
});

const callSchema = z.strictObject({
  kind: z.literal('call'),
  atMs: timeMs,
  endpoint: z.string().refine((name) => endpointNamed(name) !== null, 'no such endpoint'),
  model: z.string().max(MODEL_LENGTH_MAX).nullable(),
  client: word.default('client'),
  session: word.nullable().default(null),
  parent: word.nullable().default(null),
  inputTokens: whole(0, TOKENS_MAX),
  outputTokens: whole(0, TOKENS_MAX),
  durationMs: whole(0, DAY_MS),
  opening: word.nullable().default(null),
  openingTokens: whole(0, TOKENS_MAX).default(0),
  sealed: z.boolean().default(false),
  requestBytes: whole(0, BYTES_MAX).nullable().default(null),
});

const faultSchema = z
  .strictObject({
    kind: z.literal('fault'),
    fault: z.enum(FAULT_KINDS),
    fromMs: timeMs,
    toMs: timeMs,
    accounts: z.array(whole(1, ACCOUNTS_MAX)).min(1).max(ACCOUNTS_MAX).nullable().default(null),
    share: z.number().gt(0).max(1).default(1),
  })
  .refine(({ fromMs, toMs }) => toMs > fromMs, { message: 'must be later than fromMs', path: ['toMs'] });

const lineSchema = z.discriminatedUnion('kind', [callSchema, faultSchema]);

export interface TraceReader {
  /** The next line. Throws `invalid_request` with its number. */
  line(text: string): void;
  /** After the last one. */
  trace(): Trace;
}

export function createTraceReader(): TraceReader {
  const calls: TraceCall[] = [];
  const faults: TraceFault[] = [];
  let startsAtMs: number | null = null;
  let number = 0;

  return {
    line(text) {
      number++;
      if (text.trim() === '') return;
      if (startsAtMs === null) {
        startsAtMs = Date.parse(read(headSchema, text, number).startsAt);
        return;
      }
      const { kind, ...rest } = read(lineSchema, text, number);
      if ('fault' in rest) faults.push(rest);
      else calls.push(rest);
      if (calls.length > TRACE_CALLS_MAX) throw refused(number, `it has more than ${TRACE_CALLS_MAX} calls`);
      if (faults.length > FAULTS_MAX) throw refused(number, `it has more than ${FAULTS_MAX} faults`);
    },
    trace() {
      if (startsAtMs === null) throw refused(number, 'the trace is empty');
      if (calls.length === 0) throw refused(number, 'the trace has no calls');
      return { startsAtMs, calls: inOrder(calls), faults };
    },
  };
}

/** The lines of a file that `createTraceReader` reads back as the same trace. */
export function* traceLines({ startsAtMs, calls, faults }: Trace): Generator<string> {
  yield JSON.stringify({ kind: 'trace', version: 1, startsAt: new Date(startsAtMs).toISOString() });
  for (const fault of faults) yield JSON.stringify({ kind: 'fault', ...fault });
  for (const call of calls) yield JSON.stringify({ kind: 'call', ...call });
}

function read<T extends z.ZodType>(schema: T, text: string, number: number): z.output<T> {
  if (text.length > TRACE_LINE_LENGTH_MAX) throw refused(number, 'it is too long');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused(number, 'it is not JSON');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.join('.');
  throw refused(number, `${where}: ${issue?.message ?? 'is not what a trace says'}`);
}

function refused(number: number, why: string): CamError {
  return new CamError('invalid_request', `The trace cannot be read, line ${number}: ${why}.`, {
    hint: 'docs/routing.md says what a line is. The first one is {"kind":"trace","version":1,"startsAt":"…"}.',
  });
}
