'use client';
/** What it served by model, dearest first: how much, how fast, how much of it cached, for how much. */
import {
  formatCount,
  formatDuration,
  formatMoney,
  formatPercent,
  formatTokens,
} from '../../../../../lib/format.ts';
import type { AccountDetailView, AccountModelView } from '../../../../../lib/wire/account-detail-views.ts';
import { CardHead } from '../../../../_components/card.tsx';
import { type FigureColumn, FigureTable } from '../../../../_components/figure-table.tsx';
import { ProblemNote } from '../../../../_components/problem-note.tsx';
import { RANGE_WORDS } from '../../../../_components/range-pick.tsx';
import type { Answer } from '../../../../_data/ask.ts';

type Row = AccountModelView & { readonly all?: true };

const COLUMNS: readonly FigureColumn<Row>[] = [
  {
    name: 'Model',
    words: true,
    cell: ({ model, all }) =>
      all ? 'All models' : <span className="font-mono text-11">{model === '' ? 'none named' : model}</span>,
  },
  { name: 'Calls', cell: ({ calls }) => formatCount(calls) },
  { name: 'Tokens in', cell: ({ inputTokens }) => formatTokens(inputTokens) },
  { name: 'Cached', cell: ({ cachedShare }) => formatPercent(cachedShare) },
  { name: 'Tokens out', cell: ({ outputTokens }) => formatTokens(outputTokens) },
  { name: 'First token p50', cell: ({ p50Ms }) => formatDuration(p50Ms) },
  { name: 'p95', cell: ({ p95Ms }) => formatDuration(p95Ms) },
  { name: 'Cost', cell: ({ cost }) => formatMoney(cost) },
];

export function ByModel({ answer: { data, problem, retry } }: { answer: Answer<AccountDetailView> }) {
  const rows: readonly Row[] = data ? [...data.models, { ...data.total, model: '', all: true }] : [];
  return (
    <section aria-label="By model" className="card min-w-0">
      <CardHead title="By model" note={data ? RANGE_WORDS[data.range] : ''} />
      {problem && !data ? (
        <ProblemNote title="The figures could not be read" problem={problem} retry={retry} />
      ) : data?.total.calls === 0 ? (
        <p className="px-4 py-4 text-12 text-fg-2">It answered no call in that time.</p>
      ) : (
        <FigureTable
          label="Figures by model"
          rows={rows}
          columns={COLUMNS}
          keyOf={({ model, all }) => (all ? 'all' : `of ${model}`)}
          summed
        />
      )}
    </section>
  );
}
