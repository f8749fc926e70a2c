/** What a provider's refusals look like on the wire, so that the real classifier judges them. */
import type { FailureEvidence } from '../../resilience/failure.ts';
import type { FaultKind } from './trace.ts';

/** An attempt that failed, and how long it took to fail. */
export interface Refusal {
  readonly evidence: Omit<FailureEvidence, 'nowMs'>;
  readonly afterMs: number;
}

export type Headers = Readonly<Record<string, string>>;

const CONNECT_MS = 5;
const REFUSE_MS = 80;
const FAIL_MS = 300;

export function faultRefusal(kind: Exclude<FaultKind, 'cut'>, headers: Headers): Refusal {
  switch (kind) {
    case 'errors':
      return refusal(500, 'server_error', null, 'The server had an error.', headers, FAIL_MS);
    case 'overload':
      return refusal(
        503,
        'server_error',
        'server_is_overloaded',
        'The server is overloaded.',
        headers,
        FAIL_MS,
      );
    case 'outage':
      return {
        evidence: { phase: 'connect', status: null, headers: {}, body: '', transportCode: 'ECONNREFUSED' },
        afterMs: CONNECT_MS,
      };
    case 'quota':
      return refusal(
        429,
        'insufficient_quota',
        'insufficient_quota',
        'You exceeded your quota.',
        headers,
        REFUSE_MS,
      );
    case 'refused_key':
      return refusal(
        401,
        'invalid_request_error',
        'invalid_api_key',
        'Incorrect API key.',
        headers,
        REFUSE_MS,
      );
  }
}

export function rateLimited(what: 'requests' | 'tokens', waitMs: number, headers: Headers): Refusal {
  const told = { ...headers, 'retry-after-ms': String(waitMs) };
  const message = `Rate limit reached on ${what} per min. Please try again in ${waitMs}ms.`;
  return refusal(429, what, 'rate_limit_exceeded', message, told, REFUSE_MS);
}

export function tooLarge(limit: number, requested: number, headers: Headers): Refusal {
  const message = `Request too large on tokens per min (TPM): Limit ${limit}, Requested ${requested}.`;
  return refusal(429, 'tokens', 'rate_limit_exceeded', message, headers, REFUSE_MS);
}

/** Reasoning that another organisation sealed. */
export function sealedElsewhere(headers: Headers): Refusal {
  const message = 'The encrypted content could not be verified.';
  return refusal(400, 'invalid_request_error', 'invalid_encrypted_content', message, headers, REFUSE_MS);
}

function refusal(
  status: number,
  type: string,
  code: string | null,
  message: string,
  headers: Headers,
  afterMs: number,
): Refusal {
  const body = JSON.stringify({ error: { message, type, param: null, code } });
  return { evidence: { phase: 'first_event', status, headers, body, transportCode: null }, afterMs };
}
