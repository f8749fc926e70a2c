/**
 * Sessions: an operator's sign-ins with the master key. Tokens are JWTs (HS256, one random key a boot) whose
 * `jti` must still be in memory, so ending, locking and rekeying revoke at once. A cookie is worth nothing
 * without the origin key bound into it; a bearer (command line) is worth nothing in a browser.
 */
export interface SignIn {
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
}

/** Counts wrong master keys, over all doors: 5 free tries, then 2ⁿ s up to 300 s. */
export interface LoginThrottle {
  /** Milliseconds until the next try is allowed; 0 now. */
  waitMs(): number;
  triesLeft(): number;
  failed(): void;
  succeeded(): void;
}
