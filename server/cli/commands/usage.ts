/** `cam usage`: what was used over a range, in all and by account. `--json`: UsageSummaryView. */

import { CamError } from '../../../lib/errors.ts';
import { formatCount, formatMoney, formatPercent, formatTokens } from '../../../lib/format.ts';
import type { RangeName, UsageSummaryView } from '../../../lib/wire/views.ts';
import type { CommandModule } from '../command.ts';
import { printFacts, printTable } from '../table.ts';

const RANGES: readonly RangeName[] = ['1h', '24h', '7d', '30d'];

export const addUsage: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .option('--range <range>', `one of ${RANGES.join(', ')}`, '24h')
    .action(async (options: { range: string }) => {
      const range = RANGES.find((name) => name === options.range);
      if (range === undefined)
        throw new CamError('invalid_request', `--range is one of ${RANGES.join(', ')}.`);
      const connection = await connect();
      const summary = await connection.call((api) => api.usage.summary.query({ range }));
      if (flags().json) return terminal.json(summary);
      const { totals } = summary;
      printFacts(terminal, [
        [
          'requests',
          `${formatCount(totals.requests)} in ${range}, ${formatPercent(deliveredShare(summary))} delivered`,
        ],
        [
          'moved',
          `${formatCount(totals.movedCalls)} to another account, ${formatCount(totals.limited)} met a 429`,
        ],
        [
          'tokens',
          `${formatTokens(totals.totalTokens)}: ${formatTokens(totals.inputTokens)} in (${formatTokens(totals.cachedTokens)} cached), ${formatTokens(totals.outputTokens)} out`,
        ],
        [
          'spent',
          `${formatMoney(totals.cost)}${estimatedText(totals.estimatedCalls)}${unknownText(totals.unknownCostCalls)}`,
        ],
        ['today', formatMoney(summary.today.cost)],
        ['this month', formatMoney(summary.month.cost)],
      ]);
      const rows = byAccount(summary);
      if (rows.length === 0) return;
      terminal.out('');
      printTable(terminal, rows, [
        { title: 'ACCOUNT', cell: (row) => row.name },
        { title: 'REQUESTS', right: true, cell: (row) => formatCount(row.requests) },
        { title: 'TOKENS', right: true, cell: (row) => formatTokens(row.tokens) },
        { title: 'SPENT', right: true, cell: (row) => formatMoney(row.cost) },
      ]);
    });
};

const estimatedText = (calls: number): string =>
  calls === 0 ? '' : ` (${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'} estimated)`;

const unknownText = (calls: number): string =>
  calls === 0 ? '' : `, and ${formatCount(calls)} calls whose cost is not known`;

/** Calls that the client itself ended say nothing about us. */
function deliveredShare({ totals }: UsageSummaryView): number | null {
  const asked = totals.requests - totals.cancelled;
  return asked <= 0 ? null : totals.delivered / asked;
}

interface Row {
  readonly name: string;
  readonly requests: number;
  readonly tokens: number | null;
  readonly cost: number | null;
}

function byAccount(summary: UsageSummaryView): Row[] {
  return summary.accounts
    .map((account) => {
      const parts = summary.series.flatMap(({ byAccount: parts }) =>
        parts.filter((part) => part.accountId === account.id),
      );
      return {
        name: account.name,
        requests: parts.reduce((sum, part) => sum + part.requests, 0),
        tokens: sumKnown(parts.map((part) => part.tokens)),
        cost: sumKnown(parts.map((part) => part.cost)),
      };
    })
    .filter((row) => row.requests > 0);
}

/** A sum of known figures; unknown when none is known. */
function sumKnown(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : known.reduce((sum, figure) => sum + figure, 0);
}
