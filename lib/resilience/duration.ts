/**
 * Durations as providers write them: Go's `1m0.052s`, `120ms`, `24h0m0s`, and English `7 minutes`, `1 hour
 * 2 minutes`. The unit is never guessed from a prefix: `m` is minutes, `ms` milliseconds.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';

const UNITS_MS: Readonly<Record<string, number>> = {
  d: DAY_MS,
  day: DAY_MS,
  days: DAY_MS,
  h: HOUR_MS,
  hr: HOUR_MS,
  hrs: HOUR_MS,
  hour: HOUR_MS,
  hours: HOUR_MS,
  m: MINUTE_MS,
  min: MINUTE_MS,
  mins: MINUTE_MS,
  minute: MINUTE_MS,
  minutes: MINUTE_MS,
  s: SECOND_MS,
  sec: SECOND_MS,
  secs: SECOND_MS,
  second: SECOND_MS,
  seconds: SECOND_MS,
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};

/** One amount with its unit, anchored where the last one ended. */
const PART = /\s*(\d{1,15}(?:\.\d{1,15})?)\s*([a-zµμ]+)/iy;
const BETWEEN = /\s*(?:,|and)?\s*/iy;

/** A duration at the start of a text, rounded up to whole milliseconds. */
export function leadingDuration(text: string): { readonly ms: number; readonly length: number } | null {
  let ms = 0;
  let length = 0;
  for (;;) {
    PART.lastIndex = length === 0 ? 0 : afterSeparator(text, length);
    const part = PART.exec(text);
    const unit = UNITS_MS[part?.[2]?.toLowerCase() ?? ''];
    if (part === null || unit === undefined) break;
    ms += Number(part[1]) * unit;
    length = PART.lastIndex;
  }
  return length === 0 ? null : { ms: roundUp(ms), length };
}

/** A whole text that is one duration; a bare number means seconds. Null for anything else. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d{1,15}(\.\d{1,15})?$/.test(trimmed)) return roundUp(Number(trimmed) * SECOND_MS);
  const found = leadingDuration(trimmed);
  return found !== null && found.length === trimmed.length ? found.ms : null;
}

function afterSeparator(text: string, at: number): number {
  BETWEEN.lastIndex = at;
  BETWEEN.exec(text);
  return BETWEEN.lastIndex;
}

/** Up, because coming back a moment early is refused again; by less than a nanosecond is floating-point noise. */
export function roundUp(ms: number): number {
  return Math.ceil(Number(ms.toFixed(6)));
}
