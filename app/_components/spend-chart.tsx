'use client';
/** Spend, tokens or requests by account over the range; the legend also answers when a bar is pointed at. */
import { useState } from 'react';
import { NANO_PER_DOLLAR } from '../../lib/base/money.ts';
import { formatCount, formatLimit, formatMoney } from '../../lib/format.ts';
import type { SeriesBucket, UsageSummaryView } from '../../lib/wire/views.ts';
import type { Answer } from '../_data/ask.ts';
import { useParam } from '../_data/params.ts';
import { useMedia } from '../_data/wide.ts';
import { Swatch } from './account-mark.tsx';
import { bucketTick, periodWords } from './bucket-tick.ts';
import { ProblemNote } from './problem-note.tsx';
import { RANGE_WORDS } from './range-pick.tsx';
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

export function SpendChart({ usage }: { usage: Answer<UsageSummaryView> }) {
  const [param, setParam] = useParam('chart');
  const [pointed, setPointed] = useState<number | null>(null);
  const narrow = !useMedia('(min-width: 640px)');
  const kind: Kind = param === 'tokens' || param === 'requests' ? param : 'cost';
  const { name, axis, read, least } = KINDS[kind];
  const { data } = usage;
  const bars = data ? data.series.map((bucket) => barOf(bucket, data, kind)) : [];
  return (
    <section aria-label={`${name} by account`} className="card flex min-w-0 flex-col">
      <header className="flex min-h-13 flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3">
        <h2 className="text-13 font-semibold">{name} by account</h2>
        {data && pointed !== null && bars[pointed] && (
          <span className="text-12 text-fg-3">{periodWords(bars[pointed].atMs, data.stepMs)}</span>
        )}
        {data && <Legend usage={data} bar={pointed === null ? undefined : bars[pointed]} read={read} />}
        <div className="sm:ml-auto">
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
        {usage.problem && !data ? (
          <ProblemNote title="This chart could not be read" problem={usage.problem} retry={usage.retry} />
        ) : data ? (
          <StackedBars
            label={sentence(data, name, bars, read)}
            bars={bars}
            format={axis}
            tick={(bar, at) => bucketTick(bar.atMs, at, bars.length, data.stepMs, narrow)}
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

function barOf(bucket: SeriesBucket, usage: UsageSummaryView, kind: Kind): Bar {
  const amounts = new Map(bucket.byAccount.map((part) => [part.accountId, part[kind] ?? 0]));
  return {
    atMs: bucket.fromMs,
    parts: usage.accounts.map(({ id, hue }) => ({ id, hue, value: amounts.get(id) ?? 0 })),
  };
}

function sayBar(bar: Bar, usage: UsageSummaryView, read: (value: number) => string): string {
  const parts = usage.accounts
    .map(({ id, name }) => ({ name, value: bar.parts.find((part) => part.id === id)?.value ?? 0 }))
    .filter(({ value }) => value > 0)
    .map(({ name, value }) => `${name} ${read(value)}`);
  return `${periodWords(bar.atMs, usage.stepMs)}: ${parts.length === 0 ? 'nothing' : parts.join(', ')}`;
}

function Legend(props: { usage: UsageSummaryView; bar: Bar | undefined; read: (value: number) => string }) {
  const used = props.usage.accounts.filter(({ id }) =>
    props.usage.series.some(({ byAccount }) => byAccount.some((part) => part.accountId === id)),
  );
  return (
    <ul className="flex flex-wrap gap-x-3.5 gap-y-1 text-12 text-fg-2">
      {used.map(({ id, name, hue }) => (
        <li key={id} className="flex items-center gap-1.5">
          <Swatch hue={hue} />
          <bdi className="max-w-32 truncate">{name}</bdi>
          {props.bar && (
            <span className="text-fg">
              {props.read(props.bar.parts.find((part) => part.id === id)?.value ?? 0)}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function sentence(
  usage: UsageSummaryView,
  name: string,
  bars: readonly Bar[],
  read: (value: number) => string,
): string {
  const totals = usage.accounts.map(({ id, name: account }) => ({
    account,
    total: bars.reduce((sum, bar) => sum + (bar.parts.find((part) => part.id === id)?.value ?? 0), 0),
  }));
  const said = totals
    .filter(({ total }) => total > 0)
    .map(({ account, total }) => `${account} ${read(total)}`);
  const what = said.length === 0 ? 'nothing yet' : said.join(', ');
  return `${name} by account in ${RANGE_WORDS[usage.range]}: ${what}`;
}
