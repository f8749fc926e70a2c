'use client';
/** Six figures in one strip: money today and this month, how much, how well, how cheap, how fast. */
import type { ReactNode } from 'react';
import {
  formatCount,
  formatDuration,
  formatMoney,
  formatPercent,
  formatTokens,
} from '../../../../lib/format.ts';
import type { SeriesBucket, UsageSummaryView } from '../../../../lib/wire/views.ts';
import { wholeMoney } from '../../../_components/account-figures.ts';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { Spark, type SparkTone } from '../../../_components/spark.tsx';
import type { Answer } from '../../../_data/ask.ts';
import { useForecast } from '../../../_data/resources.ts';

interface Figure {
  readonly name: string;
  /** What it will tell, shown while there is nothing to tell. */
  readonly promise: string;
  readonly value: (usage: UsageSummaryView) => string;
  readonly note: (usage: UsageSummaryView) => ReactNode;
  readonly points: (bucket: SeriesBucket) => number | null;
  readonly tone?: (usage: UsageSummaryView) => SparkTone;
}

const Strong = ({ children }: { children: ReactNode }) => <b className="font-medium text-fg-2">{children}</b>;

const costOf = (bucket: SeriesBucket): number | null => {
  const known = bucket.byAccount.map(({ cost }) => cost).filter((cost) => cost !== null);
  return bucket.byAccount.length > 0 && known.length === 0
    ? null
    : known.reduce((sum, cost) => sum + cost, 0);
};
const requestsOf = (bucket: SeriesBucket): number =>
  bucket.byAccount.reduce((sum, { requests }) => sum + requests, 0);

/** Trouble counts as present while the last two periods had it. */
const isFailing = (usage: UsageSummaryView): boolean =>
  usage.totals.failed > 0 || usage.series.slice(-2).some(({ limited }) => limited > 0);

const FIGURES: readonly Figure[] = [
  {
    name: 'Spend today',
    promise: 'against your day limit',
    value: ({ today }) => formatMoney(today.cost),
    note: ({ today }) =>
      today.limit === null ? (
        'no day limit set'
      ) : (
        <>
          of <Strong>{wholeMoney(today.limit)}</Strong> day budget
        </>
      ),
    points: costOf,
    tone: () => 'money',
  },
  {
    name: 'Month to date',
    promise: 'with a forecast',
    value: ({ month }) => formatMoney(month.cost),
    note: (usage) => <MonthNote usage={usage} />,
    points: costOf,
    tone: () => 'money',
  },
  {
    name: 'Requests',
    promise: 'tokens in and out',
    value: ({ totals }) => formatCount(totals.requests),
    note: ({ totals }) =>
      `${formatTokens(totals.inputTokens)} tokens in · ${formatTokens(totals.outputTokens)} out${
        totals.estimatedCalls === 0 ? '' : ` · ${formatCount(totals.estimatedCalls)} estimated`
      }`,
    points: requestsOf,
  },
  {
    name: 'Delivered',
    promise: '429s and where they went',
    value: ({ totals }) => formatPercent(ratio(totals.delivered, totals.delivered + totals.failed)),
    note: (usage) => (
      <span className={isFailing(usage) ? 'text-bad-text' : ''}>
        {usage.totals.limited} × 429 · {usage.totals.movedCalls} moved
      </span>
    ),
    points: ({ limited }) => limited,
    tone: (usage) => (isFailing(usage) ? 'bad' : 'calm'),
  },
  {
    name: 'Cache hits',
    promise: 'and what they saved',
    value: ({ totals }) => formatPercent(ratio(totals.cachedTokens, totals.inputTokens)),
    note: ({ totals }) =>
      totals.cacheSaved === null || totals.cacheSaved === 0 ? (
        'of tokens in'
      ) : (
        <>
          saved <b className="font-medium text-ok-text">{formatMoney(totals.cacheSaved)}</b>
        </>
      ),
    points: ({ cachedShare }) => cachedShare,
  },
  {
    name: 'First token, p95',
    promise: 'and what the proxy adds',
    value: ({ totals }) => formatDuration(totals.firstTokenP95Ms),
    note: ({ totals }) =>
      `p50 ${formatDuration(totals.firstTokenP50Ms)} · proxy ${formatDuration(totals.overheadP50Us === null ? null : totals.overheadP50Us / 1000)}`,
    points: ({ firstTokenP95Ms }) => firstTokenP95Ms,
  },
];

const ratio = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole === 0 ? null : part / whole;

export function FigureStrip({ usage, empty }: { usage: Answer<UsageSummaryView>; empty: boolean }) {
  if (usage.problem && !usage.data) {
    return (
      <section aria-label="Figures" className="card min-h-34">
        <ProblemNote title="The figures could not be read" problem={usage.problem} retry={usage.retry} />
      </section>
    );
  }
  return (
    <section
      aria-label="Figures"
      className="card grid grid-cols-2 overflow-hidden sm:grid-cols-3 xl:grid-cols-6 [&>*]:-mt-px [&>*]:-ml-px [&>*]:border-t [&>*]:border-l"
    >
      {FIGURES.map((figure) => (
        <Cell key={figure.name} figure={figure} usage={usage.data} empty={empty} />
      ))}
    </section>
  );
}

function Cell({
  figure,
  usage,
  empty,
}: {
  figure: Figure;
  usage: UsageSummaryView | undefined;
  empty: boolean;
}) {
  const value = usage && !empty ? figure.value(usage) : '—';
  const [number, unit] = splitUnit(value);
  return (
    <div className="h-34.25 min-w-0 px-4 pt-3.5">
      <h2 className="text-12 text-fg-2">{figure.name}</h2>
      {usage || empty ? (
        <p className={`pt-0.5 text-26 tracking-[-0.03em] ${value === '—' ? 'text-fg-3' : 'font-semibold'}`}>
          {number}
          {unit && <span className="pl-1 text-12 font-normal tracking-normal text-fg-3">{unit}</span>}
        </p>
      ) : (
        <Bone className="mt-2 mb-1.5 h-5 w-20" />
      )}
      <p className="min-h-4.5 truncate pt-0.5 text-12 text-fg-3">
        {empty ? figure.promise : usage && figure.note(usage)}
      </p>
      <div className="h-10 pt-2.5">
        {usage && !empty ? (
          <Spark
            label={`${figure.name}: ${value}`}
            points={usage.series.map(figure.points)}
            tone={figure.tone?.(usage) ?? 'calm'}
          />
        ) : (
          <div className="mt-5 border-t border-dashed border-line-2" />
        )}
      </div>
    </div>
  );
}

function MonthNote({ usage }: { usage: UsageSummaryView }) {
  const month = useForecast().data?.month;
  const limit = usage.month.limit === null ? null : wholeMoney(usage.month.limit);
  if (month === undefined || month.expected === null || month.low === null || month.high === null)
    return limit === null ? 'no month limit set' : `of ${limit}`;
  const band = `between ${wholeMoney(month.low)} and ${wholeMoney(month.high)}, four times out of five`;
  return (
    <span title={band}>
      forecast <Strong>{wholeMoney(month.expected)}</Strong>
      <span className="sr-only">, {band}</span>
      {limit !== null && ` of ${limit}`}
    </span>
  );
}

/** `1.38 s` is a number and a unit; `$18.63` is a number. */
function splitUnit(value: string): readonly [string, string | null] {
  const parts = /^([\d.,]+)\s?(%|ms|s)$/.exec(value);
  return parts ? [parts[1] ?? value, parts[2] ?? null] : [value, null];
}
