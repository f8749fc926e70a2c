/** What the limit book promises: who is held to limits, what a refusal tells, and the steps of a reservation. */
import type { AccountId, ClientKeyId, RequestId } from '../../lib/base/id.ts';
import type { NanoDollars } from '../../lib/base/money.ts';
import type { ClientLimits, ClientWindow, LimitUse } from '../../lib/metering/client-limits.ts';
import type { LimitKind, WindowUses } from '../../lib/metering/limit.ts';

/** Whose limits a call counts against. */
export interface LimitHolder {
  readonly id: AccountId | ClientKeyId;
  /** An account's are days and months only. */
  readonly limits: ClientLimits;
}

export interface LimitHit {
  readonly holderId: string;
  readonly window: ClientWindow;
  /** The ceiling holds for these models only; absent for all. */
  readonly models?: readonly string[];
  readonly kind: LimitKind;
  readonly limit: number;
  readonly used: number;
  /** When this call would fit; when nothing is counted any more, if it is too large for the whole limit. */
  readonly resetsAtMs: number;
}

export interface Reservation {
  readonly requestId: RequestId;
  readonly accountId: AccountId;
  /** By which the call belongs to its windows: the ledger row takes it over. */
  readonly sinceMs: number;
}

export interface ReservedAsk {
  readonly tokens: number;
  readonly cost: NanoDollars;
  /** The model that the call names, for ceilings that are bound to models. */
  readonly model?: string | null;
}

/** From this moment on the use of one window counts; what began before does not. */
export interface UseReset {
  readonly holderId: string;
  readonly window: ClientWindow;
  readonly countedSinceMs: number;
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
  /** One entry for each ceiling that is set. */
  limitUses(holder: LimitHolder): readonly LimitUse[];
  /** All resets that are in force; what was reset before and is not among them counts again. */
  setResets(resets: readonly UseReset[]): void;
  reserve(
    requestId: RequestId,
    account: LimitHolder,
    client: LimitHolder,
    ask: ReservedAsk,
  ): Reservation | LimitHit;
  /** The ceiling that such a reservation would pass, as `reserve` would answer it; nothing is held. */
  wouldHit(account: LimitHolder, client: LimitHolder, ask: ReservedAsk): LimitHit | null;
  /** The call moves to another account before output: its hold moves along, if that account's limits allow it. */
  move(reservation: Reservation, to: LimitHolder): Reservation | LimitHit;
  /**
   * Replaces the hold by what was really used. `null` amounts keep the estimate; `counted` false lets go of the
   * hold and counts nothing, for a call that no account served. `settledAmounts` works these out of the record,
   * by the rule that the sums follow. Exactly once: a second time does nothing.
   */
  settle(
    reservation: Reservation,
    actual: { readonly tokens: number | null; readonly cost: NanoDollars | null; readonly counted: boolean },
  ): void;
}
