'use client';
/** Every call, newest first and live: fifty at a time, filtered by what the address says. */
import { Pause, Play } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RequestRowView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { Empty } from '../../../_components/empty.tsx';
import { LiveLine } from '../../../_components/live-line.tsx';
import { Page } from '../../../_components/page.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { useLiveCalls } from '../../../_data/live-calls.ts';
import { useParam } from '../../../_data/params.ts';
import { useRequests } from '../../../_data/resources.ts';
import { useMedia } from '../../../_data/wide.ts';
import { ExportRows } from './export-rows.tsx';
import { Histogram } from './histogram.tsx';
import { RequestFilters } from './request-filters.tsx';
import { RequestPanel } from './request-panel.tsx';
import { PhoneRequests, RequestTable } from './request-table.tsx';
import { matchesFilter, useFilter } from './use-filter.ts';

const PAGE_ROWS = 50;
const SCROLLED_PX = 120;

export function Requests() {
  const { filter, isFiltered } = useFilter();
  const [before, setBefore] = useParam('before');
  const [open, setOpen] = useParam('id');
  const wide = useMedia('(min-width: 1024px)');
  const { data, problem, retry } = useRequests(before === null ? filter : { ...filter, before }, PAGE_ROWS);
  const onNewest = before === null;
  const live = useLiveCalls(data?.rows, (call) => onNewest && matchesFilter(call, filter), PAGE_ROWS);
  const { held, setHeld } = useHold(live);
  const rows = held ?? live;
  const fresh = useFresh(held, live);
  const List = wide ? RequestTable : PhoneRequests;
  return (
    <Page
      title="Requests"
      note={<LiveLine />}
      tools={
        <>
          <ExportRows filter={filter} />
          {onNewest && (
            <Button onClick={() => setHeld(held ? null : (live ?? null))}>
              {held ? <Play size={14} /> : <Pause size={14} />}
              {held ? 'Go on' : 'Pause'}
            </Button>
          )}
        </>
      }
    >
      <section aria-label="Requests" className="card min-w-0">
        <RequestFilters summary={rows && summary(rows)}>
          {fresh > 0 && <NewPill count={fresh} onShow={() => setHeld(null)} />}
        </RequestFilters>
        <Histogram filter={filter} />
        {problem && !rows ? (
          <ProblemNote title="The requests could not be read" problem={problem} retry={retry} />
        ) : rows?.length === 0 ? (
          <Nothing filtered={isFiltered || !onNewest} />
        ) : (
          <List rows={rows} open={open} onOpen={setOpen} />
        )}
        {rows && (
          <Foot
            rows={rows.length}
            newest={onNewest}
            next={held ? null : (data?.nextBefore ?? null)}
            go={setBefore}
          />
        )}
      </section>
      <RequestPanel id={open} onClose={() => setOpen(null)} />
    </Page>
  );
}

function NewPill({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <button
      type="button"
      onClick={() => {
        onShow();
        window.scrollTo({ top: 0 });
      }}
      className="hit h-6 rounded-full bg-acc-soft px-2.5 text-12 font-medium text-acc-text"
    >
      {count} new
    </button>
  );
}

function Foot(props: {
  rows: number;
  newest: boolean;
  next: string | null;
  go: (before: string | null) => void;
}) {
  return (
    <footer className="flex min-h-11 items-center justify-between gap-3 border-t px-4 text-11 text-fg-3">
      <span>{props.rows === 1 ? '1 row' : `${props.rows} rows`}</span>
      <span className="flex gap-1">
        {!props.newest && (
          <Button look="quiet" size="small" onClick={() => props.go(null)}>
            To the newest
          </Button>
        )}
        {props.next !== null && (
          <Button look="quiet" size="small" onClick={() => props.go(props.next)}>
            Older
          </Button>
        )}
      </span>
    </footer>
  );
}

/** Rows stand still while they are paused by hand, and while somebody has scrolled down to read them. */
function useHold(live: readonly RequestRowView[] | undefined) {
  const [held, setHeld] = useState<readonly RequestRowView[] | null>(null);
  const latest = useRef(live);
  latest.current = live;
  useEffect(() => {
    let byScroll = false;
    const onScroll = () => {
      const down = window.scrollY > SCROLLED_PX;
      if (down === byScroll) return;
      byScroll = down;
      setHeld((before) => (down ? (before ?? latest.current ?? null) : null));
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, []);
  return { held, setHeld };
}

/** How many calls came in since the list was held. */
function useFresh(
  held: readonly RequestRowView[] | null,
  live: readonly RequestRowView[] | undefined,
): number {
  const known = useMemo(() => new Set(held?.map(({ id }) => id)), [held]);
  const seen = useRef(new Set<string>());
  if (held === null) seen.current.clear();
  else for (const { id } of live ?? []) if (!known.has(id)) seen.current.add(id);
  return held === null ? 0 : seen.current.size;
}

function summary(rows: readonly RequestRowView[]): string {
  const running = rows.filter(({ outcome }) => outcome === null).length;
  const moved = rows.filter(({ attempts, outcome }) => attempts > 1 && outcome === 'delivered').length;
  const failed = rows.filter(({ outcome }) => outcome === 'failed' || outcome === 'interrupted').length;
  const parts = [
    running > 0 && `${running} running`,
    moved > 0 && `${moved} moved`,
    failed > 0 && `${failed} failed`,
  ].filter(Boolean);
  return parts.length === 0 ? 'None failed' : parts.join(' · ');
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered) return <p className="px-4 py-14 text-center text-fg-3">No call matches these filters.</p>;
  return (
    <Empty title="No call yet">
      Point a client at this endpoint; each of its calls appears here as it runs.
    </Empty>
  );
}
