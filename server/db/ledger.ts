/**
 * The Ledger as the hot path meets it. Opening is a group commit: all rows opened in one event-loop turn share
 * one transaction, and the promise resolves after it. Settling happens exactly once and is grouped likewise.
 */
import type { AccountId, ClientKeyId, RequestId } from '../../lib/base/id.ts';
import type { NanoDollars } from '../../lib/base/money.ts';
import type { OpenedRecord, SettledRecord } from '../../lib/metering/ledger.ts';
import type { LimitSet, LimitWindow, WindowUses } from '../../lib/metering/limit.ts';

export interface LedgerWriter {
  /** Resolves once the row is committed. Rejects with `storage_failed`: then nothing may be dialled. */
  open(record: OpenedRecord): Promise<void>;
  /** Settles the row; never throws. What cannot be written now is kept and tried again. */
  settle(record: SettledRecord): void;
  event(event: LedgerEvent): void;
  /** Resolves when everything handed in so far is committed. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerEvent {
  readonly atMs: number;
  /** e.g. `account.cooling_down`, `account.credential_refused`, `call.moved`, `network.unreachable`. */
  readonly kind: string;
  readonly accountId: AccountId | null;
  readonly requestId: RequestId | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Whose limits a call counts against. */
export interface LimitHolder {
  readonly id: AccountId | ClientKeyId;
  readonly limits: LimitSet;
}

export interface LimitHit {
  readonly holderId: string;
  readonly window: LimitWindow;
  readonly kind: 'requests' | 'tokens' | 'cost';
  readonly limit: number;
  readonly used: number;
  readonly resetsAtMs: number;
}

export interface Reservation {
  readonly requestId: RequestId;
  readonly accountId: AccountId;
}

/**
 * What every account and client key has used in its windows: sums over the ledger plus open reservations.
 * Checking and reserving is one synchronous step, so concurrent calls cannot pass a limit together.
 */
export interface LimitBook {
  /** Sums the ledger's current windows; called once after opening the database. */
  load(): void;
  uses(holderId: AccountId | ClientKeyId): WindowUses;
  /** What of `uses` is held by open reservations. */
  reserved(holderId: AccountId | ClientKeyId): WindowUses;
  reserve(
    requestId: RequestId,
    account: LimitHolder,
    client: LimitHolder,
    amounts: { readonly tokens: number; readonly cost: NanoDollars },
  ): Reservation | LimitHit;
  /** The call moves to another account before output: its hold moves along, if that account's limits allow it. */
  move(reservation: Reservation, to: LimitHolder): Reservation | LimitHit;
  /** Replaces the hold by what was really used. `null` amounts keep the estimate. Exactly once. */
  settle(
    reservation: Reservation,
    actual: { readonly tokens: number | null; readonly cost: NanoDollars | null; readonly counted: boolean },
  ): void;
}
