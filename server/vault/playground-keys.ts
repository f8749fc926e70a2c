/**
 * Keys with which the dashboard's own page makes calls. Each belongs to one sign-in and ends with it, or after a
 * quarter of an hour; it is held as a digest, in memory only, and is good for nothing outside a page of ours: a
 * browser says of every request from where it comes, and only `same-origin` is let in.
 */
import { createHash } from 'node:crypto';
import type { AccountId } from '../../lib/base/id.ts';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { type Clock, MINUTE_MS } from '../../lib/base/time.ts';
import { type Caller, NO_RULES } from '../../lib/clients/client-key.ts';
import { PLAYGROUND_ID, PLAYGROUND_NAME } from '../../lib/clients/playground.ts';
import { mintClientKey } from './client-key-minting.ts';
import type { Sessions } from './sessions.ts';

export interface PlaygroundKey {
  readonly key: Secret;
  readonly expiresAtMs: number;
}

export interface PlaygroundKeys {
  /** @param jti the sign-in it belongs to @param account the only one it may use; null: any */
  mint(jti: string, account: AccountId | null): PlaygroundKey;
  /** Null for anything but a living key of a living sign-in, sent by a page of this origin. */
  check(presented: Secret, headers: Readonly<Record<string, string | undefined>>): Caller | null;
}

export interface PlaygroundKeysDeps {
  readonly sessions: Pick<Sessions, 'alive'>;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  random(bytes: number): Uint8Array;
}

interface Entry {
  readonly jti: string;
  readonly caller: Caller;
  readonly expiresAtMs: number;
  readonly endsAtMonotonicMs: number;
}

const LIFE_MS = 15 * MINUTE_MS;
/** Over all sign-ins and tabs; the oldest makes room. */
const KEYS_MAX = 64;

export function createPlaygroundKeys({ sessions, clock, random }: PlaygroundKeysDeps): PlaygroundKeys {
  const entries = new Map<string, Entry>();
  const over = (entry: Entry): boolean =>
    clock.nowMs() >= entry.expiresAtMs ||
    clock.monotonicMs() >= entry.endsAtMonotonicMs ||
    !sessions.alive(entry.jti);

  return {
    mint(jti, account) {
      for (const [name, entry] of entries) if (over(entry) || entries.size >= KEYS_MAX) entries.delete(name);
      const { key } = mintClientKey(random);
      const expiresAtMs = clock.nowMs() + LIFE_MS;
      entries.set(digest(key), {
        jti,
        caller: callerFor(account),
        expiresAtMs,
        endsAtMonotonicMs: clock.monotonicMs() + LIFE_MS,
      });
      return { key, expiresAtMs };
    },
    check(presented, headers) {
      if (entries.size === 0 || headers['sec-fetch-site'] !== 'same-origin') return null;
      const name = digest(presented);
      const entry = entries.get(name);
      if (entry === undefined) return null;
      if (!over(entry)) return entry.caller;
      entries.delete(name);
      return null;
    },
  };
}

function callerFor(account: AccountId | null): Caller {
  return Object.freeze({
    ...NO_RULES,
    clientKeyId: PLAYGROUND_ID,
    name: PLAYGROUND_NAME,
    accounts: account === null ? null : [account],
    scopes: ['inference', 'see_accounts'] as const,
  });
}

/** Looking up a hash tells nothing about the key by its timing. */
const digest = (key: Secret): string => createHash('sha256').update(reveal(key)).digest('base64url');
