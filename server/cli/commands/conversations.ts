/**
 * `cam conversations`: what conversations cost, dearest first, helpers counted with the one that started them.
 * `--json`: ConversationsView.
 */
import { formatCount, formatMoney, formatPercent, formatSpan, formatTokens } from '../../../lib/format.ts';
import type { ConversationView } from '../../../lib/wire/usage-views.ts';
import type { CommandModule } from '../command.ts';
import { PERIOD_HELP, periodOption } from '../period-option.ts';
import { rowsOption } from '../rows-option.ts';
import { printTable } from '../table.ts';

const ID_SHOWN = 8;

export const addConversations: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .option('--period <period>', PERIOD_HELP, 'today')
    .option('-n, --limit <number>', 'how many, 1 to 200', '20')
    .action(async (options: { period: string; limit: string }) => {
      const period = periodOption(options.period);
      const limit = rowsOption(options.limit);
      const connection = await connect();
      const view = await connection.call((api) => api.usage.conversations.query({ period, limit }));
      if (flags().json) return terminal.json(view);
      if (view.count === 0) return terminal.out('No conversation was recognised in that time.');
      printTable(terminal, view.conversations, [
        { title: 'CONVERSATION', cell: (row) => row.id.slice(0, ID_SHOWN) },
        { title: 'CLIENT', cell: (row) => row.clientName },
        { title: 'MODELS', cell: (row) => row.models.join(', ') },
        { title: 'ACCOUNTS', cell: (row) => row.accounts.join(' → ') },
        { title: 'TURNS', right: true, cell: turnsText },
        { title: 'TOOK', right: true, cell: (row) => formatSpan(row.lastAtMs - row.firstAtMs) },
        { title: 'TOKENS', right: true, cell: (row) => formatTokens(row.totalTokens) },
        { title: 'CACHED', right: true, cell: (row) => formatPercent(row.cachedShare) },
        { title: 'SWITCHES', right: true, cell: (row) => formatCount(row.switches) },
        { title: 'LOST', right: true, cell: (row) => formatMoney(row.lostBySwitches) },
        { title: 'SPENT', right: true, cell: (row) => formatMoney(row.cost) },
      ]);
      const unlisted = view.count - view.conversations.length;
      if (unlisted > 0) terminal.say(`${formatCount(unlisted)} more; --limit lists them.`);
      terminal.say(`Lost by changing accounts, in all: ${formatMoney(view.lostBySwitches)}.`);
    });
};

function turnsText({ turns, helpers }: ConversationView): string {
  return helpers === 0 ? formatCount(turns) : `${formatCount(turns)}, ${formatCount(helpers)} helpers`;
}
