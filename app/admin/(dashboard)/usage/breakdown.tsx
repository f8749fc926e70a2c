'use client';
/** Usage by account, model, client key or endpoint, dearest first, with the total. */
import type { ReactNode } from 'react';
import { formatCount, formatMoney, formatPercent, formatTokens } from '../../../../lib/format.ts';
import type { UsageBreakdownView, UsageGroup } from '../../../../lib/wire/usage-views.ts';
import { Swatch } from '../../../_components/account-mark.tsx';
import { CardHead } from '../../../_components/card.tsx';
import { Empty } from '../../../_components/empty.tsx';
import { type FigureColumn, FigureTable } from '../../../_components/figure-table.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import type { Answer } from '../../../_data/ask.ts';
import { useAccounts } from '../../../_data/resources.ts';

const ALL = 'all';

export function Breakdown({
  answer,
  before,
  pick,
}: {
  answer: Answer<UsageBreakdownView>;
  /** What the same keys cost in the calendar period before. */
  before: { readonly name: string; readonly view: UsageBreakdownView | undefined } | null;
  pick: ReactNode;
}) {
  const { data, problem, retry } = answer;
  const accounts = useAccounts().data;
  const hues = new Map(accounts?.map(({ id, hue }) => [id, hue]));
  const rows: readonly UsageGroup[] = data ? [...data.groups, { ...data.total, key: ALL, name: 'All' }] : [];
  const total = data?.total.cost ?? null;
  const then = before?.view;
  const costBefore = (key: string): number | null | undefined =>
    key === ALL ? then?.total.cost : then?.groups.find((group) => group.key === key)?.cost;
  const columns: readonly FigureColumn<UsageGroup>[] = [
    {
      name: 'Of',
      words: true,
      cell: ({ key, name }) => (
        <span className="flex items-center gap-2">
          {data?.by === 'account' && key !== ALL && <Swatch hue={hues.get(key) ?? null} />}
          <bdi
            className={`max-w-60 truncate ${data?.by === 'model' && key !== ALL ? 'font-mono text-11' : ''}`}
          >
            {name}
          </bdi>
        </span>
      ),
    },
    { name: 'Calls', cell: (row) => formatCount(row.requests) },
    { name: 'In', cell: (row) => formatTokens(row.inputTokens) },
    { name: 'Cached', cell: (row) => formatPercent(row.cachedShare) },
    { name: 'Out', cell: (row) => formatTokens(row.outputTokens) },
    { name: '429', cell: (row) => formatCount(row.limited) },
    {
      name: 'Share',
      cell: (row) =>
        formatPercent(total === null || total === 0 || row.cost === null ? null : row.cost / total),
    },
    ...(before === null
      ? []
      : [{ name: before.name, cell: ({ key }: UsageGroup) => formatMoney(costBefore(key) ?? null) }]),
    { name: 'Cost', cell: (row) => formatMoney(row.cost) },
  ];
  return (
    <section aria-label="Usage by group" className="card min-w-0">
      <CardHead title="By" wrap>
        {pick}
      </CardHead>
      {problem && !data ? (
        <ProblemNote title="The figures could not be read" problem={problem} retry={retry} />
      ) : data && data.groups.length === 0 ? (
        <Empty title="Nothing was used in that time" hint="npm run -s cam -- usage --by model">
          Figures stand here from the first call on.
        </Empty>
      ) : (
        <FigureTable label="Usage" rows={rows} columns={columns} keyOf={({ key }) => key || 'none'} summed />
      )}
    </section>
  );
}
