'use client';
/** What conversations cost, helpers counted with the one that started them, and what changing accounts cost them. */
import {
  formatCount,
  formatCountOf,
  formatMoney,
  formatPercent,
  formatSpan,
  formatTokens,
} from '../../../../lib/format.ts';
import type { ConversationView } from '../../../../lib/wire/usage-views.ts';
import { CardFoot, CardHead } from '../../../_components/card.tsx';
import { type FigureColumn, FigureTable } from '../../../_components/figure-table.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { useConversations } from '../../../_data/resources.ts';
import type { ShownPeriod } from './periods.ts';

const ID_SHOWN = 8;

const COLUMNS: readonly FigureColumn<ConversationView>[] = [
  {
    name: 'Conversation',
    words: true,
    cell: ({ id }) => <span className="font-mono text-11">{id.slice(0, ID_SHOWN)}</span>,
  },
  { name: 'Client', words: true, cell: ({ clientName }) => <bdi>{clientName}</bdi> },
  {
    name: 'Models',
    words: true,
    cell: ({ models }) => <span className="font-mono text-11">{models.join(', ')}</span>,
  },
  { name: 'Accounts', words: true, cell: ({ accounts }) => <bdi>{accounts.join(' → ')}</bdi> },
  {
    name: 'Turns',
    cell: ({ turns, helpers }) =>
      helpers === 0 ? formatCount(turns) : `${formatCount(turns)} + ${formatCountOf(helpers, 'helper')}`,
  },
  { name: 'Took', cell: (row) => formatSpan(row.lastAtMs - row.firstAtMs) },
  { name: 'Tokens', cell: (row) => formatTokens(row.totalTokens) },
  { name: 'Cached', cell: (row) => formatPercent(row.cachedShare) },
  { name: 'Moves', cell: (row) => formatCount(row.switches) },
  { name: 'Lost', cell: (row) => formatMoney(row.lostBySwitches) },
  { name: 'Cost', cell: (row) => formatMoney(row.cost) },
];

export function Conversations({ period }: { period: ShownPeriod }) {
  const { data, problem, retry } = useConversations(period);
  return (
    <section aria-label="Conversations" className="card min-w-0">
      <CardHead title="Conversations" note={data ? `the dearest of ${formatCount(data.count)}` : ''} />
      {problem && !data ? (
        <ProblemNote title="The conversations could not be read" problem={problem} retry={retry} />
      ) : data && data.count === 0 ? (
        <p className="px-4 py-4 text-12 text-fg-2">No conversation was recognised in that time.</p>
      ) : (
        <FigureTable
          label="The dearest conversations"
          rows={data?.conversations ?? []}
          columns={COLUMNS}
          keyOf={({ id }) => id}
        />
      )}
      {data && data.count > 0 && (
        <CardFoot>
          Moves to other accounts cost {formatMoney(data.lostBySwitches)} in tokens read anew.
        </CardFoot>
      )}
    </section>
  );
}
