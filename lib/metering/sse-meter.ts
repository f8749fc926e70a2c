/**
 * The meter of a stream of server-sent events. Hot path: per event it looks for a few short byte sequences;
 * only an event that carries usage is decoded, once.
 */
import type { EndpointFamily } from '../calls/endpoint.ts';
import { AnswerEnd } from './answer-end.ts';
import { finderOf, valueAt } from './byte-search.ts';
import { errorOf } from './error-event.ts';
import type { Meter } from './meter-reading.ts';
import type { Seals } from './seals.ts';
import type { Frame } from './sse-frames.ts';
import { createFramer } from './sse-frames.ts';
import { readEvents } from './sse-read.ts';
import { announcesItsEnd, createKindReader, kindOfChunk } from './stream-events.ts';
import type { Usage } from './usage.ts';
import { scanAnswer } from './usage-scan.ts';
import type { AnswerFacts } from './usage-shapes.ts';
import { readAnswer } from './usage-shapes.ts';

/** Most that is kept of one event; of a longer one the tail, where providers put the usage. */
export const EVENT_BYTES_MAX = 262_144;
const SEQUENCE = /"sequence_number"\s*:\s*(\d{1,15})/;
const RESPONSE_ID = /"id"\s*:\s*"(resp_[A-Za-z0-9_-]{1,200})"/;
const SEQUENCE_LOOK_BYTES = 4096;

const findUsage = finderOf('"usage"');

export function createSseMeter(family: EndpointFamily, seals: Seals | null = null, choices = 1): Meter {
  const kindOf = family === 'chat' || family === 'completions' ? kindOfChunk : createKindReader(family);
  const endsByEvent = announcesItsEnd(family);
  const answerEnd = new AnswerEnd(family, choices);
  let usage: Usage | null = null;
  let servedModel: string | null = null;
  let responseId: string | null = null;
  let outputEvents = 0;
  let bytes = 0;
  let error = false;
  let errorBody: string | null = null;
  /** A reference into the chunk of the newest whole event, for its sequence number. */
  let newest: Uint8Array | null = null;

  const take = (facts: AnswerFacts) => {
    usage = facts.usage ?? usage;
    servedModel = facts.model ?? servedModel;
    responseId = facts.id ?? responseId;
  };

  const onFrame = (frame: Frame) => {
    const kind = kindOf(frame);
    if (kind === 'none') return;
    newest = frame.bytes.subarray(frame.from, frame.to);
    if (kind === 'delta') outputEvents++;
    else if (kind === 'item') seals?.look(frame.bytes, frame.from, frame.to);
    else if (kind === 'final' || kind === 'failed') answerEnd.take(frame);
    if (kind === 'error' || kind === 'failed') {
      error = true;
      errorBody ??= errorOf(frame);
    }
    if (family === 'responses' && kind === 'startup' && responseId === null) {
      responseId = RESPONSE_ID.exec(decode(newest.subarray(0, SEQUENCE_LOOK_BYTES)))?.[1] ?? null;
    }
    if (!reportsUsage(frame)) return;
    // A long event is not worth decoding whole, though it may have come in one piece.
    const short = frame.head === null && newest.length <= EVENT_BYTES_MAX;
    const event = short ? readEvents(newest)[0] : undefined;
    take(event === undefined || event.json === null ? scanAnswer(newest) : readAnswer(event.json));
  };

  const framer = createFramer(onFrame, EVENT_BYTES_MAX);
  const sawTerminal = () => answerEnd.over() || !endsByEvent;

  return {
    push(chunk) {
      bytes += chunk.length;
      framer.push(chunk);
    },
    end: () => ({
      usage,
      servedModel,
      responseId,
      seals: seals?.hashes ?? [],
      outputEvents,
      bytes,
      sawTerminal: sawTerminal(),
      sawError: error,
      errorBody,
    }),
    sawTerminal,
    sawError: () => error,
    onBoundary: () => framer.onBoundary(),
    outputEvents: () => outputEvents,
    responseId: () => responseId,
    nextSequence() {
      if (family !== 'responses' || newest === null) return null;
      const text = decode(newest.subarray(0, SEQUENCE_LOOK_BYTES));
      const found = SEQUENCE.exec(text) ?? SEQUENCE.exec(decode(newest.subarray(-SEQUENCE_LOOK_BYTES)));
      return found === null ? null : Number(found[1]) + 1;
    },
  };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Whether a `"usage"` of the event is an object: most chunks of a chat say `"usage":null`. */
function reportsUsage({ bytes, from, to }: Frame): boolean {
  for (let at = findUsage(bytes, from, to); at >= 0; at = findUsage(bytes, at + 7, to)) {
    const value = valueAt(bytes, at + 7, to);
    if (value >= 0 && bytes[value] === 0x7b) return true;
  }
  return false;
}
