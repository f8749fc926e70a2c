/** Usage by account, client key, model or endpoint, as a table. */
import { formatCount, formatCountOf, formatMoney, formatPercent, formatTokens } from '../../lib/format.ts';
import type { UsageBreakdownView, UsageSums } from '../../lib/wire/usage-views.ts';
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
