/** The periods the page offers, how their bars may be cut, and what stood before them. */
import type { Period, SeriesStep } from '../../../../lib/wire/usage-views.ts';

export const OFFERED = ['today', '7d', '30d', 'month'] as const;
type Offered = (typeof OFFERED)[number];
/** And those that the arrows lead to. */
export type ShownPeriod = Offered | 'yesterday' | 'last_month';

export const shownPeriod = (text: string | null): ShownPeriod =>
  text === 'yesterday' || text === 'last_month' ? text : (OFFERED.find((one) => one === text) ?? 'month');

/** The calendar period before this one, and after it; null where none is kept apart. */
export const BEFORE: Readonly<Partial<Record<ShownPeriod, ShownPeriod>>> = {
  today: 'yesterday',
  month: 'last_month',
};
export const AFTER: Readonly<Partial<Record<ShownPeriod, ShownPeriod>>> = {
  yesterday: 'today',
  last_month: 'month',
};

/** The choice that a period belongs to. */
export const choiceOf = (period: ShownPeriod): Offered =>
  period === 'yesterday' ? 'today' : period === 'last_month' ? 'month' : period;

/** The first is what one sees without asking. */
export const STEPS_OF: Readonly<Record<Offered, readonly SeriesStep[]>> = {
  today: ['hour'],
  '7d': ['day', 'hour'],
  '30d': ['day', 'week'],
  month: ['day', 'week'],
};

export const PERIOD_NAMES: Readonly<Record<ShownPeriod, string>> = {
  today: 'Today',
  yesterday: 'Yesterday',
  '7d': '7d',
  '30d': '30d',
  month: 'Month',
  last_month: 'Last month',
};

/** Behind `in`. */
export const PERIOD_WORDS: Readonly<Record<Period, string>> = {
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
  today: 'today',
  yesterday: 'yesterday',
  month: 'this month',
  last_month: 'the month before',
};
