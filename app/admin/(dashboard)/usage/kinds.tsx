'use client';
/** What the money went to: tokens by kind, what a million of each came to, and what was charged beside tokens. */
import { formatMoney, formatPercent, formatTokens } from '../../../../lib/format.ts';
import type { UsageKindsView } from '../../../../lib/wire/usage-views.ts';
import { CardHead } from '../../../_components/card.tsx';
import { type FigureColumn, FigureTable } from '../../../_components/figure-table.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import type { Answer } from '../../../_data/ask.ts';

interface Row {
  readonly kind: string;
  readonly tokens: number | null;
  readonly cost: number | null;
  /** Ink, darkest for the dearest kinds. */
  readonly look: string;
}

const MILLION = 1_000_000;
/** Rounding of single calls leaves less than this of a dollar. */
const ROUNDING_NANO = 1_000_000;

export function Kinds({ answer }: { answer: Answer<UsageKindsView> }) {
  const { data, problem, retry } = answer;
  const total = data?.cost ?? null;
  const columns: readonly FigureColumn<Row>[] = [
    {
      name: 'Kind',
      words: true,
      cell: ({ kind, look }) => (
        <span className="flex items-center gap-2">
          <span aria-hidden="true" className={`size-2 rounded-[2px] ${look}`} />
          {kind}
        </span>
      ),
    },
    { name: 'Tokens', cell: ({ tokens }) => formatTokens(tokens) },
    {
      name: 'Per million',
      cell: ({ tokens, cost }) =>
        formatMoney(tokens === null || tokens === 0 || cost === null ? null : (cost / tokens) * MILLION),
    },
    {
      name: 'Share',
      cell: ({ cost }) =>
        formatPercent(total === null || total === 0 || cost === null ? null : Math.max(0, cost) / total),
    },
    { name: 'Cost', cell: ({ cost }) => formatMoney(cost) },
  ];
  return (
    <section aria-label="Kinds" className="card min-w-0">
      <CardHead title="Kinds" note="of tokens, at the prices of the day" />
      {problem && !data ? (
        <ProblemNote title="The kinds could not be read" problem={problem} retry={retry} />
      ) : data === undefined || data.cost === null ? (
        <p className="px-4 py-6 text-center text-12 text-fg-3">No call of that time has a known cost.</p>
      ) : (
        <FigureTable
          label="Cost by kind"
          rows={rowsOf(data)}
          columns={columns}
          keyOf={({ kind }) => kind}
          summed
        />
      )}
    </section>
  );
}

function rowsOf(view: UsageKindsView): readonly Row[] {
  const { input, cached, cacheWrite, output, reasoning, otherCost, cost } = view;
  const kinds: readonly Row[] = [
    { kind: 'Output', ...output, look: 'bg-fg' },
    { kind: 'Reasoning', ...reasoning, look: 'bg-fg-2' },
    { kind: 'Input', ...input, look: 'bg-fg-3' },
    { kind: 'Input, kept for later', ...cacheWrite, look: 'bg-fg-3/70' },
    { kind: 'Input, cached', ...cached, look: 'bg-fg-3/40' },
  ];
  const used = kinds.filter(({ tokens }) => tokens !== null && tokens > 0);
  const tokens = used.reduce((sum, row) => sum + (row.tokens ?? 0), 0);
  const beside: readonly Row[] =
    otherCost !== null && Math.abs(otherCost) > ROUNDING_NANO
      ? [{ kind: 'Beside tokens', tokens: null, cost: otherCost, look: 'bg-line-2' }]
      : [];
  return [...used, ...beside, { kind: 'All kinds', tokens, cost, look: 'invisible' }];
}
