/**
 * Which of a provider's headers reach the client. A list of what may pass, not of what may not: cookies, CORS,
 * HSTS and whatever an edge network adds must not become headers of 127.0.0.1.
 */
import type { ResponseHeaders } from '../upstream/dial.ts';

export type HeaderList = [string, string][];

const PASSES = new Set([
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-range',
  'accept-ranges',
  'cache-control',
  'etag',
  'last-modified',
  'retry-after',
  'retry-after-ms',
  'deprecation',
  'sunset',
  'warning',
]);
const PASSES_PREFIXES = ['openai-', 'x-'];
const STOPS = new Set([
  'x-powered-by',
  'x-frame-options',
  'x-xss-protection',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-permitted-cross-domain-policies',
  'x-robots-tag',
  'x-served-by',
  'x-cache',
  'x-cache-hits',
  'x-timer',
  'x-api-key',
]);
const STOPS_PREFIXES = ['x-cam-', 'x-forwarded-', 'x-envoy-', 'x-amz-', 'x-middleware-', 'x-nextjs-'];
/** A provider that is being debugged may send back what it was sent. */
const CARRIES_SECRETS = /auth|api-?key|secret|credential|cookie|password/;
/** They name the account's organisation: only for callers that may see accounts. */
const NAMES_ACCOUNT = new Set(['openai-organization', 'openai-project']);

export function passesToClient(name: string): boolean {
  if (PASSES.has(name)) return true;
  if (!PASSES_PREFIXES.some((prefix) => name.startsWith(prefix))) return false;
  if (CARRIES_SECRETS.test(name)) return false;
  return !STOPS.has(name) && !STOPS_PREFIXES.some((prefix) => name.startsWith(prefix));
}

export type ResponseHeaderRule = (headers: ResponseHeaders, seeAccounts: boolean) => HeaderList;

const REMEMBERED_MAX = 512;

/** Remembers its verdict per name: providers send the same thirty names with every answer. */
export function createResponseHeaderRule(): ResponseHeaderRule {
  const verdicts = new Map<string, boolean>();
  return (headers, seeAccounts) => {
    const result: HeaderList = [];
    for (const name in headers) {
      let passes = verdicts.get(name);
      if (passes === undefined) {
        passes = passesToClient(name);
        if (verdicts.size >= REMEMBERED_MAX) verdicts.clear();
        verdicts.set(name, passes);
      }
      if (!passes || (!seeAccounts && NAMES_ACCOUNT.has(name))) continue;
      const value = headers[name];
      if (value !== undefined) result.push([name, value]);
    }
    return result;
  };
}

/** How a call was served; what is null is not known and not said. */
export interface AttemptHeaders {
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly attempts: number;
  readonly overheadUs: number | null;
  readonly seeAccounts: boolean;
  readonly reasoningDropped: boolean;
}

export interface OwnHeaders extends AttemptHeaders {
  readonly requestId: string;
}

export function addOwnHeaders(list: HeaderList, own: OwnHeaders): HeaderList {
  list.push(['x-cam-request-id', own.requestId]);
  return addAttemptHeaders(list, own);
}

export function addAttemptHeaders(list: HeaderList, own: AttemptHeaders): HeaderList {
  if (own.accountId !== null) list.push(['x-cam-account', own.accountId]);
  // Names may hold any Unicode; a header may not.
  if (own.seeAccounts && own.accountName !== null)
    list.push(['x-cam-account-name', encodeURIComponent(own.accountName)]);
  list.push(['x-cam-attempts', String(own.attempts)]);
  if (own.overheadUs !== null) list.push(['x-cam-overhead-us', String(own.overheadUs)]);
  if (own.reasoningDropped) list.push(['x-cam-reasoning', 'dropped']);
  return list;
}
