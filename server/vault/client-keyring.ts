/**
 * Client keys as the gateway meets them: verified rows in memory, found by digest, never by their text.
 */
import type { Secret } from '../../lib/base/secret.ts';
import type { Caller, ClientKey } from '../../lib/clients/client-key.ts';

export type ClientKeyVerdict =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none_exist' }
  | { readonly kind: 'revoked'; readonly name: string }
  | { readonly kind: 'expired'; readonly name: string }
  | { readonly kind: 'damaged'; readonly name: string };

export interface KeyringEntry {
  readonly clientKey: ClientKey;
  readonly digest: Uint8Array;
  /** The row MAC verified. */
  readonly intact: boolean;
}

export interface ClientKeyring {
  /** Replaces everything; called after unlock and after every change of a client key. */
  load(entries: readonly KeyringEntry[]): void;
  /** Forgets everything; called when the vault locks. */
  clear(): void;
  check(presented: Secret, nowMs: number): ClientKeyVerdict;
  list(): readonly KeyringEntry[];
}
