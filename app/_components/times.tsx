'use client';
/** Moments and spans that keep counting by themselves. Where the link is down a countdown becomes a clock time. */
import { formatCountdown, formatSpan } from '../../lib/format.ts';
import { useLink } from '../_data/live.tsx';
import { useNow } from '../_data/now.ts';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const shortClock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const fullDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

export const clockTime = (atMs: number): string => clock.format(atMs);
export const hourMinute = (atMs: number): string => shortClock.format(atMs);
export const dayMonth = (atMs: number): string => day.format(atMs);
export const dayMonthYear = (atMs: number): string => fullDay.format(atMs);

/** `4s ago`, `2h 5m ago`, and the date once it is more than a week. */
export function Ago({ atMs }: { atMs: number }) {
  const nowMs = useNow() ?? atMs;
  const agoMs = nowMs - atMs;
  if (agoMs < 2_000) return <>now</>;
  return <>{agoMs > 7 * 86_400_000 ? dayMonth(atMs) : `${formatSpan(agoMs)} ago`}</>;
}

/** `in 1:42` while we can know; `was due at 14:33:34` when what we show is old. */
export function Until(props: { atMs: number; word?: string; due?: string; late?: string }) {
  const { atMs, word = 'in', due = 'due now', late = 'was due' } = props;
  const { phase } = useLink();
  const nowMs = useNow();
  if (nowMs === null) return null;
  if (phase === 'stale' || phase === 'offline') {
    return (
      <>
        {late} {clockTime(atMs)}
      </>
    );
  }
  if (atMs <= nowMs) return <>{due}</>;
  return (
    <>
      {word} {formatCountdown(atMs - nowMs)}
    </>
  );
}

/** How long since, ticking: `0:14`. */
export function Elapsed({ sinceMs }: { sinceMs: number }) {
  const nowMs = useNow() ?? sinceMs;
  return <>{formatCountdown(Math.max(0, nowMs - sinceMs))}</>;
}
