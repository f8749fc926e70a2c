/**
 * Second step: what is asked. Takes a request and its caller, gives a Call; the body stays bytes and only a few
 * of its top-level fields are looked at. 400, 403, 404, 405 and 413 end a call here.
 */
import type { ClientKeyId, RequestId } from '../../lib/base/id.ts';
import { readBodyFacts } from '../../lib/calls/body-facts.ts';
import type { BodyFacts, Call } from '../../lib/calls/call.ts';
import type { Endpoint } from '../../lib/calls/endpoint.ts';
import { findEndpoint } from '../../lib/calls/endpoint-table.ts';
import { kindMadeBy } from '../../lib/calls/object-kinds.ts';
import { readSessionKey } from '../../lib/calls/session-key.ts';
import { CamError } from '../../lib/errors.ts';
import { shortHash } from '../short-hash.ts';
import type { GatewayRequest } from './values.ts';

export interface ParsedCall {
  readonly call: Call;
  /** Null when the body is streamed through as it comes (`raw`), or when there is none. */
  readonly body: Uint8Array | null;
  readonly raw: boolean;
  /** A raw body of which something was looked at already, from its first byte on. */
  readonly stream?: BodyStream;
}

export interface BodyStream extends AsyncIterable<Uint8Array> {
  /** To be called when the call is over: the rest is not wanted. */
  close(): void;
}

export interface ParseContext {
  readonly requestId: RequestId;
  readonly callerId: ClientKeyId;
  readonly nowMs: number;
  readonly bodyBytesMax: number;
}

const USER_AGENT_MAX = 256;
const BODILESS = new Set(['GET', 'HEAD', 'DELETE']);

export interface FoundEndpoint {
  readonly endpoint: Endpoint;
  readonly path: string;
}

export function endpointOf(request: Pick<GatewayRequest, 'method' | 'path' | 'headers'>): FoundEndpoint {
  // A HEAD asks for what GET would answer.
  const match = findEndpoint(request.method === 'HEAD' ? 'GET' : request.method, request.path);
  if (match.kind === 'method_not_allowed') {
    const allowed = match.allow.join(', ');
    throw new CamError(
      'method_not_allowed',
      `This path exists, but not for ${request.method}: use ${allowed}.`,
    );
  }
  if (match.kind === 'unknown_path') {
    const base = `http://${request.headers.host ?? '127.0.0.1:8080'}/v1`;
    throw new CamError(
      'unknown_path',
      match.missingV1
        ? `The base URL lacks /v1: set it to ${base}.`
        : `No such path in OpenAI's API. The base URL of this server is ${base}.`,
    );
  }
  if (match.endpoint.treatment === 'admin') {
    throw new CamError(
      'admin_path',
      'This path administers an organisation and needs an admin key; it is never forwarded.',
    );
  }
  if (match.endpoint.webSocket) {
    throw new CamError(
      'websocket_unsupported',
      'This path is a WebSocket, which is not served here. Use HTTP.',
    );
  }
  return { endpoint: match.endpoint, path: match.path };
}

export async function parse(
  request: GatewayRequest,
  { endpoint, path }: FoundEndpoint,
  context: ParseContext,
): Promise<ParsedCall> {
  const raw = streamsThrough(request, endpoint);
  const readsBody = !raw && !BODILESS.has(request.method);
  const body = readsBody ? await request.readBody(context.bodyBytesMax) : null;
  const facts = body ? factsOf(body, endpoint) : null;
  const bodyBytes = body?.length ?? lengthOf(request.headers);
  return {
    body,
    raw,
    call: {
      requestId: context.requestId,
      endpoint,
      method: request.method,
      path,
      query: request.query,
      model: facts?.model ?? null,
      stream: facts?.stream ?? false,
      facts,
      session: readSessionKey(request.headers, facts, context.callerId, bodyBytes, shortHash),
      bodyBytes,
      userAgent: request.headers['user-agent']?.slice(0, USER_AGENT_MAX) ?? null,
      receivedAtMs: context.nowMs,
    },
  };
}

/** Multipart and whatever else is not JSON goes through as it comes: it is neither held nor read. */
function streamsThrough(request: GatewayRequest, endpoint: Endpoint): boolean {
  const { headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return false;
  const type = headers['content-type'] ?? '';
  if (type.startsWith('multipart/')) return true;
  return endpoint.treatment === 'fixed' && type !== '' && !type.includes('json');
}

/** Other bodies are read only where they may name objects whose owners are known. */
function factsOf(body: Uint8Array, endpoint: Endpoint): BodyFacts | null {
  if (endpoint.treatment !== 'inference' && kindMadeBy(endpoint.name) === null) return null;
  const facts = readBodyFacts(body, shortHash);
  if ('error' in facts && endpoint.treatment !== 'inference') return null;
  if ('error' in facts) {
    const what = facts.error === 'not_json' ? 'is not valid JSON' : 'is not a JSON object';
    throw new CamError('invalid_json', `The body of this ${endpoint.pattern} call ${what}.`);
  }
  return facts;
}

function lengthOf(headers: GatewayRequest['headers']): number {
  const length = Number(headers['content-length'] ?? 0);
  return Number.isSafeInteger(length) && length > 0 ? length : 0;
}
