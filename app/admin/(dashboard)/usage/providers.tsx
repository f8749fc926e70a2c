'use client';
import { RefreshCw } from 'lucide-react';
/** The provider's own figures beside ours, by account over thirty days: full days, and why they differ. */
import { DASH, formatMoney, formatPercent, formatSpan } from '../../../../lib/format.ts';
import type { ReconciliationView } from '../../../../lib/wire/provider-views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardHead } from '../../../_components/card.tsx';
import { type FigureColumn, FigureTable } from '../../../_components/figure-table.tsx';
import { ProblemLine, ProblemNote } from '../../../_components/problem-note.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useNow } from '../../../_data/now.ts';
import { useReload } from '../../../_data/reload.ts';
import { useReconciliation } from '../../../_data/resources.ts';

interface Line {
  readonly id: string;
  readonly name: string;
  readonly ours: number | null;
  readonly theirs: number | null;
  readonly askedAtMs: number | null;
  readonly why: string;
}

export function Providers() {
  const { data, problem, retry } = useReconciliation();
  const nowMs = useNow();
  const columns: readonly FigureColumn<Line>[] = [
    { name: 'Account', words: true, cell: ({ name }) => <bdi>{name}</bdi> },
    { name: 'Ours', cell: ({ ours }) => formatMoney(ours) },
    { name: 'Theirs', cell: ({ theirs }) => formatMoney(theirs) },
    { name: 'Difference', cell: (line) => <Difference line={line} /> },
    {
      name: 'Read',
      cell: ({ askedAtMs }) =>
        askedAtMs === null || nowMs === null ? DASH : `${formatSpan(nowMs - askedAtMs)} ago`,
    },
    { name: 'Why', words: true, cell: ({ why }) => <span className="text-fg-2">{why}</span> },
  ];
  return (
    <section aria-label="Ours and the provider’s" className="card min-w-0">
      <CardHead title="Ours and the provider’s" note="30 days, by UTC day">
        <RefreshAll />
      </CardHead>
      {problem && !data ? (
        <ProblemNote title="The providers’ figures could not be read" problem={problem} retry={retry} />
      ) : data && data.accounts.length === 0 ? (
        <p className="px-4 py-4 text-12 text-fg-2">There is no account yet.</p>
      ) : (
        <FigureTable
          label="Ours and theirs"
          rows={data ? linesOf(data) : []}
          columns={columns}
          keyOf={({ id }) => id}
        />
      )}
    </section>
  );
}

function RefreshAll() {
  const reload = useReload();
  const refresh = useAct(() => api.providers.refresh.mutate({}));
  return (
    <>
      <ProblemLine problem={refresh.problem} />
      <Button
        size="small"
        look="quiet"
        disabled={refresh.busy}
        onClick={() =>
          void refresh.run(undefined).then(() => reload('providers.reconcile', 'providers.list'))
        }
      >
        <RefreshCw size={13} />
        {refresh.busy ? 'Asking' : 'Refresh'}
      </Button>
    </>
  );
}

const NEAR = 0.02;

function Difference({ line: { ours, theirs } }: { line: Line }) {
  if (ours === null || theirs === null) return DASH;
  const share = ours === 0 ? null : (theirs - ours) / ours;
  const far = share === null ? theirs > 0 : Math.abs(share) > NEAR;
  return (
    <span className={far ? 'text-warn-text' : 'text-fg-3'}>
      {theirs < ours ? '−' : '+'}
      {formatMoney(Math.abs(theirs - ours))}
      {share !== null && ` · ${formatPercent(Math.abs(share))}`}
    </span>
  );
}

function linesOf({ accounts, rows }: ReconciliationView): Line[] {
  return accounts.map(({ id, name, hasAdminKey, sources }) => {
    const own = rows.filter(({ accountId }) => accountId === id);
    const costs = sources.find(({ source }) => source === 'costs');
    const causes = [...new Set(own.flatMap(({ cause }) => (cause === null ? [] : [cause])))];
    return {
      id,
      name,
      ours: sumKnown(own.map(({ ours }) => ours.cost)),
      theirs: sumKnown(own.map(({ theirs }) => theirs.cost)),
      askedAtMs: costs?.okAtMs ?? null,
      why: hasAdminKey
        ? (costs?.error ?? causes.join('; '))
        : 'only an admin key may ask; an account’s menu takes one',
    };
  });
}

/** A sum of known figures; unknown when none is known. */
function sumKnown(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : known.reduce((sum, figure) => sum + figure, 0);
}
