/**
 * How long a provider asked us to wait: the one reader of told waits. Headers win over text, finer ones over
 * coarser ones. `x-ratelimit-reset-*` is never read here: it tells when a bucket is full again, which is later.
 * An absurd wait is clamped; the raw text is kept for people.
 */
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts';
import { leadingDuration, parseDuration, roundUp } from './duration.ts';

export interface ToldWait {
  readonly waitMs: number;
  /** What was said, as it was said, at most 64 characters. */
  readonly raw: string;
  readonly clamped: boolean;
}

/** Daily limits are the longest honest ones. */
export const TOLD_WAIT_MAX_MS = DAY_MS;
const RAW_LENGTH_MAX = 64;

/** "try again in 1m0.052s", "Please retry after 20 seconds", "retry in 46s". */
const SPOKEN = /\b(?:try\s+again|retry|available|resets?)\s+(?:in|after)\s+(?:about\s+)?/gi;

/** @param headers lower-case names @param text the error's message @param nowMs wall clock, for dates */
export function readToldWait(
  headers: Readonly<Record<string, string>>,
  text: string,
  nowMs: number,
): ToldWait | null {
  return (
    milliseconds(headers['retry-after-ms']) ??
    milliseconds(headers['x-ms-retry-after-ms']) ??
    retryAfter(headers['retry-after'], nowMs) ??
    spoken(text)
  );
}

function milliseconds(value: string | undefined): ToldWait | null {
  const trimmed = value?.trim() ?? '';
  return /^\d{1,15}(\.\d{1,15})?$/.test(trimmed) ? told(roundUp(Number(trimmed)), trimmed) : null;
}

/** RFC 9110 §10.2.3: seconds or a date; some relays write a duration. */
function retryAfter(value: string | undefined, nowMs: number): ToldWait | null {
  const trimmed = value?.trim() ?? '';
  if (trimmed === '') return null;
  const duration = parseDuration(trimmed);
  if (duration !== null) return told(duration, trimmed);
  // `Date.parse` also takes things like "-5" or "2026"; a date of HTTP names its month.
  if (!/[a-z]{3}/i.test(trimmed) && !/^\d{4}-\d\d-\d\dT/.test(trimmed)) return null;
  const at = Date.parse(trimmed);
  return Number.isNaN(at) ? null : told(Math.max(0, at - nowMs), trimmed);
}

function spoken(text: string): ToldWait | null {
  SPOKEN.lastIndex = 0;
  for (let found = SPOKEN.exec(text); found !== null; found = SPOKEN.exec(text)) {
    const rest = text.slice(SPOKEN.lastIndex, SPOKEN.lastIndex + 200);
    const duration = leadingDuration(rest);
    if (duration !== null) return told(duration.ms, rest.slice(0, duration.length));
  }
  return null;
}

function told(waitMs: number, raw: string): ToldWait {
  const clamped = waitMs > TOLD_WAIT_MAX_MS;
  return { waitMs: clamped ? TOLD_WAIT_MAX_MS : waitMs, raw: raw.slice(0, RAW_LENGTH_MAX), clamped };
}

/** A wait as a sentence has it: `800 ms`, `9.8 s`, `2 min 5 s`, `3 h 20 min`. */
export function sayWait(ms: number): string {
  if (ms < SECOND_MS) return `${Math.ceil(ms)} ms`;
  if (ms < MINUTE_MS) return `${Number((Math.ceil(ms / 100) / 10).toFixed(1))} s`;
  const seconds = Math.ceil(ms / SECOND_MS);
  if (seconds < 3_600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 1_440) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.ceil(minutes / 60);
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
