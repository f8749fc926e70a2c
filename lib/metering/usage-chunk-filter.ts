/**
 * Takes the extra usage chunk (`"choices":[]` with a `usage` object) out of a chat stream again, for a client
 * that did not ask for `stream_options.include_usage` when we did. Every other event leaves byte for byte.
 *
 * Only whole events leave, so what was forwarded always ends on an event boundary, unless an event is longer
 * than any usage chunk can be: then it is let through as it comes.
 */
import { finderOf, joinBytes, skipBlank, valueAt } from './byte-search.ts';
import { createFramer } from './sse-frames.ts';
import { readEvents } from './sse-read.ts';
import { isObject } from './usage-shapes.ts';

export interface UsageChunkFilter {
  /** The bytes to forward for this chunk: often the chunk itself, possibly empty. */
  push(chunk: Uint8Array): Uint8Array;
  /** What is still held when the stream ends: an event that was never finished. */
  end(): Uint8Array;
  /** Whether everything that left so far ends with the end of an event. */
  onBoundary(): boolean;
}

/** No usage chunk is longer; what is longer is not held back. */
const HOLD_BYTES_MAX = 65_536;
const findChoices = finderOf('"choices"');

export function createUsageChunkFilter(): UsageChunkFilter {
  let out: Uint8Array[] = [];
  /** The beginning of the event under way, in pieces. */
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  /** The event under way is too long to be the usage chunk: its bytes go straight through. */
  let passing = false;
  let removed = false;
  let chunk: Uint8Array = new Uint8Array(0);
  let done = 0;

  const release = () => {
    out.push(...held);
    held = [];
    heldBytes = 0;
  };

  const framer = createFramer(({ bytes, from, to, chunkTo }) => {
    if (!passing && isUsageChunk(bytes, from, to)) {
      removed = true;
      held = [];
      heldBytes = 0;
    } else {
      release();
      out.push(chunk.subarray(done, chunkTo));
    }
    passing = false;
    done = chunkTo;
  }, HOLD_BYTES_MAX);

  return {
    push(next) {
      const untouched = held.length === 0;
      chunk = next;
      out = [];
      done = 0;
      removed = false;
      framer.push(next);
      if (done === next.length && untouched && !removed) return next;
      const rest = next.subarray(done);
      if (rest.length > 0) held.push(rest);
      heldBytes += rest.length;
      if (passing || heldBytes > HOLD_BYTES_MAX) {
        passing = true;
        release();
      }
      return joinBytes(out);
    },
    end: () => joinBytes(held),
    onBoundary: () => !passing,
  };
}

function isUsageChunk(bytes: Uint8Array, from: number, to: number): boolean {
  const key = findChoices(bytes, from, to);
  if (key < 0) return false;
  const open = valueAt(bytes, key + 9, to);
  if (open < 0 || bytes[open] !== 0x5b || bytes[skipBlank(bytes, open + 1, to)] !== 0x5d) return false;
  const json = readEvents(bytes.subarray(from, to))[0]?.json;
  return isObject(json) && isObject(json.usage) && Array.isArray(json.choices) && json.choices.length === 0;
}
