'use client';
/** Every event as it came over the wire, deltas folded in the middle so that the turning points stay in sight. */
import { ChevronsUpDown } from 'lucide-react';
import { useState } from 'react';
import { Dot } from '../../../_components/state-pill.tsx';
import type { RawEvent, Run } from './use-run.ts';

/** Of a run of deltas these many stay at either end; a shorter run is not folded. */
const KEPT = 5;

type Row =
  | { readonly kind: 'event'; readonly at: number; readonly event: RawEvent }
  | { readonly kind: 'fold'; readonly at: number; readonly events: readonly RawEvent[] };

const isDelta = ({ type }: RawEvent): boolean => type.endsWith('.delta') || type === 'chat.completion.chunk';

/** @param open where runs of deltas begin that somebody has unfolded */
function rowsOf(events: readonly RawEvent[], open: ReadonlySet<number>): readonly Row[] {
  const rows: Row[] = [];
  const show = (from: number, to: number) =>
    rows.push(...events.slice(from, to).map((event, i): Row => ({ kind: 'event', at: from + i, event })));
  let at = 0;
  while (at < events.length) {
    const turning = events.findIndex((event, i) => i >= at && !isDelta(event));
    const end = turning < 0 ? events.length : turning;
    if (end - at > 2 * KEPT + 1 && !open.has(at)) {
      show(at, at + KEPT);
      rows.push({ kind: 'fold', at, events: events.slice(at + KEPT, end - KEPT) });
      show(end - KEPT, end);
    } else show(at, end);
    show(end, end + 1);
    at = end + 1;
  }
  return rows;
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

export function RawEvents({ run }: { run: Run | null }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  if (run === null) {
    return (
      <p className="flex-1 px-4 py-14 text-center text-fg-3">
        The events of the latest call appear here, with the time each of them came.
      </p>
    );
  }
  const busy = run.phase === 'asking' || run.phase === 'writing';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <div tabIndex={0} className="min-h-0 flex-1 overflow-auto py-2 font-mono text-11 max-lg:min-h-60">
      <ol aria-label="Raw events">
        {rowsOf(run.events, open).map((row) =>
          row.kind === 'fold' ? (
            <li key={`fold-${row.at}`} className="border-y bg-raised">
              <button
                type="button"
                onClick={() => setOpen(new Set([...open, row.at]))}
                className="flex h-6 w-full items-center gap-3 px-4 text-left text-fg-3 hover:text-fg"
              >
                <ChevronsUpDown size={13} className="ml-8" aria-hidden="true" />
                {row.events.length} more deltas, {seconds(row.events[0]?.atMs ?? 0)} to{' '}
                {seconds(row.events.at(-1)?.atMs ?? 0)} s
              </button>
            </li>
          ) : (
            <li key={row.at} className="flex h-6 items-center gap-3 px-4">
              <span className="w-12 shrink-0 text-right text-fg-3">{seconds(row.event.atMs)}</span>
              <span
                className={`w-60 shrink-0 truncate max-sm:w-40 ${isDelta(row.event) ? 'text-fg-3' : 'font-medium'}`}
              >
                {row.event.type}
              </span>
              <span className="min-w-0 truncate text-fg-2" title={row.event.data}>
                {row.event.data}
              </span>
            </li>
          ),
        )}
      </ol>
      <p className="flex items-center gap-3 px-4 py-1 pl-19 text-fg-3">
        {busy && <Dot tone="busy" pulse />}
        {run.events.length} events{busy ? ' so far, following' : ''}
      </p>
    </div>
  );
}
