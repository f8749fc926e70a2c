/**
 * Who is operating: reads the proof of a sign-in from a request's headers. A browser has a cookie and the origin
 * key; the command line has a bearer. The cookie alone proves nothing, because browsers send cookies of 127.0.0.1
 * to every server on it, whatever its port.
 */
import type { Operator, Sessions, SignIn } from '../vault/sessions.ts';

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;
export type Identify = (headers: RequestHeaders) => Promise<Operator | null>;

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;
/** Another server on this address may have set cookies of our name; the right one is among the first few. */
const COOKIES_TRIED_MAX = 4;

export function createIdentify(deps: { readonly sessions: Sessions; port(): number }): Identify {
  return async (headers) => {
    const bearer = BEARER.exec(single(headers, 'authorization') ?? '')?.[1];
    if (bearer) {
      // Browsers always tell the site a request came from; a bearer belongs to the command line.
      if (headers['sec-fetch-site'] !== undefined) return null;
      return deps.sessions.verify(bearer, 'bearer', null);
    }
    const originKey = single(headers, 'x-cam-origin-key');
    if (!originKey) return null;
    const tokens = cookieValues(single(headers, 'cookie') ?? '', cookieName(deps.port()));
    for (const token of tokens.slice(0, COOKIES_TRIED_MAX)) {
      const operator = await deps.sessions.verify(token, 'cookie', originKey);
      if (operator) return operator;
    }
    return null;
  };
}

/** `Set-Cookie` for a new sign-in. It has no lifetime of its own: the token inside has. */
export function sessionCookie(signIn: SignIn, port: number): string {
  return `${cookieName(port)}=${signIn.token}; Path=/admin; HttpOnly; SameSite=Strict`;
}

export function clearedCookie(port: number): string {
  return `${cookieName(port)}=; Path=/admin; HttpOnly; SameSite=Strict; Max-Age=0`;
}

function cookieName(port: number): string {
  return `cam_session_${port}`;
}

function single(headers: RequestHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

function cookieValues(header: string, name: string): string[] {
  const values: string[] = [];
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) values.push(part.slice(at + 1).trim());
  }
  return values;
}
