/**
 * `x-ratelimit-{limit,remaining,reset}-{bucket}` of an answer, whatever buckets there are. Figures that mean
 * "not known" at some providers (-1, or 0 of a limit that is 0 too) become null.
 */
import type { HeaderLimit } from '../routing/upstream.ts';
import { parseDuration } from './duration.ts';

const PREFIX = 'x-ratelimit-';
const NAME = /^x-ratelimit-(limit|remaining|reset)-([a-z0-9_-]{1,40})$/;
const BUCKETS_MAX = 16;
/** A bucket that claims to fill for longer than this is not believed. */
const FULL_AFTER_MAX_MS = 32 * 86_400_000;

type Draft = { limit: number | null; remaining: number | null; fullAfterMs: number | null };

/** @param headers lower-case names. Null when there is none of these headers. */
export function readHeaderLimits(
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): Readonly<Record<string, HeaderLimit>> | null {
  const drafts = new Map<string, Draft>();
  for (const name in headers) {
    if (!name.startsWith(PREFIX)) continue;
    const [, what, bucket] = NAME.exec(name) ?? [];
    if (what === undefined || bucket === undefined) continue;
    const draft = drafts.get(bucket) ?? { limit: null, remaining: null, fullAfterMs: null };
    if (drafts.size >= BUCKETS_MAX && !drafts.has(bucket)) continue;
    drafts.set(bucket, draft);
    const value = headers[name] ?? '';
    if (what === 'limit') draft.limit = readCount(value);
    else if (what === 'remaining') draft.remaining = readCount(value);
    else draft.fullAfterMs = readReset(value);
  }
  if (drafts.size === 0) return null;
  const limits: Record<string, HeaderLimit> = {};
  for (const [bucket, draft] of drafts) limits[bucket] = finish(draft, nowMs);
  return limits;
}

function finish({ limit, remaining, fullAfterMs }: Draft, nowMs: number): HeaderLimit {
  const known = limit !== null && limit > 0;
  return {
    limit: known ? limit : null,
    // Without a limit to measure it by, "0 remaining" is what some providers send for "no such limit".
    remaining: known || (remaining ?? 0) > 0 ? remaining : null,
    fullAtMs: fullAfterMs === null ? null : nowMs + fullAfterMs,
    readAtMs: nowMs,
  };
}

function readCount(value: string): number | null {
  const digits = value.trim().replaceAll(',', '');
  if (!/^\d{1,15}$/.test(digits)) return null;
  return Number(digits);
}

function readReset(value: string): number | null {
  const ms = parseDuration(value);
  return ms === null || ms > FULL_AFTER_MAX_MS ? null : ms;
}
