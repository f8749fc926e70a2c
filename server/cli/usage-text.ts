/** Usage by account, client key, model or endpoint: as a table, and as CSV with money in dollars to the last digit. */
import { formatCount, formatCountOf, formatMoney, formatPercent, formatTokens } from '../../lib/format.ts';
import type { UsageBreakdownView, UsageGroup, UsageSums } from '../../lib/wire/usage-views.ts';
import { type CsvColumn, csvText } from './csv.ts';
import { printTable } from './table.ts';
import type { Terminal } from './terminal.ts';

const HEADINGS = { account: 'ACCOUNT', client: 'CLIENT KEY', model: 'MODEL', endpoint: 'ENDPOINT' } as const;

export function printBreakdown(terminal: Terminal, { by, groups, total }: UsageBreakdownView): void {
  if (groups.length === 0) {
    terminal.out('Nothing was used in that time.');
    return;
  }
  printTable(
    terminal,
    [...groups, { ...total, key: '', name: 'all' }],
    [
      { title: HEADINGS[by], cell: (row) => row.name },
      { title: 'REQUESTS', right: true, cell: (row) => formatCount(row.requests) },
      { title: 'DELIVERED', right: true, cell: (row) => formatPercent(deliveredShare(row)) },
      { title: '429', right: true, cell: (row) => formatCount(row.limited) },
      { title: 'IN', right: true, cell: (row) => formatTokens(row.inputTokens) },
      { title: 'CACHED', right: true, cell: (row) => formatPercent(row.cachedShare) },
      { title: 'OUT', right: true, cell: (row) => formatTokens(row.outputTokens) },
      { title: 'SAVED', right: true, cell: (row) => formatMoney(row.cacheSaved) },
      { title: 'SPENT', right: true, cell: (row) => formatMoney(row.cost) },
    ],
  );
  const notes = [
    ...(total.estimatedCalls > 0
      ? [`of ${formatCountOf(total.estimatedCalls, 'call')} the figures are estimates of ours`]
      : []),
    ...(total.unknownCostCalls > 0
      ? [`the cost of ${formatCountOf(total.unknownCostCalls, 'call')} is not known and not in these sums`]
      : []),
  ];
  if (notes.length > 0) terminal.say(`Note: ${notes.join('; ')}.`);
}

/** Calls that the client itself ended say nothing about us. */
export function deliveredShare(sums: Pick<UsageSums, 'requests' | 'cancelled' | 'delivered'>): number | null {
  const asked = sums.requests - sums.cancelled;
  return asked <= 0 ? null : sums.delivered / asked;
}

const COLUMNS: readonly CsvColumn<UsageGroup>[] = [
  { title: 'id', value: (row) => row.key },
  { title: 'name', value: (row) => row.name },
  { title: 'requests', value: (row) => row.requests },
  { title: 'delivered', value: (row) => row.delivered },
  { title: 'failed', value: (row) => row.failed },
  { title: 'cancelled', value: (row) => row.cancelled },
  { title: 'limited', value: (row) => row.limited },
  { title: 'moved', value: (row) => row.moved },
  { title: 'input_tokens', value: (row) => row.inputTokens },
  { title: 'cached_tokens', value: (row) => row.cachedTokens },
  { title: 'cache_write_tokens', value: (row) => row.cacheWriteTokens },
  { title: 'output_tokens', value: (row) => row.outputTokens },
  { title: 'reasoning_tokens', value: (row) => row.reasoningTokens },
  { title: 'total_tokens', value: (row) => row.totalTokens },
  { title: 'cost_usd', value: (row) => dollars(row.cost) },
  { title: 'cache_saved_usd', value: (row) => dollars(row.cacheSaved) },
  { title: 'unknown_cost_calls', value: (row) => row.unknownCostCalls },
  { title: 'estimated_calls', value: (row) => row.estimatedCalls },
];

export function breakdownCsv({ groups }: UsageBreakdownView): string {
  return csvText(groups, COLUMNS);
}

const DIGITS = 9;

/** Exact: nano-dollars with a point in them. */
export function dollars(nano: number | null): string | null {
  if (nano === null) return null;
  const digits = String(Math.abs(nano)).padStart(DIGITS + 1, '0');
  return `${nano < 0 ? '-' : ''}${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`;
}
