/**
 * The Pool: every account with its live health. It is the one place where health changes, by reducers from
 * `lib/resilience`; everyone else sees immutable snapshots.
 */
import type { AccountFacts, SealedAccount } from '../../lib/accounts/account.ts';
import type { AccountId } from '../../lib/base/id.ts';
import type { Failure } from '../../lib/resilience/failure.ts';
import type { Upstream } from '../../lib/routing/upstream.ts';

export interface Lease {
  readonly account: SealedAccount;
  /** Aborted when the operator disables, deletes or re-keys the account before the dial. */
  readonly signal: AbortSignal;
  release(): void;
}

export interface PoolEntry {
  readonly account: SealedAccount;
  readonly facts: AccountFacts;
  /** The stored health document, as `health()` gave it; null for none. */
  readonly health: string | null;
}

export interface Pool {
  /** Replaces all accounts, keeping the health of those that stay. */
  load(entries: readonly PoolEntry[]): void;
  /** One account added, changed or (null) removed; holds from the next dial. */
  put(id: AccountId, entry: PoolEntry | null, options?: { readonly keyReplaced?: boolean }): void;
  clear(): void;
  snapshot(): readonly Upstream[];
  /** Null when the account is gone, disabled or quarantined by now. */
  lease(id: AccountId): Lease | null;
  succeeded(id: AccountId, model: string | null): void;
  failed(id: AccountId, model: string | null, family: string, failure: Failure): void;
  /** Response headers of any answer: rate limits, organisation, project. */
  learn(id: AccountId, headers: Readonly<Record<string, string>>): void;
  learnFacts(id: AccountId, facts: Partial<AccountFacts>): void;
  refuseCredential(id: AccountId, why: string): void;
  isolate(id: AccountId, on: boolean): void;
  clearMarks(id: AccountId): void;
  network(): 'ok' | 'unreachable';
  /** Health documents that changed since the last call, to be stored. */
  dirtyHealth(): readonly { readonly id: AccountId; readonly health: string; readonly facts: AccountFacts }[];
}
