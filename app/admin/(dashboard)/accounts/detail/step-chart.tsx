'use client';
/**
 * Steps, not curves: each is what was measured in it, and nothing between them is made up. The line's colour is state:
 * grey, amber from 75 % of the limit, red from 90 %. A step of which nobody knows is a gap.
 */
import { type PointerEvent, useId } from 'react';
import type { AccountDetailView, AccountStepView } from '../../../../../lib/wire/account-detail-views.ts';
import { axisOf } from '../../../../_components/chart-axis.ts';
import { ChartWalk } from '../../../../_components/chart-walk.tsx';
import { dayMonth, hourMinute } from '../../../../_components/times.tsx';
import { useMedia } from '../../../../_data/wide.ts';

export interface StepChartProps {
  readonly label: string;
  readonly detail: AccountDetailView;
  readonly valueOf: (step: AccountStepView) => number | null;
  readonly read: (value: number) => string;
  /** Smallest round top of the axis, so that an empty chart has one. */
  readonly least: number;
  readonly limit: number | null;
  readonly pointed: number | null;
  readonly onPoint: (at: number | null) => void;
  readonly say: (at: number) => string;
}

const HEIGHT = 100;
/** The limit's line is never the frame. */
const OVER_LIMIT = 1.11;
const NEAR = 0.75;
const FULL = 0.9;

export function StepChart(props: StepChartProps) {
  const { detail, limit, read, pointed } = props;
  const count = Math.round((detail.toMs - detail.fromMs) / detail.stepMs);
  const values = detail.steps.map(props.valueOf);
  const highest = Math.max(...values.map((value) => value ?? 0), props.least);
  const axis = axisOf(Math.max(highest, limit ?? 0));
  const top = limit === null ? axis.top : Math.max(axis.top, limit * OVER_LIMIT);
  const yOf = (value: number): number => HEIGHT - (value / top) * HEIGHT;
  const inPlace = (value: number) => ({ bottom: `${(value / top) * 100}%` });
  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * count);
    props.onPoint(at >= 0 && at < detail.steps.length ? at : null);
  };
  // A line of the axis that would touch the limit's leaves its place to it.
  const lines = axis.steps.filter((value) => limit === null || Math.abs(value - limit) > top * 0.06);
  return (
    <ChartWalk
      label={props.label}
      count={detail.steps.length}
      pointed={pointed}
      onPoint={props.onPoint}
      say={props.say}
      className="grid h-full grid-cols-[auto_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_24px_22px] gap-x-2 text-11 text-fg-3"
    >
      <div aria-hidden="true" className="relative grid min-w-9 text-right whitespace-nowrap">
        <span className="invisible col-start-1 row-start-1 h-0">{read(limit ?? axis.top)}</span>
        {lines.map((value) => (
          <span key={value} className="absolute right-0 translate-y-1/2" style={inPlace(value)}>
            {read(value)}
          </span>
        ))}
        {limit !== null && (
          <b className="absolute right-0 translate-y-1/2 font-semibold text-fg" style={inPlace(limit)}>
            {read(limit)}
          </b>
        )}
      </div>
      <div
        aria-hidden="true"
        className="relative min-w-0"
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => props.onPoint(null)}
      >
        {lines.map((value) => (
          <span
            key={value}
            className={`absolute inset-x-0 border-t ${value === 0 ? 'border-line-2' : 'border-dashed'}`}
            style={inPlace(value)}
          />
        ))}
        <Rests detail={detail} />
        <Line values={values} count={count} yOf={yOf} limit={limit} />
        {limit !== null && (
          <span className="absolute inset-x-0 border-t border-fg" style={inPlace(limit)}>
            <span className="absolute bottom-0.5 left-0 text-fg-2">Limit, from headers</span>
          </span>
        )}
        {pointed !== null && (
          <span
            className="pointer-events-none absolute inset-y-0 border-x border-fg/40 bg-fg/5"
            style={{ left: `${(pointed / count) * 100}%`, width: `${100 / count}%` }}
          />
        )}
      </div>
      <span aria-hidden="true" className="pt-2 text-right">
        429s
      </span>
      <Refusals detail={detail} count={count} />
      <Ticks detail={detail} />
    </ChartWalk>
  );
}

function Line(props: {
  values: readonly (number | null)[];
  count: number;
  yOf: (value: number) => number;
  limit: number | null;
}) {
  const { values, count, yOf, limit } = props;
  const id = useId();
  const runs = runsOf(values);
  const at = (share: number) => (limit === null ? 0 : yOf(limit * share) / HEIGHT);
  return (
    <svg
      viewBox={`0 0 ${count} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="absolute inset-0 block size-full overflow-visible"
      aria-hidden="true"
    >
      {limit !== null && (
        <linearGradient id={id} gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="0" y2={HEIGHT}>
          <stop offset={at(FULL)} className="[stop-color:var(--bad)]" />
          <stop offset={at(FULL)} className="[stop-color:var(--warn)]" />
          <stop offset={at(NEAR)} className="[stop-color:var(--warn)]" />
          <stop offset={at(NEAR)} className="[stop-color:var(--fg-3)]" />
        </linearGradient>
      )}
      {runs.map(({ from, values: run }) => {
        const line = pathOf(from, run, yOf);
        return (
          <g key={from}>
            <path d={`${line}V${HEIGHT}H${from}Z`} className="fill-fg-3/10" />
            <path
              d={line}
              fill="none"
              stroke={limit === null ? undefined : `url(#${id})`}
              strokeWidth="1.5"
              vectorEffect="non-scaling-stroke"
              className={limit === null ? 'stroke-fg-3' : ''}
            />
          </g>
        );
      })}
    </svg>
  );
}

function runsOf(values: readonly (number | null)[]): { from: number; values: number[] }[] {
  const runs: { from: number; values: number[] }[] = [];
  values.forEach((value, at) => {
    if (value === null) return;
    const run = runs.at(-1);
    if (run && run.from + run.values.length === at) run.values.push(value);
    else runs.push({ from: at, values: [value] });
  });
  return runs;
}

function pathOf(from: number, run: readonly number[], yOf: (value: number) => number): string {
  const steps = run.map((value, i) => `${i === 0 ? 'M' : 'V'}`.concat(stepOf(from + i, yOf(value), i === 0)));
  return steps.join('');
}

const stepOf = (x: number, y: number, first: boolean): string =>
  first ? `${x} ${y.toFixed(2)}H${x + 1}` : `${y.toFixed(2)}H${x + 1}`;

/** When it was kept from calls, as far as the chart reaches. */
function Rests({ detail }: { detail: AccountDetailView }) {
  const { fromMs, toMs, rests } = detail;
  const share = (ms: number) => ((Math.min(toMs, Math.max(fromMs, ms)) - fromMs) / (toMs - fromMs)) * 100;
  return rests.map((rest) => (
    <span
      key={`${rest.fromMs} ${rest.model ?? ''}`}
      className="absolute inset-y-0 min-w-0.5 bg-bad-soft"
      style={{
        left: `${share(rest.fromMs)}%`,
        width: `${share(rest.untilMs) - share(rest.fromMs)}%`,
      }}
    />
  ));
}

function Refusals({ detail, count }: { detail: AccountDetailView; count: number }) {
  return (
    <svg
      viewBox={`0 0 ${count} 14`}
      preserveAspectRatio="none"
      className="mt-2 block h-4 w-full border-b"
      aria-hidden="true"
    >
      {detail.steps.map((step, at) =>
        step.limited === 0 ? null : (
          <path
            key={step.fromMs}
            d={`M${at + 0.5} 2V12`}
            strokeWidth="3"
            vectorEffect="non-scaling-stroke"
            className="stroke-bad"
          />
        ),
      )}
    </svg>
  );
}

/** Round times: how far apart depends on the range and on the room. */
function Ticks({ detail }: { detail: AccountDetailView }) {
  const narrow = !useMedia('(min-width: 640px)');
  const { fromMs, toMs, steps } = detail;
  const wanted = narrow ? 4 : 7;
  const days = toMs - fromMs > 2 * DAY_MS;
  const everyMs = EVERY_MS.find((ms) => (toMs - fromMs) / ms <= wanted) ?? 7 * DAY_MS;
  const zoneMs = new Date(fromMs).getTimezoneOffset() * 60_000;
  const first = Math.ceil((fromMs - zoneMs) / everyMs) * everyMs + zoneMs;
  const lastMs = steps.at(-1)?.fromMs ?? toMs;
  const places: number[] = [];
  for (let atMs = first; atMs < lastMs - (toMs - fromMs) * 0.04; atMs += everyMs) places.push(atMs);
  const left = (atMs: number) => ({ left: `${((atMs - fromMs) / (toMs - fromMs)) * 100}%` });
  return (
    <div aria-hidden="true" className="relative col-start-2">
      {places.map((atMs) => (
        <span key={atMs} className="absolute top-1.5 -translate-x-1/2 whitespace-nowrap" style={left(atMs)}>
          {days ? dayMonth(atMs) : hourMinute(atMs)}
        </span>
      ))}
      <b
        className="absolute top-1.5 -translate-x-full font-medium text-fg-2"
        style={left(Math.min(toMs, lastMs + detail.stepMs))}
      >
        now
      </b>
    </div>
  );
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const EVERY_MS = [
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  4 * 3_600_000,
  8 * 3_600_000,
  DAY_MS,
  2 * DAY_MS,
  5 * DAY_MS,
];
