/** `cam list`: the accounts, what each is doing and what it was used for today. `--json`: AccountView[]. */
import { formatCount, formatMoney, formatSpan, formatTokens } from '../../../lib/format.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import { keyText, stateCell, untilText } from '../account-text.ts';
import type { CommandModule } from '../command.ts';
import { type Column, orDash, printTable } from '../table.ts';

export const addList: CommandModule = (command, { terminal, flags, connect }) => {
  command.action(async () => {
    const connection = await connect();
    const accounts = await connection.call((api) => api.accounts.list.query());
    if (flags().json) return terminal.json(accounts);
    if (accounts.length === 0) {
      terminal.say('There is no account yet.');
      terminal.hint('cam add NAME adds one and asks for its key');
      return;
    }
    const nowMs = Date.now();
    const waiting = accounts.some((account) => untilText(account.state, nowMs) !== '');
    printTable(
      terminal,
      accounts,
      columns(nowMs).filter(({ title }) => waiting || title !== 'FOR'),
    );
  });
};

const columns = (nowMs: number): Column<AccountView>[] => [
  { title: 'NAME', cell: (account) => account.name },
  { title: 'STATE', cell: (account) => stateCell(account.state) },
  { title: 'FOR', right: true, cell: (account) => untilText(account.state, nowMs) },
  { title: 'KEY', cell: keyText },
  { title: 'PRIO', right: true, cell: (account) => String(account.priority) },
  { title: 'LIVE', right: true, cell: (account) => formatCount(account.inFlight) },
  { title: 'TODAY', right: true, cell: (account) => formatCount(account.today.requests) },
  { title: 'TOKENS', right: true, cell: (account) => formatTokens(account.today.tokens) },
  { title: 'SPENT', right: true, cell: (account) => formatMoney(account.today.cost) },
  {
    title: 'LAST USED',
    right: true,
    cell: (account) => orDash(account.lastUsedAtMs, (at) => `${formatSpan(nowMs - at)} ago`),
  },
];
