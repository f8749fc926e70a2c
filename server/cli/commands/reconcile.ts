/**
 * `cam reconcile`: the provider's own figures beside ours, by day and model, and why they differ.
 * `--json`: ReconciliationView.
 */
import { csvText } from '../../../lib/csv-text.ts';
import { CamError } from '../../../lib/errors.ts';
import { DASH, formatCount, formatMoney, formatTokens } from '../../../lib/format.ts';
import { dollars } from '../../../lib/usage-csv.ts';
import type { ReconciliationView, SideView } from '../../../lib/wire/provider-views.ts';
import type { CommandModule } from '../command.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const DAYS_MAX = 90;

export const addReconcile: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .option('--days <number>', `how many days back, 1 to ${DAYS_MAX}`, '14')
    .option('--csv', 'print a table for spreadsheets, money in US dollars')
    .action(async (options: { days: string; csv?: boolean }) => {
      const days = Number(options.days);
      if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX)
        throw new CamError('invalid_request', `--days is a whole number from 1 to ${DAYS_MAX}.`);
      const connection = await connect();
      const view = await connection.call((api) => api.providers.reconcile.query({ days }));
      if (flags().json) return terminal.json(view);
      if (options.csv) return terminal.out(csv(view));
      print(terminal, view);
    });
};

function print(terminal: Terminal, { rows, accounts, totals }: ReconciliationView): void {
  if (!accounts.some(({ hasAdminKey }) => hasAdminKey)) {
    terminal.out('No account has an admin key, so no provider can be asked.');
    terminal.hint('`cam admin-key set NAME -` stores one; `cam refresh` asks');
    return;
  }
  for (const { name, scope } of accounts)
    if (scope !== null && scope !== 'key')
      terminal.say(
        `Note: the figures of ${name} are of its whole ${scope}, because its key was not found there.`,
      );
  if (rows.length === 0) {
    terminal.out('Neither side has anything in that time.');
    return;
  }
  printTable(terminal, rows, [
    { title: 'DAY (UTC)', cell: (row) => day(row.dayMs) },
    { title: 'ACCOUNT', cell: (row) => row.accountName },
    { title: 'MODEL', cell: (row) => (row.model === '' ? DASH : row.model) },
    { title: 'CALLS', right: true, cell: (row) => both(row, ({ requests }) => formatCount(requests)) },
    { title: 'TOKENS', right: true, cell: (row) => both(row, (side) => formatTokens(tokens(side))) },
    { title: 'COST', right: true, cell: (row) => both(row, ({ cost }) => formatMoney(cost)) },
    { title: 'DIFFERENCE', right: true, cell: (row) => formatMoney(row.difference.cost) },
    { title: 'WHY', cell: (row) => row.cause ?? '' },
  ]);
  terminal.say('Ours / theirs.');
  terminal.out(
    `In all: ${formatMoney(totals.ours.cost)} counted here, ${formatMoney(totals.theirs.cost)} by providers.`,
  );
}

const both = (
  { ours, theirs }: ReconciliationView['rows'][number],
  say: (side: SideView) => string,
): string => `${say(ours)} / ${say(theirs)}`;

const tokens = ({ inputTokens, outputTokens }: SideView): number | null =>
  inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function csv({ rows }: ReconciliationView): string {
  return csvText(rows, [
    { title: 'day', value: (row) => day(row.dayMs) },
    { title: 'account', value: (row) => row.accountName },
    { title: 'model', value: (row) => row.model },
    { title: 'our_requests', value: ({ ours }) => ours.requests },
    { title: 'their_requests', value: ({ theirs }) => theirs.requests },
    { title: 'our_tokens', value: ({ ours }) => tokens(ours) },
    { title: 'their_tokens', value: ({ theirs }) => tokens(theirs) },
    { title: 'our_cost_usd', value: ({ ours }) => dollars(ours.cost) },
    { title: 'their_cost_usd', value: ({ theirs }) => dollars(theirs.cost) },
    { title: 'difference_usd', value: ({ difference }) => dollars(difference.cost) },
    { title: 'cause', value: (row) => row.cause },
  ]);
}
