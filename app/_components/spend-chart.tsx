'use client';
/** Spend, tokens or requests over a time, by whom; the legend also answers when a bar is pointed at. */
import { type ReactNode, useState } from 'react';
import { NANO_PER_DOLLAR } from '../../lib/base/money.ts';
import { formatCount, formatLimit, formatMoney } from '../../lib/format.ts';
import type { Answer } from '../_data/ask.ts';
import { useParam } from '../_data/params.ts';
import { useMedia } from '../_data/wide.ts';
import { Swatch } from './account-mark.tsx';
import { bucketTick, periodWords } from './bucket-tick.ts';
import { ProblemNote } from './problem-note.tsx';
import { Segmented } from './segmented.tsx';
import { Loading } from './skeleton.tsx';
import { type Bar, StackedBars } from './stacked-bars.tsx';

type Kind = 'cost' | 'tokens' | 'requests';

const KINDS: Record<
  Kind,
  {
    name: string;
    axis: (value: number, step: number) => string;
    read: (value: number) => string;
    least: number;
  }
> = {
  cost: { name: 'Spend', axis: moneyAxis, read: formatMoney, least: 10_000_000 },
  tokens: { name: 'Tokens', axis: (value) => formatLimit(value), read: formatLimit, least: 1000 },
  requests: { name: 'Requests', axis: (value) => formatLimit(value), read: formatCount, least: 5 },
};

/** Cents at least, and as many digits as tell two lines of the axis apart. */
function moneyAxis(nano: number, step: number): string {
  let digits = 2;
  while (digits < 6 && Math.round(step * 10 ** digits) % NANO_PER_DOLLAR !== 0) digits += 1;
  return `$${(nano / NANO_PER_DOLLAR).toFixed(digits)}`;
}

/** What the bars are drawn from. */
export interface SpendSeries {
  /** `account`, `model`: whose amounts the parts of a bar are. */
  readonly by: string;
  /** `this month`, behind `in`. */
  readonly time: string;
  readonly stepMs: number;
  /** The last bar is not complete yet. */
  readonly running: boolean;
  readonly groups: readonly SpendGroup[];
  readonly buckets: readonly {
    readonly fromMs: number;
    readonly parts: readonly {
      readonly key: string | null;
      readonly requests: number;
      readonly tokens: number | null;
      readonly cost: number | null;
    }[];
  }[];
}

interface SpendGroup {
  /** Null for all others together. */
  readonly key: string | null;
  readonly name: string;
  readonly hue: number | null;
}

const OTHERS = 'others';
const idOf = (key: string | null): string => key ?? OTHERS;

export function SpendChart({ series, tools }: { series: Answer<SpendSeries>; tools?: ReactNode }) {
  const [param, setParam] = useParam('chart');
  const [pointed, setPointed] = useState<number | null>(null);
  const narrow = !useMedia('(min-width: 640px)');
  const kind: Kind = param === 'tokens' || param === 'requests' ? param : 'cost';
  const { name, axis, read, least } = KINDS[kind];
  const { data } = series;
  const title = `${name} by ${data?.by ?? 'account'}`;
  const bars = data ? data.buckets.map((bucket) => barOf(bucket, data, kind)) : [];
  return (
    <section aria-label={title} className="card flex min-w-0 flex-col">
      <header className="flex min-h-13 flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3">
        <h2 className="text-13 font-semibold">{title}</h2>
        {data && pointed !== null && bars[pointed] && (
          <span className="text-12 text-fg-3">{periodWords(bars[pointed].atMs, data.stepMs)}</span>
        )}
        {data && <Legend series={data} bar={pointed === null ? undefined : bars[pointed]} read={read} />}
        <div className="flex flex-wrap gap-2 sm:ml-auto">
          {tools}
          <Segmented
            label="What the bars show"
            value={kind}
            onChange={(next) => setParam(next === 'cost' ? null : next)}
            options={[
              { value: 'cost', label: 'Spend' },
              { value: 'tokens', label: 'Tokens' },
              { value: 'requests', label: 'Requests' },
            ]}
          />
        </div>
      </header>
      <div className="h-58 grow px-4 pt-4 pb-2">
        {series.problem && !data ? (
          <ProblemNote title="This chart could not be read" problem={series.problem} retry={series.retry} />
        ) : data ? (
          <StackedBars
            label={sentence(data, title, bars, read)}
            bars={bars}
            running={data.running}
            format={axis}
            tick={(bar, at) =>
              bucketTick(bar.atMs, at, bars.length, { stepMs: data.stepMs, running: data.running, narrow })
            }
            pointed={pointed}
            onPoint={setPointed}
            say={(bar) => sayBar(bar, data, read)}
            least={least}
          />
        ) : (
          <Loading label="Loading the chart" />
        )}
      </div>
    </section>
  );
}

function barOf(bucket: SpendSeries['buckets'][number], { groups }: SpendSeries, kind: Kind): Bar {
  const amounts = new Map(bucket.parts.map((part) => [part.key, part[kind] ?? 0]));
  return {
    atMs: bucket.fromMs,
    parts: groups.map(({ key, hue }) => ({ id: idOf(key), hue, value: amounts.get(key) ?? 0 })),
  };
}

const valueIn = (bar: Bar, { key }: SpendGroup): number =>
  bar.parts.find((part) => part.id === idOf(key))?.value ?? 0;

function sayBar(bar: Bar, { groups, stepMs }: SpendSeries, read: (value: number) => string): string {
  const parts = groups
    .map((group) => ({ name: group.name, value: valueIn(bar, group) }))
    .filter(({ value }) => value > 0)
    .map(({ name, value }) => `${name} ${read(value)}`);
  return `${periodWords(bar.atMs, stepMs)}: ${parts.length === 0 ? 'nothing' : parts.join(', ')}`;
}

function Legend(props: { series: SpendSeries; bar: Bar | undefined; read: (value: number) => string }) {
  const { bar, read } = props;
  return (
    <ul className="flex flex-wrap gap-x-3.5 gap-y-1 text-12 text-fg-2">
      {props.series.groups.map((group) => (
        <li key={idOf(group.key)} className="flex items-center gap-1.5">
          <Swatch hue={group.hue} />
          <bdi className="max-w-32 truncate">{group.name}</bdi>
          {bar && <span className="text-fg">{read(valueIn(bar, group))}</span>}
        </li>
      ))}
    </ul>
  );
}

function sentence(
  { groups, time }: SpendSeries,
  title: string,
  bars: readonly Bar[],
  read: (value: number) => string,
): string {
  const said = groups
    .map((group) => ({ name: group.name, total: bars.reduce((sum, bar) => sum + valueIn(bar, group), 0) }))
    .filter(({ total }) => total > 0)
    .map(({ name, total }) => `${name} ${read(total)}`);
  return `${title} in ${time}: ${said.length === 0 ? 'nothing yet' : said.join(', ')}`;
}
