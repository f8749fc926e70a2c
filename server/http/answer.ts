/**
 * Answers that this server gives by itself: short JSON, and errors in OpenAI's shape. Everything carries the
 * headers that keep browsers from reinterpreting it.
 */
import type { ServerResponse } from 'node:http';
import { answerForAgent } from '../../lib/clients/agent-answer.ts';
import { type CamError, toWireError } from '../../lib/errors.ts';
import { JSON_HEADERS } from './security-headers.ts';

export function sendJson(
  res: ServerResponse,
  status: number,
  value: unknown,
  more: readonly string[] = [],
): void {
  const body = Buffer.from(JSON.stringify(value));
  res.writeHead(status, [
    'content-type',
    'application/json',
    'content-length',
    String(body.length),
    'cache-control',
    'no-store',
    ...JSON_HEADERS,
    ...more,
  ]);
  res.end(body);
}

/** @param userAgent of the client: some agents are told some errors in another way */
export function sendError(res: ServerResponse, error: CamError, userAgent: string | null = null): void {
  if (res.headersSent) {
    // Too late for an answer: what was begun must not look complete.
    res.destroy();
    return;
  }
  const { status, body } = answerForAgent(error, userAgent, !error.kind.retry);
  sendJson(res, status, body, retryHeaders(error));
}

function retryHeaders(error: CamError): string[] {
  if (!error.kind.retry) return ['x-should-retry', 'false'];
  if (error.retryAfterMs === undefined) return [];
  return ['retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1_000)))];
}

/** An answer without a request to answer: bytes for a socket whose request could not be read. */
export function rawErrorAnswer(error: CamError): string {
  const body = JSON.stringify(toWireError(error));
  const headers = [
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    'x-content-type-options: nosniff',
  ];
  return `HTTP/1.1 ${error.kind.status} ${REASONS[error.kind.status] ?? 'Error'}\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};
