/**
 * The last event of a stream that broke after output was shown: in the surface's own form, so that clients
 * know that the answer is not whole and ask again. It may only be written on an event boundary, and the
 * socket is destroyed after it: a clean end makes clients take a truncated answer for a whole one.
 */
import type { EndpointFamily } from '../calls/endpoint.ts';
import type { ErrorCode } from '../errors.ts';
import { ERRORS } from '../errors.ts';

export interface BrokenEndingOptions {
  /** `meter.responseId()`. */
  readonly responseId: string | null;
  /** `meter.nextSequence()`. */
  readonly nextSequence: number | null;
  /** Unix milliseconds, for the fields that clients' parsers expect. */
  readonly nowMs: number;
  readonly model?: string | null;
  /** Why: `upstream_interrupted` unless we end it ourselves (`shutting_down`). */
  readonly code?: ErrorCode;
  /** What happened, one sentence; the request to send it again is added. */
  readonly message?: string;
}

/**
 * "retry your request" is what OpenCode looks for in an error inside a stream: with it the request is sent
 * again by itself, without it the turn ends there. Codex asks again on any `response.failed` it does not know.
 */
const RETRY = 'Please retry your request.';
const MESSAGES: Partial<Record<ErrorCode, string>> = {
  upstream_interrupted: 'The connection to the provider was lost before the answer was complete.',
  shutting_down: 'Codex Account Manager is stopping and could not finish this answer.',
};
const OTHER_MESSAGE = 'The answer broke off before it was complete.';

/** The event's bytes. */
export function brokenEnding(family: EndpointFamily, options: BrokenEndingOptions): Uint8Array {
  const code = options.code ?? 'upstream_interrupted';
  const message = `${options.message ?? MESSAGES[code] ?? OTHER_MESSAGE} ${RETRY}`;
  const text =
    family === 'responses'
      ? `event: response.failed\ndata: ${JSON.stringify(failedResponse(options, code, message))}\n\n`
      : `data: ${JSON.stringify({ error: { message, type: ERRORS[code].type, param: null, code } })}\n\n`;
  return new TextEncoder().encode(text);
}

function failedResponse(options: BrokenEndingOptions, code: ErrorCode, message: string) {
  return {
    type: 'response.failed',
    sequence_number: options.nextSequence ?? 0,
    response: {
      id: options.responseId ?? 'resp_interrupted',
      object: 'response',
      created_at: Math.trunc(options.nowMs / 1000),
      status: 'failed',
      error: { code, message },
      incomplete_details: null,
      model: options.model ?? null,
      output: [],
      usage: null,
    },
  };
}
