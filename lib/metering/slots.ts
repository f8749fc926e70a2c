/** Where hours lie in the days of a time zone, for patterns of days and weekdays. */
import { DAY_MS, HOUR_MS } from '../base/time.ts';
import type { Slot } from './forecast.ts';

/** 1970-01-01 was a Thursday; Monday is 0. */
const FIRST_WEEKDAY = 3;
/** Far more hours than a forecast looks at. */
const KEPT_MAX = 10_000;

/** Throws RangeError on a zone that does not exist. */
export function slotsIn(timeZone: string): (ms: number) => Slot {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
  });
  const kept = new Map<number, Slot>();
  return (ms) => {
    // No zone changes its offset inside a quarter of an hour.
    const quarter = Math.floor(ms / (HOUR_MS / 4));
    const known = kept.get(quarter);
    if (known !== undefined) return known;
    if (kept.size >= KEPT_MAX) kept.clear();
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 0, month = 1, day: date = 1, hour = 0 } = parts;
    const day = Date.UTC(year, month - 1, date) / DAY_MS;
    const slot = { day, weekday: (((day + FIRST_WEEKDAY) % 7) + 7) % 7, hour };
    kept.set(quarter, slot);
    return slot;
  };
}
