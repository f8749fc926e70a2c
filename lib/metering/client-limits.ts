/**
 * The limits of a client key: those of an account (calendar days and months), and beside them windows that slide
 * (any hour, any five hours, any seven days) and ceilings that hold for some models only. A ceiling that is bound
 * to models counts the calls that named one of them.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/time.ts';
import type { LimitAmounts, LimitKind, LimitWindow } from './limit.ts';

/** Shortest first. */
export const CLIENT_WINDOWS = ['hour', 'five_hours', 'day', 'week', 'month'] as const;
export type ClientWindow = (typeof CLIENT_WINDOWS)[number];
export type SlidingWindow = Exclude<ClientWindow, LimitWindow>;

export type ClientLimitSet = { readonly [W in ClientWindow]?: LimitAmounts };

export interface ModelLimits extends ClientLimitSet {
  /** Patterns as in Account; at least one. */
  readonly models: readonly string[];
}

export interface ClientLimits extends ClientLimitSet {
  readonly byModel?: readonly ModelLimits[];
}

export interface SlidingLength {
  readonly lengthMs: number;
  /** What was used leaves the window in steps of this length, never too early. */
  readonly stepMs: number;
}

export const SLIDING: Readonly<Record<SlidingWindow, SlidingLength>> = {
  hour: { lengthMs: HOUR_MS, stepMs: MINUTE_MS },
  five_hours: { lengthMs: 5 * HOUR_MS, stepMs: 5 * MINUTE_MS },
  week: { lengthMs: 7 * DAY_MS, stepMs: HOUR_MS },
};

/** As people say it behind an amount: `$5 a day`, `100 requests in 5 hours`. */
export const WINDOW_WORDS: Readonly<Record<ClientWindow, string>> = {
  hour: 'in an hour',
  five_hours: 'in 5 hours',
  day: 'a day',
  week: 'in a week',
  month: 'a month',
};

/** How full one ceiling is. */
export interface LimitUse {
  readonly window: ClientWindow;
  /** Null for all models. */
  readonly models: readonly string[] | null;
  readonly kind: LimitKind;
  readonly limit: number;
  /** With what is reserved. */
  readonly used: number;
  readonly reserved: number;
  /** When the first of what is used leaves; null while nothing is used. */
  readonly freesAtMs: number | null;
  /** When all of it has left. */
  readonly resetsAtMs: number | null;
}

/** One ceiling's place: which window, of which models. */
export interface ClientRule {
  readonly window: ClientWindow;
  /** Null for all models. */
  readonly models: readonly string[] | null;
  readonly amounts: LimitAmounts;
}

export const isSliding = (window: ClientWindow): window is SlidingWindow => window in SLIDING;

export function clientRules(limits: ClientLimits): readonly ClientRule[] {
  return [...rulesOf(limits, null), ...(limits.byModel ?? []).flatMap((each) => rulesOf(each, each.models))];
}

function rulesOf(limits: ClientLimitSet, models: readonly string[] | null): ClientRule[] {
  return CLIENT_WINDOWS.flatMap((window) => {
    const amounts = limits[window];
    return amounts === undefined ? [] : [{ window, models, amounts }];
  });
}

/** Whether any ceiling of this kind is set, for all models or for some. */
export function limitsKind(limits: ClientLimits, kind: LimitKind): boolean {
  const inSet = (set: ClientLimitSet): boolean =>
    set.day?.[kind] !== undefined ||
    set.month?.[kind] !== undefined ||
    set.hour?.[kind] !== undefined ||
    set.five_hours?.[kind] !== undefined ||
    set.week?.[kind] !== undefined;
  return inSet(limits) || (limits.byModel?.some(inSet) ?? false);
}

export interface CeilingPlace extends Omit<ClientRule, 'amounts'> {
  readonly kind: LimitKind;
}

/** These limits with one ceiling set, or with it taken away (null); the others stay as they are. */
export function withCeiling(limits: ClientLimits, place: CeilingPlace, amount: number | null): ClientLimits {
  const { byModel = [], ...ofAll } = limits;
  const { models } = place;
  if (models === null) return { ...setIn(ofAll, place, amount), ...(byModel.length > 0 ? { byModel } : {}) };
  const isMeant = (each: ModelLimits) => each.models.join(' ') === models.join(' ');
  const meant = byModel.find(isMeant) ?? { models };
  const next = setIn(meant, place, amount);
  const others = byModel.filter((each) => !isMeant(each));
  const all = CLIENT_WINDOWS.some((window) => next[window] !== undefined)
    ? [...others, { ...next, models }]
    : others;
  return { ...ofAll, ...(all.length > 0 ? { byModel: all } : {}) };
}

function setIn<Set extends ClientLimitSet>(
  set: Set,
  { window, kind }: CeilingPlace,
  amount: number | null,
): Set {
  const { [window]: amounts, ...rest } = set;
  const { [kind]: _old, ...others } = amounts ?? {};
  const next = amount === null ? others : { ...others, [kind]: amount };
  // What is left of a Set without one of its optional members is a Set.
  return (Object.keys(next).length === 0 ? rest : { ...rest, [window]: next }) as Set;
}
