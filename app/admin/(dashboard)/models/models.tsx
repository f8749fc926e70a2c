'use client';
/** Every model that is served or was used: by which accounts, for how much, and whose figure that is. */
import { Plus, Search } from 'lucide-react';
import { formatCount, formatCountOf, formatLimit, formatMoney } from '../../../../lib/format.ts';
import type { ModelPriceView, PriceListView } from '../../../../lib/wire/price-views.ts';
import { Swatch } from '../../../_components/account-mark.tsx';
import { Button } from '../../../_components/button.tsx';
import { CardFoot } from '../../../_components/card.tsx';
import { Empty } from '../../../_components/empty.tsx';
import { type FigureColumn, FigureTable } from '../../../_components/figure-table.tsx';
import { Page } from '../../../_components/page.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { Pill } from '../../../_components/state-pill.tsx';
import { useParam } from '../../../_data/params.ts';
import { useAccounts, useModels, usePrices } from '../../../_data/resources.ts';
import { OwnPrices } from './own-prices.tsx';
import { SetPrice } from './set-price.tsx';

interface Row extends ModelPriceView {
  /** Names of the accounts that serve it. */
  readonly accounts: readonly string[];
}

const SHOWS = [
  { value: 'all', label: 'All' },
  { value: 'used', label: 'Used lately' },
  { value: 'unpriced', label: 'Price unknown' },
] as const;
type Show = (typeof SHOWS)[number]['value'];

const isShown = (row: Row, show: Show, find: string): boolean =>
  row.model.toLowerCase().includes(find) &&
  (show === 'all' || (show === 'used' ? row.calls > 0 : row.prices === null));

export function Models() {
  const [showText, setShow] = useParam('show');
  const [find, setFind] = useParam('find');
  const [priced, setPriced] = useParam('price');
  const { data: prices, problem, retry } = usePrices();
  const served = useModels();
  const show = SHOWS.find(({ value }) => value === showText)?.value ?? 'all';
  const rows = prices && served.data ? rowsOf(prices, served.data) : undefined;
  const shown = rows?.filter((row) => isShown(row, show, (find ?? '').trim().toLowerCase()));
  const failed = problem ?? served.problem;
  return (
    <Page
      title="Models"
      note={<span className="text-12 text-fg-3">{rows ? summary(rows) : ''}</span>}
      primary={
        <Button look="primary" onClick={() => setPriced('')}>
          <Plus size={15} />
          Set a price
        </Button>
      }
    >
      <div className="grid grid-cols-1 gap-4">
        <section aria-label="Models" className="card min-w-0">
          <div className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2.5">
            <Segmented
              label="Show"
              value={show}
              options={SHOWS}
              onChange={(next) => setShow(next === 'all' ? null : next)}
            />
            <label className="relative min-w-40 flex-1 sm:max-w-64">
              <span className="sr-only">Find a model</span>
              <Search
                size={14}
                aria-hidden="true"
                className="absolute inset-y-0 left-2.5 my-auto text-fg-3"
              />
              <input
                type="search"
                className="inp pl-8"
                placeholder="Find a model"
                value={find ?? ''}
                onChange={(event) => setFind(event.target.value === '' ? null : event.target.value)}
              />
            </label>
          </div>
          {failed && !rows ? (
            <ProblemNote
              title="The models could not be read"
              problem={failed}
              retry={() => {
                retry();
                served.retry();
              }}
            />
          ) : !shown ? (
            <Bone className="h-75" />
          ) : rows?.length === 0 ? (
            <Empty title="No model yet" hint="npm run -s cam -- test NAME">
              Accounts tell which models they serve when their key is checked; used models are added by the
              first call.
            </Empty>
          ) : shown.length === 0 ? (
            <p className="px-4 py-10 text-center text-fg-3">No model is like that.</p>
          ) : (
            <Table rows={shown} onPrice={setPriced} />
          )}
          {prices && (
            <CardFoot>
              <p className="max-w-[90ch] text-pretty">
                Dollars for a million tokens at the standard tier, by {prices.dataSource} and our additions of{' '}
                {prices.dataDay}. Unknown is never counted as nothing: such calls show a dash, and totals say
                what is missing.
              </p>
            </CardFoot>
          )}
        </section>
        <OwnPrices own={prices?.own ?? []} />
      </div>
      <SetPrice
        model={priced}
        known={prices?.models.find(({ model }) => model === priced)}
        onClose={() => setPriced(null)}
      />
    </Page>
  );
}

function rowsOf(
  { models }: PriceListView,
  served: readonly { readonly id: string; readonly accounts: readonly string[] }[],
): readonly Row[] {
  const accounts = new Map(served.map((one) => [one.id, one.accounts]));
  return models.map((model) => ({ ...model, accounts: accounts.get(model.model) ?? [] }));
}

function summary(rows: readonly Row[]): string {
  const served = rows.filter(({ accounts }) => accounts.length > 0).length;
  const unpriced = rows.filter(({ prices }) => prices === null).length;
  return `${formatCount(served)} served${unpriced > 0 ? ` · price of ${formatCount(unpriced)} unknown` : ''}`;
}

function Table({ rows, onPrice }: { rows: readonly Row[]; onPrice: (model: string) => void }) {
  const columns: readonly FigureColumn<Row>[] = [
    { name: 'Model', words: true, cell: ({ model }) => <span className="font-mono text-11">{model}</span> },
    { name: 'Served by', words: true, cell: ({ accounts }) => <ServedBy names={accounts} /> },
    { name: 'Input', cell: ({ prices }) => formatMoney(prices?.input ?? null) },
    { name: 'Cached', cell: ({ prices }) => formatMoney(prices?.cached ?? null) },
    { name: 'Cache write', cell: ({ prices }) => formatMoney(prices?.cacheWrite ?? null) },
    { name: 'Output', cell: ({ prices }) => formatMoney(prices?.output ?? null) },
    { name: 'Context', cell: ({ contextTokens }) => formatLimit(contextTokens) },
    { name: 'Calls, 30 days', cell: ({ calls }) => formatCount(calls) },
    { name: 'Source', words: true, cell: (row) => <Source row={row} /> },
    {
      name: 'Actions',
      unseen: true,
      cell: ({ model }) => (
        <Button size="small" look="quiet" onClick={() => onPrice(model)}>
          Price<span className="sr-only"> of {model}</span>
        </Button>
      ),
    },
  ];
  return <FigureTable label="Models and prices" rows={rows} columns={columns} keyOf={({ model }) => model} />;
}

const NAMED_MAX = 2;

function ServedBy({ names }: { names: readonly string[] }) {
  const accounts = useAccounts().data;
  if (names.length === 0) return <span className="text-fg-3">no account says so</span>;
  const hueOf = (name: string) => accounts?.find((account) => account.name === name)?.hue ?? null;
  return (
    <span className="flex items-center gap-x-2.5" title={names.join(', ')}>
      {names.slice(0, NAMED_MAX).map((name) => (
        <span key={name} className="flex items-center gap-1.5">
          <Swatch hue={hueOf(name)} />
          <bdi className="max-w-28 truncate">{name}</bdi>
        </span>
      ))}
      {names.length > NAMED_MAX && (
        <span className="text-fg-3">
          <span aria-hidden="true">+{names.length - NAMED_MAX}</span>
          <span className="sr-only">and {names.slice(NAMED_MAX).join(', ')}</span>
        </span>
      )}
    </span>
  );
}

function Source({ row: { prices, unknownCostCalls } }: { row: Row }) {
  const left = unknownCostCalls > 0 ? `${formatCountOf(unknownCostCalls, 'call')} without a cost` : '';
  return (
    <span className="flex items-center gap-2 text-fg-3">
      {prices === null ? (
        <Pill tone="warn">Unknown</Pill>
      ) : prices.source === 'operator' ? (
        <b className="font-medium text-fg">Yours</b>
      ) : (
        <span>{prices.source}</span>
      )}
      {left !== '' && <span className="text-warn-text">{left}</span>}
    </span>
  );
}
