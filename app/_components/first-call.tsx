'use client';
/** Watches for the first call that comes in with a client key since we began to wait, and what became of it. */
import { useEffect, useState } from 'react';
import type { RequestRowView } from '../../lib/wire/views.ts';
import { useTick } from '../_data/live.tsx';

export interface FirstCall {
  readonly sinceMs: number;
  /** Newest first; a call under way is replaced by itself when it ends. */
  readonly calls: readonly RequestRowView[];
  readonly again: () => void;
}

const KEPT_MAX = 5;

export function useFirstCall(clientKeyId: string | null): FirstCall {
  const tick = useTick();
  const [sinceMs, setSinceMs] = useState(() => Date.now());
  const [calls, setCalls] = useState<readonly RequestRowView[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another key is another wait
  useEffect(() => {
    setCalls([]);
    setSinceMs(Date.now());
  }, [clientKeyId]);
  useEffect(() => {
    if (tick === null || clientKeyId === null) return;
    const news = tick.calls.filter((call) => call.clientKeyId === clientKeyId && call.startedAtMs >= sinceMs);
    if (news.length === 0) return;
    const ids = new Set(news.map(({ id }) => id));
    setCalls((before) => [...news, ...before.filter(({ id }) => !ids.has(id))].slice(0, KEPT_MAX));
  }, [tick, clientKeyId, sinceMs]);
  const again = () => {
    setCalls([]);
    setSinceMs(Date.now());
  };
  return { sinceMs, calls, again };
}
