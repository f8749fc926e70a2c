'use client';
/** Every call, newest first and live: fifty at a time, filtered by what the address says. */
import { Pause, Play } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { formatCountOf } from '../../../../lib/format.ts';
import type { RequestRowView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { Empty } from '../../../_components/empty.tsx';
import { LiveLine } from '../../../_components/live-line.tsx';
import { Page } from '../../../_components/page.tsx';
import { ProblemLine, ProblemNote } from '../../../_components/problem-note.tsx';
import { useParam } from '../../../_data/params.ts';
import { useMedia } from '../../../_data/wide.ts';
import { ExportRows } from './export-rows.tsx';
import { Histogram } from './histogram.tsx';
import { RequestFilters } from './request-filters.tsx';
import { PhoneRequests, RequestTable } from './request-table.tsx';
import { type CallList, useCallList, withoutThose } from './use-call-list.ts';
import { useFilter } from './use-filter.ts';

const SCROLLED_PX = 120;
/** Loaded when a call is first looked at. */
const RequestPanel = dynamic(() => import('./request-panel.tsx').then((module) => module.RequestPanel), {
  ssr: false,
});

export function Requests() {
  const { filter, isFiltered } = useFilter();
  const [open, setOpen] = useParam('id');
  const wide = useMedia('(min-width: 1024px)');
  const docked = useMedia('(min-width: 1280px)') && open !== null;
  const roomy = useMedia('(min-width: 1400px)');
  const columns = docked ? (roomy ? 'sums' : 'least') : roomy ? 'full' : 'sums';
  const list = useCallList(filter);
  const { held, setHeld } = useHold(list.newest);
  const newest = held ?? list.newest;
  const rows = useMemo(() => {
    if (held) return [...held, ...withoutThose(held, list.older)];
    return list.newest && [...list.newest, ...list.older];
  }, [held, list.newest, list.older]);
  const fresh = useFresh(held, list.newest);
  // Once it was open it stays, so that it can be seen to close.
  const opened = useRef(false);
  opened.current ||= open !== null;
  const close = useCallback(() => setOpen(null), [setOpen]);
  const step = (by: 1 | -1) => {
    const at = rows?.findIndex(({ id }) => id === open) ?? -1;
    const next = rows?.[at + by];
    if (at >= 0 && next) setOpen(next.id);
  };
  const toNewest = () => {
    setHeld(null);
    window.scrollTo({ top: 0 });
  };
  const List = wide ? RequestTable : PhoneRequests;
  return (
    <Page
      title="Requests"
      note={<LiveLine />}
      docked={docked}
      tools={
        <>
          <ExportRows filter={filter} />
          <Button aria-keyshortcuts="p" onClick={() => setHeld(held ? null : (list.newest ?? null))}>
            {held ? <Play size={14} /> : <Pause size={14} />}
            {held ? 'Go on' : 'Pause'}
          </Button>
        </>
      }
    >
      <section aria-label="Requests" className="card min-w-0">
        <RequestFilters summary={newest && summary(newest)}>
          {fresh > 0 && <NewPill count={fresh} onShow={toNewest} />}
        </RequestFilters>
        <Histogram filter={filter} />
        {list.problem && !rows ? (
          <ProblemNote title="The requests could not be read" problem={list.problem} retry={list.retry} />
        ) : rows?.length === 0 ? (
          <Nothing filtered={isFiltered} />
        ) : (
          <List
            rows={rows}
            open={open}
            onOpen={setOpen}
            follow={docked}
            columns={columns}
            hasMore={list.hasMore}
            onNearEnd={list.loadOlder}
          />
        )}
        {rows && <Foot rows={rows.length} list={list} toNewest={toNewest} />}
      </section>
      {(open !== null || opened.current) && (
        <RequestPanel id={open} docked={docked} onClose={close} onStep={step} />
      )}
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

function Foot({ rows, list, toNewest }: { rows: number; list: CallList; toNewest: () => void }) {
  return (
    <footer className="flex min-h-11 flex-wrap items-center justify-between gap-3 border-t px-4 py-1 text-11 text-fg-3">
      <span role="status">
        {formatCountOf(rows, 'call')}
        {list.loading && ' · loading older ones'}
        {!list.loading && !list.hasMore && ' · there are no older ones'}
      </span>
      <ProblemLine problem={list.olderProblem} />
      <span className="flex gap-1">
        <Button look="quiet" size="small" aria-keyshortcuts="Shift+G" onClick={toNewest}>
          To the newest
        </Button>
        {list.hasMore && (
          <Button look="quiet" size="small" disabled={list.loading} onClick={list.loadOlder}>
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
