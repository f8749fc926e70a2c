/**
 * The hold-back before the commit point. While a stream has only said that work began, nothing has been
 * shown, and an error inside HTTP 200 can still be answered by another account. The caller keeps the chunks;
 * this says, per chunk, whether to go on holding, to commit, or that the upstream has reported an error.
 *
 * Held: comments, `response.created|in_progress|queued`, and chat's first chunk that only names the role.
 * Anything else commits at once, an unknown event too: never hold back what might be output.
 */
import type { EndpointFamily } from '../calls/endpoint.ts';
import { errorOf } from './error-event.ts';
import { createFramer, type Frame } from './sse-frames.ts';
import { announcesItsEnd, createKindReader, kindOfChunk } from './stream-events.ts';

/** `error` is an OpenAI error body `{"error":{…}}`, whatever form the event had; for FailureEvidence.body. */
export type PeekVerdict = 'hold' | 'commit' | { readonly error: string };

export interface EventPeek {
  push(chunk: Uint8Array): PeekVerdict;
  /** Whole events held so far that said something: comments do not. */
  saidEvents(): number;
}

export const PEEK_EVENTS_MAX = 64;
export const PEEK_BYTES_MAX = 262_144;

export function createEventPeek(family: EndpointFamily): EventPeek {
  const kindOf = family === 'chat' || family === 'completions' ? kindOfChunk : createKindReader(family);
  let verdict: PeekVerdict = announcesItsEnd(family) ? 'hold' : 'commit';
  let events = 0;
  let said = 0;
  let bytes = 0;

  const framer = createFramer((frame) => {
    if (verdict !== 'hold') return;
    events++;
    const kind = kindOf(frame);
    if (kind === 'error' || kind === 'failed') verdict = sayError(frame);
    else if (kind !== 'startup' && kind !== 'none') verdict = 'commit';
    else if (events >= PEEK_EVENTS_MAX) verdict = 'commit';
    else if (kind === 'startup') said++;
  }, PEEK_BYTES_MAX);

  return {
    push(chunk) {
      if (verdict !== 'hold') return verdict;
      bytes += chunk.length;
      framer.push(chunk);
      if (verdict === 'hold' && bytes >= PEEK_BYTES_MAX) verdict = 'commit';
      return verdict;
    },
    saidEvents: () => said,
  };
}

function sayError(frame: Frame): PeekVerdict {
  const error = errorOf(frame);
  return error === null ? 'commit' : { error };
}
