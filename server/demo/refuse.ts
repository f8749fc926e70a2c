/** Error answers in OpenAI's form, and the faults that are such an answer. */
import type { ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';

export interface WireRefusal {
  readonly status: number;
  readonly code: string | null;
  readonly type: string;
  readonly message: string;
  readonly param?: string;
}

export function sendRefusal(
  response: ServerResponse,
  refusal: WireRefusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { status, message, type, code, param } = refusal;
  const body = JSON.stringify({ error: { message, type, param: param ?? null, code } });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  });
  response.end(body);
}

/** True when the fault was the whole answer. */
export function playRefusal(
  response: ServerResponse,
  fault: Fault,
  headers: Readonly<Record<string, string>>,
): boolean {
  switch (fault.kind) {
    case 'html':
      response.writeHead(fault.status, { 'content-type': 'text/html', server: 'cloudflare' });
      response.end('<html><head><title>502 Bad Gateway</title></head><body>Bad gateway</body></html>');
      return true;
    case 'empty':
      response.writeHead(fault.status, { 'content-length': '0', ...headers });
      response.end();
      return true;
    case 'refuse':
      sendRefusal(
        response,
        {
          status: fault.status,
          code: fault.code,
          type: fault.type ?? 'invalid_request_error',
          message: fault.message ?? 'Refused by the emulator.',
          ...(fault.param === undefined ? {} : { param: fault.param }),
        },
        {
          ...headers,
          ...fault.headers,
          ...(fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) }),
        },
      );
      return true;
    default:
      return false;
  }
}
