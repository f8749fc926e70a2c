/**
 * The month's spending if it goes on as it did: a straight line, which is all that a few days' totals allow.
 * Nothing is forecast on the first two days, when one busy morning would look like ruin.
 */
const DAYS_BEFORE_FORECAST = 2;
const DAY_MS = 86_400_000;

/** @param spent nano-dollars since the month began, null when unknown @param timeZone where months begin */
export function monthForecast(spent: number | null, nowMs: number, timeZone: string): number | null {
  if (spent === null) return null;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(nowMs);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((each) => each.type === type)?.value ?? 0);
  const daysGone = part('day') - 1 + part('hour') / 24 + part('minute') / 1440;
  if (daysGone < DAYS_BEFORE_FORECAST) return null;
  const daysInMonth =
    (Date.UTC(part('year'), part('month'), 1) - Date.UTC(part('year'), part('month') - 1, 1)) / DAY_MS;
  return Math.round((spent / daysGone) * daysInMonth);
}
