/**
 * What an event says that reports a failure inside HTTP 200, in the one form that `classify` reads: OpenAI's
 * error body `{"error":{…}}`, whatever form the event had.
 */
import type { Frame } from './sse-frames.ts';
import { readEvents } from './sse-read.ts';
import { isObject } from './usage-shapes.ts';

const ERROR_TEXT_MAX = 65_536;

/** The error of an `error` event (flat or nested), of `response.failed`, or of a bare `{"error":…}` chunk. */
export function errorOf(frame: Frame): string | null {
  const event = readEvents(frame.bytes.subarray(frame.from, frame.to))[0];
  if (event === undefined) return null;
  if (!isObject(event.json)) return event.data.slice(0, ERROR_TEXT_MAX);
  const { json } = event;
  const inside = isObject(json.response) ? json.response.error : json.error;
  const found = isObject(inside) ? inside : json;
  const error = {
    message: found.message ?? null,
    type: found === json ? null : (found.type ?? null),
    param: found.param ?? null,
    code: found.code ?? null,
  };
  return JSON.stringify({ error }).slice(0, ERROR_TEXT_MAX);
}
