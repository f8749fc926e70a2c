/**
 * A Limit is a ceiling on requests, tokens or money per window. A LimitSet is the ceilings of one account
 * or client key; a missing entry is no ceiling. Windows are calendar days and months in the configured zone.
 */
import type { NanoDollars } from '../base/money.ts';

export const LIMIT_WINDOWS = ['day', 'month'] as const;
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];

export interface LimitAmounts {
  readonly requests?: number;
  readonly tokens?: number;
  readonly cost?: NanoDollars;
}

export interface LimitSet {
  readonly day?: LimitAmounts;
  readonly month?: LimitAmounts;
}

/** What a window has used, settled calls and open reservations together. */
export interface WindowUse {
  readonly requests: number;
  readonly tokens: number;
  readonly cost: NanoDollars;
}

export type WindowUses = Readonly<Record<LimitWindow, WindowUse>>;

/** The most one call is expected to use; held from admission until it is settled. */
export interface ReservationAmounts {
  readonly requests: 1;
  readonly tokens: number;
  readonly cost: NanoDollars;
}
