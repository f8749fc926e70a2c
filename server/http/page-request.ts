/**
 * What a page request needs before Next gets it: the security headers on the answer, and the nonce where Next looks
 * for it, in the policy header of the request. The guard has removed whatever a client put there.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentSecurityPolicy, pageHeaders } from './security-headers.ts';

const NONCE_BYTES = 16;
/** Drawings have styles of their own; nothing else in a file may do anything. */
const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

export function preparePage(
  req: IncomingMessage,
  res: ServerResponse,
  random: (bytes: number) => Uint8Array,
): void {
  const nonce = Buffer.from(random(NONCE_BYTES)).toString('base64');
  const policy = contentSecurityPolicy(nonce);
  req.headers['content-security-policy'] = policy;
  req.headers['x-nonce'] = nonce;
  for (const [name, value] of pageHeaders(policy)) res.setHeader(name, value);
  keepUncached(res);
}

/** For hashed and public files, whose caching Next decides. */
export function preparePageFile(res: ServerResponse): void {
  for (const [name, value] of pageHeaders(FILE_POLICY)) {
    res.setHeader(name, value);
  }
}

/** Next sets its own caching for pages that it could have rendered beforehand; nothing under /admin is stored. */
function keepUncached(res: ServerResponse): void {
  const setHeader = res.setHeader.bind(res);
  setHeader('cache-control', 'no-store');
  res.setHeader = (name, value) => (name.toLowerCase() === 'cache-control' ? res : setHeader(name, value));
}
