/**
 * A client key is what we hand out to a tool on this machine; an account key is what we spend upstream.
 * Only its keyed digest is stored. Everything that grants something is covered by the row MAC.
 */
import type { AccountId, ClientKeyId } from '../base/id.ts';
import type { ClientLimits } from '../metering/client-limits.ts';

export const CLIENT_SCOPES = ['inference', 'metrics', 'see_accounts', 'all_objects'] as const;
export type ClientScope = (typeof CLIENT_SCOPES)[number];

export interface ClientKey {
  readonly id: ClientKeyId;
  readonly name: string;
  /** The first characters, enough to recognise a key by, e.g. `cam-3kfa`. */
  readonly prefix: string;
  /** True for a value that the operator chose and others could guess. */
  readonly guessable: boolean;
  /** Accounts this key may use; null means all of them, an empty list means none. */
  readonly accounts: readonly AccountId[] | null;
  /** Model patterns as in Account; empty means every model. */
  readonly models: readonly string[];
  readonly scopes: readonly ClientScope[];
  readonly limits: ClientLimits;
  /** Service tiers that a call may name; null means any. */
  readonly serviceTiers: readonly string[] | null;
  /** Reasoning efforts that a call may name; null means any. */
  readonly reasoningEfforts: readonly string[] | null;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  readonly createdAtMs: number;
}

/** A verified client key without the key: who is calling and what it may do. */
export interface Caller {
  readonly clientKeyId: ClientKeyId;
  readonly name: string;
  readonly accounts: readonly AccountId[] | null;
  readonly models: readonly string[];
  readonly scopes: readonly ClientScope[];
  readonly limits: ClientLimits;
  readonly serviceTiers: readonly string[] | null;
  readonly reasoningEfforts: readonly string[] | null;
}

/** What a key without any rule of its own may use: all there is, in any way. */
export const NO_RULES: Pick<Caller, 'accounts' | 'models' | 'limits' | 'serviceTiers' | 'reasoningEfforts'> =
  Object.freeze({ accounts: null, models: [], limits: {}, serviceTiers: null, reasoningEfforts: null });
