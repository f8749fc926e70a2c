/**
 * Client keys as the gateway meets them: verified rows in memory, found by digest, never by their text.
 */

import type { ClientKeyId } from '../../lib/base/id.ts';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import type { Caller, ClientKey } from '../../lib/clients/client-key.ts';
import { equalBytes } from './keyring.ts';
import type { Vault } from './vault.ts';

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
  /** What `check` would say to somebody who presented this key; for the operator, who does not have it. */
  callerOf(id: ClientKeyId, nowMs: number): ClientKeyVerdict;
  list(): readonly KeyringEntry[];
}

/** Longer than any key that can be registered; what is longer is not even digested. */
const PRESENTED_CHARACTERS_MAX = 512;

interface Known {
  readonly entry: KeyringEntry;
  readonly caller: Caller;
}

/**
 * Digesting costs about two microseconds a call, so nothing is cached: the text of a key is never held.
 * The digest is keyed, so a lookup by it tells an attacker nothing about other keys.
 */
export function createClientKeyring(vault: Pick<Vault, 'clientKeyDigest'>): ClientKeyring {
  let known = new Map<string, Known>();

  return {
    load(entries) {
      known = new Map(
        entries.map((entry) => [toHex(entry.digest), { entry, caller: toCaller(entry.clientKey) }]),
      );
    },
    clear() {
      known = new Map();
    },
    check(presented, nowMs) {
      if (known.size === 0) return { kind: 'none_exist' };
      if (reveal(presented).length > PRESENTED_CHARACTERS_MAX) return { kind: 'unknown' };
      const digest = vault.clientKeyDigest(presented);
      const found = known.get(toHex(digest));
      if (!found || !equalBytes(found.entry.digest, digest)) return { kind: 'unknown' };
      return verdict(found, nowMs);
    },
    callerOf(id, nowMs) {
      for (const one of known.values()) if (one.entry.clientKey.id === id) return verdict(one, nowMs);
      return { kind: 'unknown' };
    },
    list: () => [...known.values()].map(({ entry }) => entry),
  };
}

function verdict({ entry, caller }: Known, nowMs: number): ClientKeyVerdict {
  const { name, revokedAtMs, expiresAtMs } = entry.clientKey;
  if (!entry.intact) return { kind: 'damaged', name };
  if (revokedAtMs !== null) return { kind: 'revoked', name };
  if (expiresAtMs !== null && nowMs >= expiresAtMs) return { kind: 'expired', name };
  return { kind: 'caller', caller };
}

function toCaller(clientKey: ClientKey): Caller {
  const { id, name, accounts, models, scopes, limits, serviceTiers, reasoningEfforts } = clientKey;
  return Object.freeze({
    clientKeyId: id,
    name,
    accounts,
    models,
    scopes,
    limits,
    serviceTiers,
    reasoningEfforts,
  });
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
