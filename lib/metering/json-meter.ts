/**
 * The meter of an answer that is one JSON body. It keeps references to the chunks, of a long body only the
 * tail, and reads the usage once at the end.
 */
import { joinBytes } from './byte-search.ts';
import type { JsonEnd } from './json-end.ts';
import type { Meter } from './meter-reading.ts';
import type { Seals } from './seals.ts';
import { parseQuietly, scanAnswer } from './usage-scan.ts';
import type { AnswerFacts } from './usage-shapes.ts';
import { readAnswer } from './usage-shapes.ts';

/** Above this a body is not kept whole; embeddings and images put their usage at the end. */
export const BODY_KEPT_BYTES_MAX = 1_048_576;
const TAIL_BYTES = 262_144;
/** Parsing more than this whole costs more than looking for the one field. */
const PARSE_BYTES_MAX = 65_536;

/** @param bodyEnd given, the body is over when its brackets say so */
export function createJsonMeter(seals: Seals | null = null, bodyEnd: JsonEnd | null = null): Meter {
  let pieces: Uint8Array[] = [];
  let kept = 0;
  let bytes = 0;
  let truncated = false;

  const keepTail = () => {
    const tail = joinBytes(pieces).slice(-TAIL_BYTES);
    pieces = [tail];
    kept = tail.length;
    truncated = true;
  };

  const sawTerminal = () => bodyEnd?.whole() ?? true;

  const read = (): AnswerFacts => {
    const body = joinBytes(pieces);
    seals?.look(body, 0, body.length);
    if (truncated || body.length > PARSE_BYTES_MAX) return scanAnswer(body);
    return readAnswer(parseQuietly(body));
  };

  return {
    push(chunk) {
      bytes += chunk.length;
      bodyEnd?.push(chunk);
      pieces.push(chunk);
      kept += chunk.length;
      if (kept > BODY_KEPT_BYTES_MAX) keepTail();
    },
    end() {
      const { usage, model, id } = read();
      return {
        usage,
        servedModel: model,
        responseId: id,
        seals: seals?.hashes ?? [],
        outputEvents: bytes > 0 ? 1 : 0,
        bytes,
        sawTerminal: sawTerminal(),
        sawError: false,
        errorBody: null,
      };
    },
    sawTerminal,
    sawError: () => false,
    onBoundary: () => false,
    outputEvents: () => (bytes > 0 ? 1 : 0),
    responseId: () => null,
    nextSequence: () => null,
  };
}
