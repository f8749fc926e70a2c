/**
 * A Lease is the right to dial one account for one attempt. It counts the account's calls in flight, and it is
 * taken back when an operator disables, deletes or re-keys the account before the dial.
 */
import type { SealedAccount } from '../../lib/accounts/account.ts';
import type { Health } from '../../lib/resilience/health.ts';
import type { RampTicket } from '../../lib/resilience/ramps.ts';
import type { Sent } from '../../lib/routing/model-room.ts';

export interface Lease {
  readonly account: SealedAccount;
  readonly model: string | null;
  /** Which of all that was sent to this model of the account it is; null until its call is on its way. */
  place: Sent | null;
  /** The operator has disabled, deleted or re-keyed the account: it must not be dialled with this any more. */
  readonly revoked: boolean;
  /** It is the one call that finds out whether the account works again. */
  readonly probe: boolean;
  /** The attempt is over, and what it taught has been told. A probe that taught nothing leaves its place to the next. */
  release(): void;
}

export class PoolLease implements Lease {
  readonly account: SealedAccount;
  /** The health that its dial made, when that is to be a probe. */
  readonly dialled: Health | null;
  readonly model: string | null;
  readonly tickets: readonly RampTicket[];
  place: Sent | null = null;
  readonly #onRelease: (lease: PoolLease) => void;
  #revoked = false;
  #released = false;

  constructor(
    account: SealedAccount,
    model: string | null,
    dialled: Health | null,
    tickets: readonly RampTicket[],
    onRelease: (lease: PoolLease) => void,
  ) {
    this.account = account;
    this.model = model;
    this.dialled = dialled;
    this.tickets = tickets;
    this.#onRelease = onRelease;
  }
  get revoked(): boolean {
    return this.#revoked;
  }
  get probe(): boolean {
    return this.dialled !== null;
  }
  revoke(): void {
    this.#revoked = true;
  }
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#onRelease(this);
  }
}
