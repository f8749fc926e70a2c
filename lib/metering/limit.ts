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

export type LimitKind = keyof LimitAmounts;

/** The ceiling that a call would break, for the answer that refuses it. */
export interface ExceededLimit {
  readonly window: LimitWindow;
  readonly kind: LimitKind;
  readonly limit: number;
  /** Used and reserved so far, without this call. */
  readonly used: number;
}

export const LIMIT_KINDS = ['requests', 'tokens', 'cost'] as const satisfies readonly LimitKind[];

/**
 * The first ceiling that would be passed, the longest window first: it is the one that keeps the caller waiting.
 * @param share how much of each ceiling may be used, e.g. 0.9 to keep a tenth back for others
 */
export function firstExceeded(
  limits: LimitSet,
  uses: WindowUses,
  ask: ReservationAmounts,
  share = 1,
): ExceededLimit | null {
  for (const window of LIMIT_WINDOWS.toReversed()) {
    for (const kind of LIMIT_KINDS) {
      const limit = limits[window]?.[kind];
      const used = uses[window][kind];
      if (limit !== undefined && used + ask[kind] > limit * share) return { window, kind, limit, used };
    }
  }
  return null;
}

/** The highest share of any ceiling that is used, 0 to 1 and beyond; null when there is no ceiling. */
export function utilisation(limits: LimitSet, uses: WindowUses): number | null {
  let highest: number | null = null;
  for (const window of LIMIT_WINDOWS) {
    for (const kind of LIMIT_KINDS) {
      const limit = limits[window]?.[kind];
      if (limit === undefined) continue;
      const share = limit > 0 ? uses[window][kind] / limit : 1;
      highest = Math.max(highest ?? 0, share);
    }
  }
  return highest;
}
