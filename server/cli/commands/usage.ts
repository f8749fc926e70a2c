/**
 * `cam usage`: what was used over a period, in all and by account, client key, model or endpoint.
 * `--json`: UsageBreakdownView.
 */
import { CamError } from '../../../lib/errors.ts';
import { formatCount, formatMoney, formatPercent, formatTokens } from '../../../lib/format.ts';
import { breakdownCsv } from '../../../lib/usage-csv.ts';
import { USAGE_KEYS, type UsageBreakdownView, type UsageKey } from '../../../lib/wire/usage-views.ts';
import type { CommandModule } from '../command.ts';
import { PERIOD_HELP, periodOption } from '../period-option.ts';
import { printFacts } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { deliveredShare, printBreakdown } from '../usage-text.ts';

interface UsageFlags {
  readonly period: string;
  readonly by: string;
  readonly csv?: boolean;
  readonly rebuild?: boolean;
}

export const addUsage: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .option('--period <period>', PERIOD_HELP, '24h')
    .option('--by <what>', `one of ${USAGE_KEYS.join(', ')}`, 'account')
    .option('--csv', 'print a table for spreadsheets, money in US dollars')
    .option('--rebuild', 'work the hourly totals out anew first, as far as single calls are kept')
    .action(async (options: UsageFlags) => {
      const period = periodOption(options.period);
      const by = keyOption(options.by);
      if (options.csv && flags().json)
        throw new CamError('invalid_request', 'Either --csv or --json, not both.');
      const connection = await connect();
      if (options.rebuild) {
        await connection.call((api) => api.usage.rebuild.mutate());
        terminal.say('The hourly totals were worked out anew.');
      }
      const view = await connection.call((api) => api.usage.breakdown.query({ period, by }));
      if (flags().json) return terminal.json(view);
      if (options.csv) return terminal.out(breakdownCsv(view));
      printTotal(terminal, view);
      terminal.out('');
      printBreakdown(terminal, view);
    });
};

/** Throws `invalid_request`. */
function keyOption(given: string): UsageKey {
  const key = USAGE_KEYS.find((name) => name === given);
  if (key === undefined) throw new CamError('invalid_request', `--by is one of ${USAGE_KEYS.join(', ')}.`);
  return key;
}

function printTotal(terminal: Terminal, { total, fromMs, toMs, timeZone }: UsageBreakdownView): void {
  printFacts(terminal, [
    ['from', `${moment(fromMs, timeZone)} to ${moment(toMs, timeZone)} (${timeZone})`],
    ['requests', `${formatCount(total.requests)}, ${formatPercent(deliveredShare(total))} delivered`],
    ['moved', `${formatCount(total.moved)} to another account, ${formatCount(total.limited)} met a 429`],
    [
      'tokens',
      `${formatTokens(total.totalTokens)}: ${formatTokens(total.inputTokens)} in (${formatTokens(total.cachedTokens)} cached), ${formatTokens(total.outputTokens)} out`,
    ],
    ['spent', formatMoney(total.cost)],
  ]);
}

function moment(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(ms);
}
