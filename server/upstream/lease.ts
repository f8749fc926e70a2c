/**
 * A Lease is the right to dial one account for one attempt. It counts the account's calls in flight, and it is
 * taken back when an operator disables, deletes or re-keys the account before the dial.
 */
import type { SealedAccount } from '../../lib/accounts/account.ts';

export interface Lease {
  readonly account: SealedAccount;
  /** Aborted when the operator disables, deletes or re-keys the account before the dial. */
  readonly signal: AbortSignal;
  release(): void;
}

/** The signal is made when somebody asks for it: most leases are dialled in the same turn. */
export class PoolLease implements Lease {
  readonly account: SealedAccount;
  readonly #onRelease: (lease: PoolLease) => void;
  #controller: AbortController | null = null;
  #revoked = false;
  #released = false;

  constructor(account: SealedAccount, onRelease: (lease: PoolLease) => void) {
    this.account = account;
    this.#onRelease = onRelease;
  }
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#revoked) this.#controller.abort();
    }
    return this.#controller.signal;
  }
  revoke(): void {
    this.#revoked = true;
    this.#controller?.abort();
  }
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#onRelease(this);
  }
}
