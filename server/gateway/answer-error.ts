/** Answers of ours on `/v1`: JSON, and errors in OpenAI's shape with the headers that make clients do right. */
import { answerForAgent } from '../../lib/clients/agent-answer.ts';
import type { CamError } from '../../lib/errors.ts';
import type { HeaderList } from './response-headers.ts';
import type { ResponseSink } from './values.ts';

const SECOND_MS = 1_000;
/** SDKs sleep a `retry-after` in full, so it is never longer than this. */
const RETRY_AFTER_MAX_MS = 60_000;

const NO_MORE: HeaderList = [];

/**
 * Answers the status that the client sees: some agents are told some errors in another way.
 * @param more what else is known by then: who was tried, how often
 */
export function answerError(
  sink: ResponseSink,
  error: CamError,
  requestId: string,
  userAgent: string | null,
  more: HeaderList = NO_MORE,
): number {
  const answer = answerForAgent(error, userAgent, onlyHumansHelp(error));
  const body = Buffer.from(JSON.stringify(answer.body));
  const headers: HeaderList = [
    ['content-type', 'application/json'],
    ['content-length', String(body.length)],
    ['x-cam-request-id', requestId],
    ...more,
  ];
  if (error.kind.retry && error.retryAfterMs !== undefined) {
    const waitMs = Math.min(Math.max(error.retryAfterMs, 0), RETRY_AFTER_MAX_MS);
    headers.push(['retry-after', String(Math.max(1, Math.ceil(waitMs / SECOND_MS)))]);
    headers.push(['retry-after-ms', String(Math.ceil(waitMs))]);
  }
  if (onlyHumansHelp(error)) headers.push(['x-should-retry', 'false']);
  sink.head(answer.status, headers);
  sink.end(body);
  return answer.status;
}

/** The status that this client sees for this error. */
export function statusShown(error: CamError, userAgent: string | null): number {
  return answerForAgent(error, userAgent, onlyHumansHelp(error)).status;
}

export function answerJson(sink: ResponseSink, value: unknown, requestId: string): void {
  const body = Buffer.from(JSON.stringify(value));
  sink.head(200, [
    ['content-type', 'application/json'],
    ['content-length', String(body.length)],
    ['x-cam-request-id', requestId],
  ]);
  sink.end(body);
}

/** Trying again unchanged is in vain: clients that obey the header stop at once and show the sentence. */
function onlyHumansHelp({ kind, retryAfterMs }: CamError): boolean {
  return !kind.retry || (kind.blame === 'operator' && retryAfterMs === undefined);
}
