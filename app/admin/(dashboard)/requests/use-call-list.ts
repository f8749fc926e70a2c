'use client';
/**
 * The calls of the list: the newest, kept fresh by the live link, and behind them what scrolling has asked for. Older
 * pages are asked for once and stay, so that rows which new calls push out of the first page are not lost between.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RequestRowView } from '../../../../lib/wire/views.ts';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useTick } from '../../../_data/live.tsx';
import { useLiveCalls } from '../../../_data/live-calls.ts';
import type { Problem } from '../../../_data/problem.ts';
import { type RequestFilter, useRequests } from '../../../_data/resources.ts';
import { matchesFilter } from './use-filter.ts';

const NEWEST_ROWS = 50;
const OLDER_ROWS = 200;
const HEAD_ROWS = 2 * NEWEST_ROWS;

interface Older {
  /** The filter they were asked with. */
  readonly filter: RequestFilter;
  /** Newest first; the first ones may stand among the newest too. */
  readonly rows: readonly RequestRowView[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
}

export interface CallList {
  /** Newest first; undefined until the first answer. */
  readonly newest: readonly RequestRowView[] | undefined;
  readonly older: readonly RequestRowView[];
  readonly hasMore: boolean;
  readonly loading: boolean;
  /** Why the newest could not be read; `retry` asks again. */
  readonly problem: Problem | null;
  /** Why older ones could not be read. */
  readonly olderProblem: Problem | null;
  readonly retry: () => void;
  readonly loadOlder: () => void;
}

export function useCallList(filter: RequestFilter): CallList {
  const { data, problem, retry } = useRequests(filter, NEWEST_ROWS);
  const newest = useLiveCalls(data?.rows, (call) => matchesFilter(call, filter), NEWEST_ROWS);
  const [kept, setKept] = useState<Older | null>(null);
  const older = kept !== null && kept.filter === filter && joins(newest, kept.rows) ? kept : null;
  const ask = useAct(api.requests.list.query);
  useEnded(older, setKept);

  const next = older === null ? (data?.nextBefore ?? null) : older.next;
  const now = useRef({ newest, older, next, busy: false });
  now.current = { newest, older, next, busy: ask.busy };
  const { run } = ask;
  const runNow = useRef(run);
  runNow.current = run;
  const loadOlder = useCallback(() => {
    const { newest: above, older: known, next: before, busy } = now.current;
    if (before === null || above === undefined || busy) return;
    now.current.busy = true;
    void runNow.current({ ...filter, before, limit: OLDER_ROWS }).then((page) => {
      if (page === null) return;
      const rows = [...(known?.rows ?? above), ...page.rows];
      setKept({ filter, rows, next: page.nextBefore });
    });
  }, [filter]);

  const behind = useMemo(() => withoutThose(newest ?? [], older?.rows ?? []), [newest, older]);
  return {
    newest,
    older: behind,
    hasMore: next !== null,
    loading: ask.busy,
    problem,
    olderProblem: ask.problem,
    retry,
    loadOlder,
  };
}

/** So many new calls at once, after a sleep say, that nobody knows what lies between: then older ones begin anew. */
function joins(newest: readonly RequestRowView[] | undefined, older: readonly RequestRowView[]): boolean {
  const [first] = older;
  const last = newest?.at(-1);
  if (first === undefined || last === undefined || newest === undefined) return true;
  return newest.length < NEWEST_ROWS || last.startedAtMs <= first.startedAtMs;
}

/** Both are newest first, so what stands in both stands at the head of the older. */
export function withoutThose(
  newest: readonly RequestRowView[],
  older: readonly RequestRowView[],
): readonly RequestRowView[] {
  const ids = new Set(newest.map(({ id }) => id));
  const head = older.slice(0, HEAD_ROWS).filter(({ id }) => !ids.has(id));
  return [...head, ...older.slice(HEAD_ROWS)];
}

/** A call that was under way when it was listed ends while it stands far down. */
function useEnded(older: Older | null, setKept: (older: Older) => void): void {
  const tick = useTick();
  const running = useMemo(
    () => new Set(older?.rows.filter(({ outcome }) => outcome === null).map(({ id }) => id)),
    [older],
  );
  useEffect(() => {
    if (older === null || tick === null) return;
    const news = new Map(
      tick.calls
        .filter(({ id, outcome }) => outcome !== null && running.has(id))
        .map((call) => [call.id, call]),
    );
    if (news.size > 0) setKept({ ...older, rows: older.rows.map((row) => news.get(row.id) ?? row) });
  }, [tick, older, running, setKept]);
}
