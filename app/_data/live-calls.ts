'use client';
/**
 * Calls as they come and go: what the list said, kept fresh by the live link. A call under way that the link no
 * longer names is gone, not running for ever.
 */
import { useEffect, useRef, useState } from 'react';
import type { LiveTick, RequestRowView } from '../../lib/wire/views.ts';
import { useTick } from './live.tsx';

/** @param matches which calls belong to this list @param max how many are kept */
export function useLiveCalls(
  listed: readonly RequestRowView[] | undefined,
  matches: (call: RequestRowView) => boolean,
  max: number,
): readonly RequestRowView[] | undefined {
  const tick = useTick();
  const [rows, setRows] = useState(listed);
  const test = useRef(matches);
  test.current = matches;
  useEffect(() => setRows(listed), [listed]);
  useEffect(() => {
    if (tick) setRows((before) => before && mergeTick(before, tick, test.current, max));
  }, [tick, max]);
  return rows;
}

export function mergeTick(
  before: readonly RequestRowView[],
  tick: LiveTick,
  matches: (call: RequestRowView) => boolean,
  max: number,
): readonly RequestRowView[] {
  const news = new Map(tick.calls.filter(matches).map((call) => [call.id, call]));
  const kept = before.filter((call) => !news.has(call.id) && (call.outcome !== null || isYoung(call, tick)));
  return [...news.values(), ...kept].sort((a, b) => b.startedAtMs - a.startedAtMs).slice(0, max);
}

/** Between the list's answer and the next tick a call may have begun that neither names. */
const isYoung = (call: RequestRowView, tick: LiveTick): boolean => tick.nowMs - call.startedAtMs < 3_000;
