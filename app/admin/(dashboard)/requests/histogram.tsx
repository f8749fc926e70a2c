'use client';
/**
 * When the calls of the list began, and what became of them; with a search, over all calls of that time, each on a
 * scale of its own, because a few matches among thousands would not be seen on one. Drawing over it, or Enter on a
 * period, narrows the list to that time.
 */
import { X } from 'lucide-react';
import { type PointerEvent, useState } from 'react';
import { formatCount, formatCountOf } from '../../../../lib/format.ts';
import type { RequestBarView, RequestHistogramView } from '../../../../lib/wire/views.ts';
import { periodWords } from '../../../_components/bucket-tick.ts';
import { Button } from '../../../_components/button.tsx';
import { ChartWalk } from '../../../_components/chart-walk.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { dayMonth, hourMinute } from '../../../_components/times.tsx';
import { setParams, useParam } from '../../../_data/params.ts';
import { type RequestFilter, useHistogram } from '../../../_data/resources.ts';

/** From the axis up. What went well is quiet. */
const KINDS = [
  ['delivered', 'delivered', 'bg-fg-3/45'],
  ['running', 'running', 'bg-acc'],
  ['left', 'left by the client', 'bg-line-2'],
  ['moved', 'moved', 'bg-warn'],
  ['failed', 'failed', 'bg-bad'],
] as const;
type Kind = (typeof KINDS)[number][0];

const sumOf = (bar: RequestBarView): number => KINDS.reduce((sum, [kind]) => sum + bar[kind], 0);
const DAY_MS = 86_400_000;

export function Histogram({ filter }: { filter: RequestFilter }) {
  const { data, problem, retry } = useHistogram(filter);
  const { search, ...unsearched } = filter;
  const all = useHistogram(search === undefined ? null : unsearched).data;
  const beside = search === undefined ? undefined : all;
  const [from] = useParam('from');
  const [pointed, setPointed] = useState<number | null>(null);
  const [drawn, setDrawn] = useState<readonly [from: number, to: number] | null>(null);
  if (problem && !data) {
    return (
      <p className="flex h-28 items-center justify-center gap-3 border-b px-4 text-12 text-fg-2" role="alert">
        The times could not be read. {problem.message}
        <Button size="small" onClick={retry}>
          Try again
        </Button>
      </p>
    );
  }
  if (!data)
    return (
      <div className="border-b px-4 pt-2 pb-1">
        <Bone className="h-25.5 max-sm:h-27.5" />
      </div>
    );
  const narrow = (one: number, other: number) => {
    const first = data.bars[Math.min(one, other)];
    const last = data.bars[Math.max(one, other)];
    setDrawn(null);
    setPointed(null);
    if (first && last)
      setParams({
        from: String(first.fromMs),
        to: String(last.fromMs + data.stepMs),
        since: null,
      });
  };
  const shown = pointed === null ? undefined : data.bars[pointed];
  return (
    <section aria-label="When they began" className="border-b px-4 pt-2 pb-1">
      <div className="flex h-7 items-center gap-x-3 text-11 text-fg-3 max-sm:h-9">
        <p className="line-clamp-2 min-w-0 sm:line-clamp-1">
          {shown ? sayBar(shown, data) : saySum(data)}
          {!shown && beside && ` · of ${formatCountOf(sumOfAll(beside), 'call')}, drawn below`}
          {drawn && ` · release to see only these`}
        </p>
        {from !== null && (
          <Button
            look="quiet"
            size="small"
            className="ml-auto"
            onClick={() => setParams({ from: null, to: null })}
          >
            <X size={14} />
            Clear range
          </Button>
        )}
      </div>
      <ChartWalk
        label={`When the calls began: ${saySum(data)}`}
        count={data.bars.length}
        pointed={pointed}
        onPoint={setPointed}
        onPick={(at) => narrow(at, at)}
        say={(at) => (data.bars[at] === undefined ? '' : sayBar(data.bars[at], data))}
      >
        <Bars
          data={data}
          beside={beside}
          pointed={pointed}
          drawn={drawn}
          onPoint={setPointed}
          onDraw={setDrawn}
          onDrawn={narrow}
        />
        <Ends data={data} />
      </ChartWalk>
    </section>
  );
}

interface BarsProps {
  readonly data: RequestHistogramView;
  /** Of all calls of that time, where the list is searched. */
  readonly beside: RequestHistogramView | undefined;
  readonly pointed: number | null;
  readonly drawn: readonly [number, number] | null;
  readonly onPoint: (at: number | null) => void;
  readonly onDraw: (range: readonly [number, number] | null) => void;
  readonly onDrawn: (from: number, to: number) => void;
}

function Bars({ data, beside, pointed, drawn, onPoint, onDraw, onDrawn }: BarsProps) {
  const { bars } = data;
  const peak = Math.max(1, ...bars.map(sumOf));
  const allAt = new Map(beside?.bars.map((bar) => [bar.fromMs, sumOf(bar)]));
  const allPeak = Math.max(1, ...allAt.values());
  const atOf = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.max(0, Math.min(bars.length - 1, Math.floor(share * bars.length)));
  };
  const within = (at: number) => drawn !== null && at >= Math.min(...drawn) && at <= Math.max(...drawn);
  return (
    <div
      aria-hidden="true"
      className="flex h-14 cursor-crosshair touch-pan-y items-stretch border-b border-line-2"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        onDraw([atOf(event), atOf(event)]);
      }}
      onPointerMove={(event) => {
        const at = atOf(event);
        onPoint(at);
        if (drawn) onDraw([drawn[0], at]);
      }}
      onPointerUp={(event) => drawn && onDrawn(drawn[0], atOf(event))}
      onPointerCancel={() => onDraw(null)}
      onPointerLeave={() => onPoint(null)}
    >
      {bars.map((bar, at) => (
        <div
          key={bar.fromMs}
          className={`flex min-w-0 flex-1 flex-col px-px ${within(at) ? 'bg-fg/10' : at === pointed ? 'bg-fg/5' : ''}`}
        >
          <span className="flex min-h-0 flex-1 flex-col-reverse">
            {KINDS.map(
              ([kind, , look]) =>
                bar[kind] > 0 && (
                  <span
                    key={kind}
                    className={`block min-h-0.5 shrink-0 ${look}`}
                    style={{ height: `${(bar[kind] / peak) * 92}%` }}
                  />
                ),
            )}
          </span>
          {beside && (
            <span className="flex h-5 shrink-0 flex-col-reverse border-t border-line-2">
              <span
                className="block bg-fg-3/30"
                style={{ height: `${((allAt.get(bar.fromMs) ?? 0) / allPeak) * 88}%` }}
              />
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

function Ends({ data: { fromMs, toMs, bars } }: { data: RequestHistogramView }) {
  const days = toMs - fromMs > DAY_MS;
  const middle = bars[Math.floor(bars.length / 2)]?.fromMs ?? fromMs;
  const say = (atMs: number) => (days ? `${dayMonth(atMs)} ${hourMinute(atMs)}` : hourMinute(atMs));
  return (
    <div aria-hidden="true" className="flex justify-between pt-0.5 text-11 text-fg-3">
      <span>{say(fromMs)}</span>
      <span>{say(middle)}</span>
      <span>{say(toMs)}</span>
    </div>
  );
}

const sayKinds = (count: (kind: Kind) => number): string =>
  KINDS.filter(([kind]) => count(kind) > 0)
    .map(([kind, words]) => `${formatCount(count(kind))} ${words}`)
    .join(' · ');

function sayBar(bar: RequestBarView, { stepMs }: RequestHistogramView): string {
  const kinds = sayKinds((kind) => bar[kind]);
  return `${periodWords(bar.fromMs, stepMs)}: ${kinds === '' ? 'no call' : kinds}`;
}

const sumOfAll = ({ bars }: RequestHistogramView): number => bars.reduce((sum, bar) => sum + sumOf(bar), 0);

function saySum(view: RequestHistogramView): string {
  const { bars } = view;
  const all = sumOfAll(view);
  if (all === 0) return 'no call in that time';
  const kinds = sayKinds((kind) => bars.reduce((sum, bar) => sum + bar[kind], 0));
  return `${formatCountOf(all, 'call')}: ${kinds}`;
}
