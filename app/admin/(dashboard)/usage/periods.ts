/** The periods the page offers, and the rolling time its bars show for each. */
import type { RangeName } from '../../../../lib/wire/views.ts';

export const PERIODS = [
  { value: 'today', label: 'Today' },
  { value: '7d', label: '7d' },
  { value: '30d', label: '30d' },
  { value: 'month', label: 'Month' },
] as const;
export type ShownPeriod = (typeof PERIODS)[number]['value'];

/** The bars show the nearest rolling time. */
export const RANGE_OF: Readonly<Record<ShownPeriod, RangeName>> = {
  today: '24h',
  '7d': '7d',
  '30d': '30d',
  month: '30d',
};
