/**
 * Where a limit's window begins and ends: calendar days and months in an IANA time zone, daylight saving
 * included, so that a day may have 23 or 25 hours. UTC takes a short way.
 */
import { DAY_MS, HOUR_MS } from '../base/time.ts';
import type { LimitWindow } from './limit.ts';

export interface WindowBounds {
  readonly fromMs: number;
  /** Exclusive: the moment at which the next window begins. */
  readonly toMs: number;
}

interface CalendarDay {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
}

const UTC_NAMES = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'Z']);

/** Throws RangeError on a zone that does not exist. */
export function windowBounds(nowMs: number, window: LimitWindow, timeZone: string): WindowBounds {
  if (UTC_NAMES.has(timeZone)) return utcBounds(nowMs, window);
  const zone = createZone(timeZone);
  const today = zone.dayOf(nowMs);
  const first = window === 'day' ? today : { ...today, day: 1 };
  const next = window === 'day' ? plusDays(today, 1) : plusMonths(first, 1);
  return { fromMs: zone.startOf(first), toMs: zone.startOf(next) };
}

function utcBounds(nowMs: number, window: LimitWindow): WindowBounds {
  if (window === 'day') {
    const fromMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
    return { fromMs, toMs: fromMs + DAY_MS };
  }
  const now = new Date(nowMs);
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  return { fromMs: Date.UTC(year, month, 1), toMs: Date.UTC(year, month + 1, 1) };
}

function plusDays({ year, month, day }: CalendarDay, days: number): CalendarDay {
  return fromUtc(new Date(Date.UTC(year, month - 1, day + days)));
}

function plusMonths({ year, month, day }: CalendarDay, months: number): CalendarDay {
  return fromUtc(new Date(Date.UTC(year, month - 1 + months, day)));
}

function fromUtc(date: Date): CalendarDay {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function createZone(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  /** What the zone's wall clock shows, as if it were UTC. */
  const wallMs = (ms: number): number => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };

  return {
    dayOf: (ms: number): CalendarDay => fromUtc(new Date(wallMs(ms))),
    /** The first moment of a day: midnight, or later where the clocks jump over midnight. */
    startOf({ year, month, day }: CalendarDay): number {
      const midnight = Date.UTC(year, month - 1, day);
      // Offsets are within 15 hours; the first moment whose wall clock has reached midnight is found by halving.
      let before = midnight - 15 * HOUR_MS;
      let after = midnight + 15 * HOUR_MS;
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2);
        if (wallMs(middle) >= midnight) after = middle;
        else before = middle;
      }
      return after;
    },
  };
}

/** Bounds for the hot path: worked out again only when the moment has left the ones last given. */
export function createWindows(timeZone: string): (nowMs: number, window: LimitWindow) => WindowBounds {
  const last = new Map<LimitWindow, WindowBounds>();
  return (nowMs, window) => {
    const known = last.get(window);
    if (known !== undefined && nowMs >= known.fromMs && nowMs < known.toMs) return known;
    const bounds = windowBounds(nowMs, window, timeZone);
    last.set(window, bounds);
    return bounds;
  };
}
