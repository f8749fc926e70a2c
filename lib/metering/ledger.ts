/**
 * The Ledger's row: one UsageRecord per Call, opened before the first dial and settled exactly once.
 */
import type { AccountId, ClientKeyId, RequestId } from '../base/id.ts';
import type { NanoDollars } from '../base/money.ts';
import type { UnitPrices } from './price.ts';
import type { Usage } from './usage.ts';

/**
 * delivered: a complete answer (also one that says 4xx, unchanged) · refused: ended by us before an upstream
 * answered · failed: no upstream could serve it · interrupted: broken after output was shown, or orphaned by
 * a crash · cancelled: the client left first.
 */
export const OUTCOMES = ['delivered', 'refused', 'failed', 'interrupted', 'cancelled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What is known when the row is opened: committed before the dial. */
export interface OpenedRecord {
  readonly id: RequestId;
  readonly startedAtMs: number;
  readonly clientKeyId: ClientKeyId;
  readonly endpoint: string;
  readonly model: string | null;
  readonly stream: boolean;
  readonly sessionHash: string | null;
  readonly parentHash: string | null;
  readonly userAgent: string | null;
  readonly requestBytes: number;
  /** The account first chosen, where the reservation is held; null when the client left before there was one. */
  readonly firstAccountId: AccountId | null;
  readonly reservedTokens: number;
  readonly reservedCost: NanoDollars;
}

/** What is known when the row is settled. */
export interface SettledRecord {
  readonly id: RequestId;
  readonly endedAtMs: number;
  readonly outcome: Outcome;
  /** Status the client saw; null when it left before one was sent. */
  readonly status: number | null;
  readonly errorCode: string | null;
  /** The account that served it, or had its request when the client left; null when none did. */
  readonly accountId: AccountId | null;
  readonly attempts: number;
  readonly usage: Usage | null;
  /** The usage is our own estimate, a lower bound. */
  readonly estimated: boolean;
  /** Model the answer names, where it differs from the one asked for. */
  readonly servedModel: string | null;
  readonly cost: NanoDollars | null;
  /**
   * Where the price is unknown: what the call counts for towards money limits, its usage at the dearest known
   * price. Null where the cost is known or nothing is to be assumed.
   */
  readonly assumedCost: NanoDollars | null;
  readonly prices: UnitPrices | null;
  readonly firstTokenMs: number | null;
  readonly durationMs: number;
  /** Our own work before the first dial, microseconds; waiting for an account is not in it. */
  readonly overheadUs: number | null;
  readonly responseBytes: number;
  readonly reasoningDropped: boolean;
  /** JSON of RoutePlan and Attempts, kept apart from the row. */
  readonly explanation: string;
}
