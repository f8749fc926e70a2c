/** Streams that no honest provider sends: nothing crashes or hangs, and how they are cut into chunks changes nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMeter } from '../../../lib/metering/meter.ts';
import { createEventPeek, PEEK_EVENTS_MAX } from '../../../lib/metering/peek-events.ts';
import { createFramer } from '../../../lib/metering/sse-frames.ts';
import { readEvents } from '../../../lib/metering/sse-read.ts';
import { createUsageChunkFilter } from '../../../lib/metering/usage-chunk-filter.ts';
import { bytesOf, textOf } from './streams.ts';

const RUNS = Number(process.env.CAM_FUZZ_RUNS ?? 2_000);
const FAMILIES = ['chat', 'completions', 'responses', 'images', 'audio', 'other'] as const;

const PIECES = [
  'data: ',
  'data:',
  'event: ',
  'event: response.completed',
  'event: error',
  'id: 1',
  ': comment',
  'retry: 5',
  '[DONE]',
  '{"choices":[{"index":0,"finish_reason":"stop"}]}',
  '{"choices":[{"index":1,"finish_reason":"',
  '{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}',
  '{"choices":[{"delta":{"content":"finish_reason"},"finish_reason":null}]}',
  '{"type":"response.created","response":{"id":"resp_1"}}',
  '{"type":"response.output_text.delta","sequence_number":7}',
  '{"error":{"message":"no"}}',
  '"usage":{"prompt_tokens":1e999',
  '"usage"',
  '"type":',
  '"finish_reason":',
  '"sequence_number":99999999999999999999',
  '{',
  '}',
  '"',
  '\\',
  'é👋',
  '\u0000',
  '\ufeff',
];
const LINE_ENDS = ['\n', '\n\n', '\r\n', '\r\n\r\n', '\r\n\n'];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.constantFrom(...LINE_ENDS)), { maxLength: 30 })
  .map((pieces) => bytesOf(pieces.join('')));
const anyBytes = fc.oneof(hostile, fc.uint8Array({ maxLength: 120 }));
const places = fc.array(fc.nat({ max: 400 }), { maxLength: 6 });

function chunksOf(bytes: Uint8Array, at: readonly number[]): readonly Uint8Array[] {
  const edges = [0, ...at.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((to, i) => bytes.slice(edges[i] ?? 0, to));
}

/** A field whose value would begin where the next event does: found only if one looks past the end of the first. */
const BEGUN_AND_NEXT: [Uint8Array, number[], (typeof FAMILIES)[number], number][] = [
  [bytesOf('data: "finish_reason":\n\n"'), [1], 'chat', 0],
  [bytesOf('data: "choices":[\n\n]'), [1], 'chat', 0],
  [bytesOf('data: "choices":\n\n[]'), [1], 'completions', 0],
  [bytesOf('data: "role" "content":\n\n""'), [1], 'chat', 0],
  [bytesOf('data: "usage":\n\n{'), [1], 'responses', 0],
  [bytesOf('data: {"error":\n\n{'), [1], 'images', 0],
];

const TIME_MS = 60_000;

describe('A hostile stream', { timeout: TIME_MS }, () => {
  it('is read the same way however it is cut into chunks', () => {
    fc.assert(
      fc.property(
        anyBytes,
        places,
        fc.constantFrom(...FAMILIES),
        fc.nat({ max: 3 }),
        (bytes, at, family, choices) => {
          const read = (chunks: readonly Uint8Array[]) => {
            const meter = createMeter(family, { stream: true, choices: choices + 1 });
            for (const chunk of chunks) meter.push(chunk);
            return {
              ...meter.end(),
              boundary: meter.onBoundary(),
              next: meter.nextSequence(),
              id: meter.responseId(),
            };
          };
          expect(read(chunksOf(bytes, at))).toEqual(read([bytes]));
        },
      ),
      { numRuns: RUNS, examples: BEGUN_AND_NEXT },
    );
  });

  it('is cut into the very events that a parser of the standard finds in it', () => {
    fc.assert(
      fc.property(hostile, places, (bytes, at) => {
        const found: unknown[] = [];
        const framer = createFramer((frame) => {
          found.push(...readEvents(frame.bytes.slice(frame.from, frame.to)).map(({ data }) => data));
        }, 1_000_000);
        for (const chunk of chunksOf(bytes, at)) framer.push(chunk);
        // A mark at the beginning of a stream is no part of its first line; inside it is.
        const whole = bytes.subarray(0, bytes.length - framer.pending().length);
        fc.pre(!textOf(whole).includes('\ufeff'));
        expect(found).toEqual(readEvents(whole).map(({ data }) => data));
      }),
      { numRuns: RUNS },
    );
  });

  it('is held back for as long as nothing was output, and never for ever', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 5 }), fc.constantFrom(...FAMILIES), (chunks, family) => {
        const peek = createEventPeek(family);
        let decided: unknown = 'hold';
        for (const chunk of chunks) {
          const verdict = peek.push(chunk);
          if (decided !== 'hold') expect(verdict).toBe(decided);
          decided = verdict;
        }
        // Whatever it was, after as many events of no meaning as may be held it is shown.
        const comments = bytesOf('\n\n: on\n\n'.repeat(PEEK_EVENTS_MAX + 1));
        expect(peek.push(comments)).not.toBe('hold');
      }),
      { numRuns: RUNS },
    );
  });

  it('loses nothing but reports of usage to the filter', () => {
    fc.assert(
      fc.property(anyBytes, places, (bytes, at) => {
        const filter = createUsageChunkFilter();
        const out = [...chunksOf(bytes, at).map((chunk) => filter.push(chunk)), filter.end()];
        const left = Buffer.concat(out);
        const reports = textOf(bytes).includes('"choices":[]');
        if (reports) expect(left.length).toBeLessThanOrEqual(bytes.length);
        else expect(left.equals(bytes)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
