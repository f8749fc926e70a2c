/** Rules as people read them in a difference: short, and the same words on a page and in a terminal. */
import { formatCount, formatMoney } from '../../../lib/format.ts';
import {
  CLIENT_WINDOWS,
  type ClientLimitSet,
  type ClientLimits,
  WINDOW_WORDS,
} from '../../../lib/metering/client-limits.ts';

/** `$25.00, 1,000 requests a day; …`, or `none`. */
export function sayLimits(limits: ClientLimits): string {
  const own = sayWindows(limits);
  const byModel = (limits.byModel ?? []).map(
    (rule) => `${rule.models.join(', ')}: ${sayWindows(rule).join('; ')}`,
  );
  return [...own, ...byModel].join('; ') || 'none';
}

function sayWindows(limits: ClientLimitSet): string[] {
  return CLIENT_WINDOWS.flatMap((window) => {
    const amounts = limits[window];
    if (amounts === undefined) return [];
    const { cost, tokens, requests } = amounts;
    const parts = [
      ...(cost === undefined ? [] : [formatMoney(cost)]),
      ...(tokens === undefined ? [] : [`${formatCount(tokens)} tokens`]),
      ...(requests === undefined ? [] : [`${formatCount(requests)} requests`]),
    ];
    return parts.length === 0 ? [] : [`${parts.join(', ')} ${WINDOW_WORDS[window]}`];
  });
}

export const sayList = (list: readonly string[] | null, all: string): string =>
  list === null || list.length === 0 ? all : list.join(', ');

export const sayYesNo = (yes: boolean): string => (yes ? 'yes' : 'no');

export const sayTime = (atMs: number | null, never: string): string =>
  atMs === null ? never : new Date(atMs).toISOString();
