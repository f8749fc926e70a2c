'use client';
/**
 * One limit in its window: what was used by when, and where eight of ten likely ends lie. Beyond now the lines are
 * straight: the forecast says where they end, not how they get there.
 */
import { useState } from 'react';
import { formatCount, formatLimit, formatMoney } from '../../../../lib/format.ts';
import type { LimitForecastView, UsageBurnView } from '../../../../lib/wire/usage-views.ts';
import { axisOf } from '../../../_components/chart-axis.ts';
import { ChartWalk } from '../../../_components/chart-walk.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { dayMonth, hourMinute } from '../../../_components/times.tsx';
import { useBurn } from '../../../_data/resources.ts';

const HEIGHT = 100;
const WIDTH = 1_000;

export function BurnChart({ limit }: { limit: LimitForecastView }) {
  const { holder, window, amount } = limit;
  const { data, problem, retry } = useBurn({ kind: holder.kind, id: holder.id, window, amount });
  return (
    <div className="flex min-w-0 flex-col px-4 pt-3 pb-2">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 pb-2 text-12">
        <span className="min-w-0 max-w-full truncate">
          <bdi className="font-medium">{holder.name}</bdi> <span className="text-fg-3">{window} limit</span>
        </span>
        <Legend limit={limit} />
      </p>
      {problem && !data ? (
        <ProblemNote title="The use of this limit could not be read" problem={problem} retry={retry} />
      ) : data ? (
        <Chart limit={limit} burn={data} />
      ) : (
        <Bone className="h-52" />
      )}
    </div>
  );
}

const sayOf = ({ amount }: LimitForecastView): ((figure: number) => string) =>
  amount === 'cost' ? formatMoney : amount === 'tokens' ? formatLimit : formatCount;

function Legend({ limit }: { limit: LimitForecastView }) {
  return (
    <span className="flex items-center gap-3 text-11 text-fg-3">
      <span className="flex items-center gap-1.5">
        <span className="h-0.5 w-3 bg-acc" /> Used
      </span>
      {limit.expected !== null && (
        <span className="flex items-center gap-1.5">
          <span className="h-2.5 w-3 bg-acc/20" /> Expected, 8 in 10
        </span>
      )}
    </span>
  );
}

function Chart({ limit, burn }: { limit: LimitForecastView; burn: UsageBurnView }) {
  const [pointed, setPointed] = useState<number | null>(null);
  const say = sayOf(limit);
  const { fromMs, toMs, stepMs, atMs, used } = burn;
  const span = toMs - fromMs;
  const nowAt = Math.min(1, Math.max(0, (atMs - fromMs) / span));
  const last = used.at(-1) ?? 0;
  const axis = axisOf(Math.max(limit.limit * 1.08, last, limit.high ?? 0));
  const x = (share: number): number => share * WIDTH;
  const y = (figure: number): number => HEIGHT - (figure / axis.top) * HEIGHT;
  const stepEnd = (at: number): number => Math.min(nowAt, ((at + 1) * stepMs) / span);
  const line = `M0 ${y(0)}${used.map((figure, at) => `L${x(stepEnd(at)).toFixed(1)} ${y(figure).toFixed(2)}`).join('')}`;
  const { expected, low, high, runsOutMs } = limit;
  const inPlace = (figure: number) => ({ bottom: `${(figure / axis.top) * 100}%` });
  const time = limit.window === 'day' ? hourMinute : dayMonth;
  const sayStep = (at: number): string =>
    `by ${time(Math.min(atMs, fromMs + (at + 1) * stepMs))}: ${say(used[at] ?? 0)} of ${say(limit.limit)}`;
  const out =
    runsOutMs === null || runsOutMs < fromMs || runsOutMs > toMs ? null : (runsOutMs - fromMs) / span;
  return (
    <ChartWalk
      label={`How the ${limit.window} limit of ${limit.holder.name} is used up: ${say(last)} of ${say(limit.limit)} now${expected === null ? '' : `, ${say(expected)} expected`}`}
      count={used.length}
      pointed={pointed}
      onPoint={setPointed}
      say={sayStep}
      className="grid min-h-51 flex-1 grid-cols-[auto_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_20px] gap-x-2 text-11 text-fg-3"
    >
      <div aria-hidden="true" className="relative min-w-11 text-right whitespace-nowrap">
        {axis.steps
          .filter((figure) => Math.abs(figure - limit.limit) > axis.top * 0.06)
          .map((figure) => (
            <span key={figure} className="absolute right-0 translate-y-1/2" style={inPlace(figure)}>
              {say(figure)}
            </span>
          ))}
        <b className="absolute right-0 translate-y-1/2 font-semibold text-fg" style={inPlace(limit.limit)}>
          {say(limit.limit)}
        </b>
      </div>
      <div
        aria-hidden="true"
        className="relative min-w-0"
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const at = Math.floor((((event.clientX - box.left) / box.width) * span) / stepMs);
          setPointed(at >= 0 && at < used.length ? at : null);
        }}
        onPointerLeave={() => setPointed(null)}
      >
        <span className="absolute inset-x-0 border-t border-fg" style={inPlace(limit.limit)}>
          <span className="absolute bottom-0.5 left-0 text-fg-2">Limit</span>
        </span>
        <span className="absolute inset-x-0 bottom-0 border-t border-line-2" />
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="absolute inset-0 block size-full overflow-visible"
          aria-hidden="true"
        >
          <path d={`${line}V${HEIGHT}H0Z`} className="fill-acc/8" />
          {expected !== null && (
            <>
              <path
                d={`M${x(nowAt)} ${y(last)}L${WIDTH} ${y(Math.max(last, high ?? expected))}V${y(Math.max(last, low ?? expected))}Z`}
                className="fill-acc/20"
              />
              <path
                d={`M${x(nowAt)} ${y(last)}L${WIDTH} ${y(Math.max(last, expected))}`}
                fill="none"
                strokeDasharray="4 3"
                vectorEffect="non-scaling-stroke"
                className="stroke-acc"
              />
            </>
          )}
          <path
            d={line}
            fill="none"
            strokeWidth="1.75"
            vectorEffect="non-scaling-stroke"
            className="stroke-acc"
          />
        </svg>
        <span className="absolute inset-y-0 border-l" style={{ left: `${nowAt * 100}%` }} />
        {out !== null && (
          <>
            <span className="absolute inset-y-0 border-l border-warn" style={{ left: `${out * 100}%` }} />
            <span
              className="absolute bottom-2 rounded-inner bg-warn-soft px-2 py-0.5 text-warn-text"
              style={out > 0.5 ? { right: `${(1 - out) * 100}%` } : { left: `${out * 100}%` }}
            >
              Runs out {time(runsOutMs ?? 0)}
            </span>
          </>
        )}
        {pointed !== null && (
          <>
            <span
              className="pointer-events-none absolute inset-y-0 border-l border-fg/40"
              style={{ left: `${stepEnd(pointed) * 100}%` }}
            />
            <span className="pointer-events-none absolute top-0 left-1/2 -translate-x-1/2 rounded-inner border bg-surface px-2 py-0.5 whitespace-nowrap text-fg shadow-card">
              {sayStep(pointed)}
            </span>
          </>
        )}
      </div>
      <span />
      <div aria-hidden="true" className="relative pt-1">
        <span className="absolute left-0">{time(fromMs)}</span>
        {nowAt > 0.12 && nowAt < 0.88 && (
          <span className="absolute -translate-x-1/2 font-medium text-fg" style={{ left: `${nowAt * 100}%` }}>
            now
          </span>
        )}
        <span className="absolute right-0">{limit.window === 'day' ? '24:00' : dayMonth(toMs - 1)}</span>
      </div>
    </ChartWalk>
  );
}
