/**
 * Every failure that OpenAI and what stands around it are known to answer with, as it looks on the wire, and
 * what it has to mean. The name of each is the promise.
 */
import type { Failure, FailureClass, FailureEvidence } from '../../../../lib/resilience/failure.ts';

export interface KnownError {
  readonly promise: string;
  readonly evidence: Partial<FailureEvidence>;
  readonly class: FailureClass;
  /** Null unless said: no wait was told, nothing is remembered, no size is named. */
  readonly more: Partial<
    Pick<Failure, 'toldWaitMs' | 'mark' | 'permanent' | 'definite' | 'requestedTokens' | 'code'>
  >;
}

type Said = Readonly<Record<string, unknown>>;
type More = KnownError['more'];
export function json(
  promise: string,
  status: number,
  said: Said,
  means: FailureClass,
  more: More = {},
  headers: Readonly<Record<string, string>> = {},
): KnownError {
  const error = { message: '', type: 'invalid_request_error', param: null, code: null, ...said };
  const evidence = { status, headers, body: JSON.stringify({ error }) };
  return { promise, evidence, class: means, more };
}

export function raw(
  promise: string,
  status: number,
  body: string,
  means: FailureClass,
  more: More = {},
): KnownError {
  return { promise, evidence: { status, body }, class: means, more };
}

export const PAGE = '<!DOCTYPE html><html><head><title>Error</title></head></html>';
