/**
 * `cam forecast`: what today, this month and every limit will come to if things go on as they did.
 * `--json`: ForecastsView.
 */
import {
  DASH,
  formatCount,
  formatCountdown,
  formatCountOf,
  formatMoney,
  formatPercent,
  formatTokens,
} from '../../../lib/format.ts';
import type { LimitKind } from '../../../lib/metering/limit.ts';
import type { LimitForecastView, WindowForecastView } from '../../../lib/wire/usage-views.ts';
import type { CommandModule } from '../command.ts';
import { printFacts, printTable } from '../table.ts';

export const addForecast: CommandModule = (command, { terminal, flags, connect }) => {
  command.action(async () => {
    const connection = await connect();
    const view = await connection.call((api) => api.usage.forecast.query());
    if (flags().json) return terminal.json(view);
    const { today, month, limits, atMs } = view;
    printFacts(terminal, [
      ['today', spendingText(today)],
      ['this month', spendingText(month)],
    ]);
    if (today.expected === null && month.expected === null)
      terminal.say('There is too little to go by yet: a forecast needs two whole days of calls.');
    if (limits.length === 0) {
      terminal.say('No account and no client key has a limit for a day or a month.');
      return;
    }
    terminal.out('');
    printTable(terminal, limits, [
      {
        title: 'OF',
        cell: ({ holder }) => (holder.kind === 'client' ? `${holder.name} (client key)` : holder.name),
      },
      { title: 'LIMIT', right: true, cell: (row) => `${amountText(row.amount, row.limit)} a ${row.window}` },
      { title: 'USED', right: true, cell: (row) => amountText(row.amount, row.used) },
      { title: 'AT THE END', right: true, cell: (row) => amountText(row.amount, row.expected) },
      { title: 'FOUR TIMES OF FIVE', right: true, cell: bandText },
      { title: 'CHANCE', right: true, cell: (row) => formatPercent(row.runsOutChance) },
      { title: 'REACHED IN', right: true, cell: (row) => runOutText(row, atMs) },
    ]);
  });
};

function spendingText({ used, expected, low, high, limit, unknownCostCalls }: WindowForecastView): string {
  const parts = [`${formatMoney(used)} spent`];
  if (expected !== null)
    parts.push(`${formatMoney(expected)} expected (${formatMoney(low)} to ${formatMoney(high)})`);
  if (limit !== null) parts.push(`limit ${formatMoney(limit)}`);
  if (unknownCostCalls > 0)
    parts.push(`without ${formatCountOf(unknownCostCalls, 'call')} whose cost is not known`);
  return parts.join(', ');
}

function bandText({ amount, low, high }: LimitForecastView): string {
  return low === null || high === null ? DASH : `${amountText(amount, low)} to ${amountText(amount, high)}`;
}

function runOutText({ runsOutMs }: LimitForecastView, atMs: number): string {
  return runsOutMs === null ? DASH : formatCountdown(runsOutMs - atMs);
}

function amountText(amount: LimitKind, figure: number | null): string {
  switch (amount) {
    case 'cost':
      return formatMoney(figure);
    case 'tokens':
      return `${formatTokens(figure)} tokens`;
    case 'requests':
      return `${formatCount(figure)} requests`;
  }
}
