/**
 * Sessions: an operator's sign-ins with the master key. Tokens are JWTs (HS256, one random key a boot) whose
 * `jti` must still be in memory, so ending, locking and rekeying revoke at once. A cookie is worth nothing
 * without the origin key bound into it; a bearer (command line) is worth nothing in a browser.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { type Clock, SECOND_MS } from '../../lib/base/time.ts';

export interface SignIn {
  /** Names the sign-in; it proves nothing by itself. */
  readonly jti: string;
  /** The JWT, for the cookie or the bearer. */
  readonly token: string;
  /** 256 random bits, base64url; empty for a bearer. */
  readonly originKey: string;
  readonly expiresAtMs: number;
}

export type Operator = { readonly jti: string; readonly via: 'cookie' | 'bearer' | 'in_process' };

export interface Sessions {
  signIn(via: 'cookie' | 'bearer'): Promise<SignIn>;
  /** Null unless the token verifies, is alive, and (for a cookie) the origin key is the one bound into it. */
  verify(token: string, via: 'cookie' | 'bearer', originKey: string | null): Promise<Operator | null>;
  /** A single-use ticket (10 s) for opening a subscription, and its redemption. */
  ticket(operator: Operator): string;
  redeem(ticket: string): Operator | null;
  end(jti: string): void;
  endAll(): void;
  /** True while the sign-in has not ended: what a long-lived stream checks before each event. */
  alive(jti: string): boolean;
  /** The same, and counts as use: a page that somebody watches keeps its sign-in. */
  touch(jti: string): boolean;
  /** A number that changes whenever an operator does something. */
  lastUse(): number;
}

/** Counts wrong master keys, over all doors: 5 free tries, then 2ⁿ s up to 300 s. */
export interface LoginThrottle {
  /** Milliseconds until the next try is allowed; 0 now. */
  waitMs(): number;
  triesLeft(): number;
  failed(): void;
  succeeded(): void;
}

export interface SessionsDeps {
  readonly clock: Clock;
  random(bytes: number): Uint8Array;
  /** Without use for this long, a sign-in ends. Read at every check, so that a changed setting holds at once. */
  idleMs(): number;
  absoluteMs(): number;
}

interface Entry {
  readonly via: 'cookie' | 'bearer';
  readonly startedAt: Moment;
  usedAt: Moment;
}

/**
 * Both clocks: the monotonic one stands still while a computer sleeps, the wall clock can be turned back.
 * Whichever says more time has passed is believed.
 */
interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

const SESSIONS_MAX = 64;
const TICKETS_MAX = 256;
const TICKET_MS = 10 * SECOND_MS;
const ALGORITHM = 'HS256';

export function createSessions(deps: SessionsDeps): Sessions {
  const signingKey = deps.random(32);
  const entries = new Map<string, Entry>();
  const tickets = new Map<string, { readonly operator: Operator; readonly issuedAt: Moment }>();

  let uses = 0;

  const now = (): Moment => ({ wallMs: deps.clock.nowMs(), monotonicMs: deps.clock.monotonicMs() });
  const randomText = (bytes: number): string => Buffer.from(deps.random(bytes)).toString('base64url');

  const living = (jti: string): Entry | null => {
    const entry = entries.get(jti);
    if (!entry) return null;
    const at = now();
    const over = since(entry.usedAt, at) >= deps.idleMs() || since(entry.startedAt, at) >= deps.absoluteMs();
    if (over) entries.delete(jti);
    return over ? null : entry;
  };

  const used = (entry: Entry): void => {
    entry.usedAt = now();
    uses++;
  };

  const makeRoom = (): void => {
    for (const jti of entries.keys()) living(jti);
    while (entries.size >= SESSIONS_MAX) dropOldest(entries);
  };

  return {
    signIn: async (via) => {
      makeRoom();
      const at = now();
      const jti = randomText(16);
      const originKey = via === 'cookie' ? randomText(32) : '';
      const expiresAtMs = at.wallMs + deps.absoluteMs();
      const token = await new SignJWT(originKey ? { okh: digest(originKey).toString('base64url') } : {})
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setJti(jti)
        .setIssuedAt(Math.floor(at.wallMs / SECOND_MS))
        .setExpirationTime(Math.ceil(expiresAtMs / SECOND_MS))
        .sign(signingKey);
      entries.set(jti, { via, startedAt: at, usedAt: at });
      uses++;
      return { jti, token, originKey, expiresAtMs };
    },

    verify: async (token, via, originKey) => {
      const claims = await readToken(token, signingKey, deps.clock);
      if (!claims) return null;
      if (via === 'cookie' && !boundTo(claims.originKeyHash, originKey)) return null;
      const entry = living(claims.jti);
      if (!entry || entry.via !== via) return null;
      used(entry);
      return { jti: claims.jti, via };
    },

    ticket: (operator) => {
      while (tickets.size >= TICKETS_MAX) dropOldest(tickets);
      const ticket = randomText(32);
      tickets.set(digest(ticket).toString('base64url'), { operator, issuedAt: now() });
      return ticket;
    },

    redeem: (ticket) => {
      // Found by digest: looking up a hash leaks nothing about the ticket by its timing.
      const name = digest(ticket).toString('base64url');
      const issued = tickets.get(name);
      tickets.delete(name);
      if (!issued || since(issued.issuedAt, now()) > TICKET_MS) return null;
      const entry = living(issued.operator.jti);
      if (!entry) return null;
      used(entry);
      return issued.operator;
    },

    end: (jti) => {
      entries.delete(jti);
    },
    endAll: () => {
      entries.clear();
      tickets.clear();
    },
    alive: (jti) => living(jti) !== null,
    touch: (jti) => {
      const entry = living(jti);
      if (entry) used(entry);
      return entry !== null;
    },
    lastUse: () => uses,
  };
}

function since(start: Moment, end: Moment): number {
  return Math.max(end.wallMs - start.wallMs, end.monotonicMs - start.monotonicMs);
}

function dropOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  /* v8 ignore next -- @preserve: it is called for a full map only */
  if (oldest !== undefined) map.delete(oldest);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function boundTo(hash: string | null, originKey: string | null): boolean {
  if (!hash || !originKey) return false;
  const expected = Buffer.from(hash, 'base64url');
  const presented = digest(originKey);
  return expected.length === presented.length && timingSafeEqual(expected, presented);
}

interface Claims {
  readonly jti: string;
  readonly originKeyHash: string | null;
}

async function readToken(token: string, signingKey: Uint8Array, clock: Clock): Promise<Claims | null> {
  try {
    const { payload } = await jwtVerify(token, signingKey, {
      algorithms: [ALGORITHM],
      requiredClaims: ['jti', 'exp'],
      currentDate: new Date(clock.nowMs()),
    });
    /* v8 ignore next -- @preserve: only we sign, and always with a text */
    if (typeof payload.jti !== 'string') return null;
    const hash = payload.okh;
    return { jti: payload.jti, originKeyHash: typeof hash === 'string' ? hash : null };
  } catch {
    // Forged, expired, or from before a restart: all the same to the visitor.
    return null;
  }
}
