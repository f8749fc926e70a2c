/**
 * The gate's rules for every request, before any door is chosen: who may be addressed (Host), from where (Origin,
 * Sec-Fetch-Site), how large the head may be, and which headers nobody may smuggle in. Pure: facts in, verdict out;
 * the one effect is that forbidden headers are taken out of the dictionary.
 *
 * It authenticates nobody. That is done inside each procedure and by the gateway.
 */
import { CamError, type ErrorCode } from '../../lib/errors.ts';
import type { AllowedHosts } from './allowed-hosts.ts';

export const HEADERS_MAX = 100;
export const URL_CHARACTERS_MAX = 8_192;

export interface RequestFacts {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  /** As node:http made it from the raw ones. */
  readonly headers: Record<string, string | string[] | undefined>;
}

/** Null: go on. */
export function guard(facts: RequestFacts, allowed: AllowedHosts): CamError | null {
  const { url, rawHeaders, headers } = facts;
  if (url.length > URL_CHARACTERS_MAX) return refuse('url_too_long', 'The URL is longer than 8 KiB.');
  if (rawHeaders.length > 2 * HEADERS_MAX) {
    return refuse('headers_too_large', `The request has more than ${HEADERS_MAX} headers.`);
  }
  // Absolute-form (a request to a proxy), authority-form and asterisk-form are not ours.
  if (url.charCodeAt(0) !== SLASH) return refuse('invalid_request', 'The request target must be a path.');

  const hostHeaders = countHostsAndDropForbidden(rawHeaders, headers);
  const host = headers.host;
  if (hostHeaders !== 1 || typeof host !== 'string' || !isOurs(host, allowed.hosts)) {
    return refuse('invalid_host', 'The Host header does not name this server.', {
      hint: 'Use 127.0.0.1 or localhost with the right port, or add the name to CAM_ALLOWED_HOSTS.',
    });
  }
  const origin = headers.origin;
  if (origin !== undefined && (typeof origin !== 'string' || !isOurs(origin, allowed.origins))) {
    return refuse('forbidden_origin', 'Web pages of other origins may not use this server.');
  }
  return null;
}

/** Further rules for `/admin` and what pages load. @param path decoded */
export function guardAdmin(facts: RequestFacts, path: string): CamError | null {
  const { method, headers } = facts;
  const isApi = path.startsWith('/admin/api/');
  if (method !== 'GET' && method !== 'HEAD' && !(method === 'POST' && isApi)) {
    return refuse('method_not_allowed', `${method} is not served here.`);
  }
  if (!isApi) return null;

  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return refuse('forbidden_origin', 'The admin API answers its own pages and the command line only.');
  }
  if (method !== 'POST') return null;
  if (!/^application\/json\s*(;|$)/i.test(single(headers['content-type']))) {
    return refuse('unsupported_media_type', 'The admin API takes JSON (application/json).');
  }
  const bearer = /^Bearer\s+\S/i.test(single(headers.authorization));
  if (headers.origin === undefined && !bearer) {
    return refuse(
      'forbidden_origin',
      'A change needs an Origin header of this server, or an operator bearer.',
    );
  }
  return null;
}

const SLASH = 47;

function refuse(code: ErrorCode, message: string, more: { hint?: string } = {}): CamError {
  return new CamError(code, message, more);
}

function single(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Clients write hosts in lower case nearly always; only the others pay for the conversion. */
function isOurs(value: string, ours: ReadonlySet<string>): boolean {
  return ours.has(value) || ours.has(value.toLowerCase());
}

/**
 * One pass over the raw header names. node:http keeps the first of several Host headers and says nothing, so they
 * are counted here.
 */
function countHostsAndDropForbidden(
  rawHeaders: readonly string[],
  headers: Record<string, string | string[] | undefined>,
): number {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    /* v8 ignore next -- @preserve: the loop ends before the end of the list */
    const name = rawHeaders[i] ?? '';
    // First letters: h(ost), x(-…), n(ext-…), c(ontent-security-policy), f(orwarded), s(et-cookie).
    switch (name.charCodeAt(0) | 0x20) {
      case 0x68:
        if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
        break;
      case 0x78:
      case 0x6e:
      case 0x63:
      case 0x66:
      case 0x73: {
        const lower = name.toLowerCase();
        if (isForbidden(lower)) delete headers[lower];
        break;
      }
    }
  }
  return hosts;
}

const FORBIDDEN = new Set([
  'content-security-policy',
  'content-security-policy-report-only',
  'forwarded',
  'next-action',
  'next-resume',
  // Only servers send it, and node:http makes a list of it, which nothing behind us expects.
  'set-cookie',
  'x-nonce',
  'x-real-ip',
]);
const FORBIDDEN_PREFIXES = [
  'x-forwarded-',
  'x-invoke-',
  'x-matched-',
  'x-middleware-',
  'x-nextjs-',
  'x-now-',
  'x-original-',
  'x-prerender-',
  'x-rewrite-',
  'x-vercel-',
];

function isForbidden(name: string): boolean {
  if (FORBIDDEN.has(name)) return true;
  return name.charCodeAt(0) === 0x78 && FORBIDDEN_PREFIXES.some((prefix) => name.startsWith(prefix));
}
