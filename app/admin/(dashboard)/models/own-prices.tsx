'use client';
/** The prices that were set by hand, each with the day from which it holds, and forgetting one. */
import { formatMoney } from '../../../../lib/format.ts';
import type { OwnPriceView } from '../../../../lib/wire/price-views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardFoot, CardHead } from '../../../_components/card.tsx';
import { type FigureColumn, FigureTable } from '../../../_components/figure-table.tsx';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useReload } from '../../../_data/reload.ts';

const COLUMNS: readonly FigureColumn<OwnPriceView>[] = [
  { name: 'Model', words: true, cell: ({ model }) => <span className="font-mono text-11">{model}</span> },
  { name: 'From', words: true, cell: ({ fromDay }) => fromDay },
  { name: 'Input', cell: ({ input }) => formatMoney(input) },
  { name: 'Cached', cell: ({ cached }) => formatMoney(cached) },
  { name: 'Cache write', cell: ({ cacheWrite }) => formatMoney(cacheWrite) },
  { name: 'Output', cell: ({ output }) => formatMoney(output) },
  { name: 'Each call', cell: ({ perRequest }) => formatMoney(perRequest) },
];

export function OwnPrices({ own }: { own: readonly OwnPriceView[] }) {
  const reload = useReload();
  const remove = useAct(api.prices.remove.mutate);
  const forget = async ({ model, fromDay }: OwnPriceView) => {
    if ((await remove.run({ model, fromDay })) !== null) reload('prices.list');
  };
  if (own.length === 0) return null;
  const columns: readonly FigureColumn<OwnPriceView>[] = [
    ...COLUMNS,
    {
      name: 'Actions',
      unseen: true,
      cell: (price) => (
        <Button size="small" disabled={remove.busy} onClick={() => void forget(price)}>
          Remove
          <span className="sr-only">
            {' '}
            the price of {price.model} from {price.fromDay}
          </span>
        </Button>
      ),
    },
  ];
  return (
    <section aria-label="Your prices" className="card min-w-0">
      <CardHead title="Your prices" note="they stand before all others" />
      <FigureTable
        label="Prices of your own"
        rows={own}
        columns={columns}
        keyOf={({ model, fromDay }) => `${model} ${fromDay}`}
      />
      <CardFoot>
        {remove.problem ? (
          <ProblemLine problem={remove.problem} />
        ) : (
          'Without it the next call is charged at the published price again; what was charged stays as it was.'
        )}
      </CardFoot>
    </section>
  );
}
