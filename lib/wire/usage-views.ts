/** What was used, by whom, and what it cost: answers of `usage.*`. Money in nano-dollars; unknown is null. */
import type { Forecast } from '../metering/forecast.ts';
import type { LimitKind, LimitWindow } from '../metering/limit.ts';

/** Periods that end now, and calendar ones in the time zone of limits. */
export const PERIODS = ['24h', '7d', '30d', 'today', 'yesterday', 'month', 'last_month'] as const;
export type Period = (typeof PERIODS)[number];

export const USAGE_KEYS = ['account', 'client', 'model', 'endpoint'] as const;
export type UsageKey = (typeof USAGE_KEYS)[number];

/** Sums over settled calls. */
export interface UsageSums {
  readonly requests: number;
  readonly delivered: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Met a limit of at least one account. */
  readonly limited: number;
  /** Served by another account than the first that was asked. */
  readonly moved: number;
  readonly inputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly totalTokens: number | null;
  /** Of the input of calls that told: 0 to 1. */
  readonly cachedShare: number | null;
  readonly cost: number | null;
  /** Calls whose cost is not in `cost`, because nobody knows it. */
  readonly unknownCostCalls: number;
  readonly estimatedCalls: number;
  /** What cached tokens would have cost at the full price, less what they did. */
  readonly cacheSaved: number | null;
}

export interface UsageGroup extends UsageSums {
  /** An id, a model or an endpoint; empty for calls that no account took, or that named no model. */
  readonly key: string;
  readonly name: string;
}

export interface UsageBreakdownView {
  readonly period: Period;
  readonly by: UsageKey;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string;
  readonly total: UsageSums;
  /** Dearest first; then most requests. */
  readonly groups: readonly UsageGroup[];
}

/** A conversation: its own turns, and those of the helpers that it started. */
export interface ConversationView {
  /** The hash of its session key. */
  readonly id: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly clientName: string;
  readonly models: readonly string[];
  /** Names, in the order in which they first served. */
  readonly accounts: readonly string[];
  readonly turns: number;
  /** Sessions of helpers. */
  readonly helpers: number;
  readonly totalTokens: number | null;
  readonly cachedShare: number | null;
  readonly cost: number | null;
  /** Turns that were served by another account than the turn before. */
  readonly switches: number;
  /**
   * What those turns cost more because the other account had no prompt cache of the conversation: the input that the
   * turn before had too and that was not cached, at the difference of the two prices. Null where prices are unknown.
   */
  readonly lostBySwitches: number | null;
}

export interface ConversationsView {
  readonly period: Period;
  readonly fromMs: number;
  readonly toMs: number;
  /** Dearest first. */
  readonly conversations: readonly ConversationView[];
  /** Of all of the period, listed or not. */
  readonly count: number;
  readonly lostBySwitches: number | null;
}

/** `requests.bodies`: what a call said and was answered, where that was captured. */
export interface CapturedView {
  /** Null where the body was streamed through as it came. */
  readonly request: string | null;
  /** There was more of it than is kept. */
  readonly requestCut: boolean;
  readonly response: string;
  readonly responseCut: boolean;
  readonly expiresAtMs: number;
}

/** The figures of a forecast; all null where there is too little to go by, or nothing is known. */
export type ForecastFigures = { readonly [K in keyof Forecast]: Forecast[K] | null };

/** Spending in the running day or month. */
export interface WindowForecastView extends ForecastFigures {
  readonly used: number | null;
  /** Calls whose cost is neither in `used` nor foreseen, because nobody knows it. */
  readonly unknownCostCalls: number;
  readonly endMs: number;
  /** Of all accounts together; null when one of them has none. */
  readonly limit: number | null;
}

export interface LimitForecastView extends ForecastFigures {
  readonly holder: { readonly kind: 'account' | 'client'; readonly id: string; readonly name: string };
  readonly window: LimitWindow;
  readonly amount: LimitKind;
  readonly limit: number;
  /** With what is reserved. */
  readonly used: number;
  readonly endMs: number;
}

/** Tokens, and what they cost where the price is known (nano-dollars); each token is counted in one kind. */
export interface KindSumView {
  readonly tokens: number | null;
  readonly cost: number | null;
}

/** `usage.kinds`. */
export interface UsageKindsView {
  readonly period: Period;
  readonly fromMs: number;
  readonly toMs: number;
  /** Neither cached nor kept for later. */
  readonly input: KindSumView;
  readonly cached: KindSumView;
  readonly cacheWrite: KindSumView;
  /** Without reasoning. */
  readonly output: KindSumView;
  readonly reasoning: KindSumView;
  /** Searches, images, audio, prices per call. */
  readonly otherCost: number | null;
  /** Of all calls whose cost is known. */
  readonly cost: number | null;
}

export const SERIES_STEPS = ['hour', 'day', 'week'] as const;
export type SeriesStep = (typeof SERIES_STEPS)[number];

/** `usage.series`: what was used in a period, step by step. */
export interface UsageSeriesView {
  readonly period: Period;
  readonly by: UsageKey;
  readonly step: SeriesStep;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string;
  /** The period is not over: its last step is still open. */
  readonly running: boolean;
  /** Dearest first; the last, with a null key, stands for all others. */
  readonly groups: readonly { readonly key: string | null; readonly name: string }[];
  /** Every step up to the present, also those in which nothing happened. */
  readonly buckets: readonly { readonly fromMs: number; readonly parts: readonly SeriesPart[] }[];
}

export interface SeriesPart {
  readonly key: string | null;
  readonly requests: number;
  readonly tokens: number | null;
  /** Nano-dollars. */
  readonly cost: number | null;
}

/** `usage.burn`: how the use of a limit grew in its running window. */
export interface UsageBurnView {
  readonly atMs: number;
  readonly fromMs: number;
  /** When the window ends. */
  readonly toMs: number;
  readonly stepMs: number;
  /** Used up to the end of each step, the running one last. By the records: what is reserved is not in it. */
  readonly used: readonly number[];
}

export interface ForecastsView {
  readonly atMs: number;
  readonly timeZone: string;
  readonly today: WindowForecastView;
  readonly month: WindowForecastView;
  readonly limits: readonly LimitForecastView[];
}
