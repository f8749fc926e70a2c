/** `cam requests [ID]`: the latest calls, or one with its attempts. `--json`: RequestListView or RequestView. */
import { CamError } from '../../../lib/errors.ts';
import { DASH, formatCallCost, formatCallTokens, formatDuration } from '../../../lib/format.ts';
import type { RequestRowView, RequestView } from '../../../lib/wire/views.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { type Cell, type Column, orDash, printFacts, printTable } from '../table.ts';

export const addRequests: CommandModule = (command, world) => {
  command
    .argument('[id]', 'one call, by x-cam-request-id or its beginning')
    .option('-n, --limit <number>', 'how many, 1 to 200', '20')
    .option('--account <account>', 'only calls of this account')
    .option('--failed', 'only calls that failed')
    .action(
      async (id: string | undefined, options: { limit: string; account?: string; failed?: boolean }) => {
        const connection = await world.connect();
        if (id !== undefined) {
          const request = await connection.call((api) => api.requests.get.query({ id }));
          return world.flags().json ? world.terminal.json(request) : showOne(world, request);
        }
        const limit = Number(options.limit);
        if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
          throw new CamError('invalid_request', '--limit is a whole number from 1 to 200.');
        }
        const list = await connection.call(async (api) => {
          const account = options.account ? await api.accounts.get.query({ ref: options.account }) : null;
          return api.requests.list.query({
            limit,
            ...(account ? { accountId: account.id } : {}),
            ...(options.failed ? { outcome: 'failed' as const } : {}),
          });
        });
        if (world.flags().json) return world.terminal.json(list);
        if (list.rows.length === 0) return world.terminal.say('No calls yet.');
        printTable(world.terminal, list.rows, columns);
      },
    );
};

const columns: Column<RequestRowView>[] = [
  { title: 'TIME', cell: (row) => timeText(row.startedAtMs) },
  { title: 'STATUS', cell: statusCell },
  { title: 'MODEL', cell: (row) => row.model ?? row.endpoint },
  { title: 'ACCOUNT', cell: accountText },
  { title: 'CLIENT', cell: (row) => row.clientName },
  { title: 'TOKENS', right: true, cell: (row) => formatCallTokens(row) },
  { title: 'COST', right: true, cell: (row) => formatCallCost(row) },
  { title: 'FIRST', right: true, cell: (row) => formatDuration(row.firstTokenMs) },
  { title: 'TOTAL', right: true, cell: (row) => formatDuration(row.durationMs) },
  { title: 'ID', cell: (row) => row.id },
];

function showOne({ terminal }: CommandWorld, request: RequestView): void {
  printFacts(terminal, [
    ['id', request.id],
    ['time', new Date(request.startedAtMs).toISOString()],
    ['status', statusCell(request)],
    ['endpoint', request.endpoint],
    ['model', orDash(request.model, (model) => model)],
    ['client', request.clientName],
    ['account', accountText(request)],
    ['tokens', formatCallTokens(request)],
    ['cost', formatCallCost(request)],
    ...usageNotes(request),
    ['first token', formatDuration(request.firstTokenMs)],
    ['total', formatDuration(request.durationMs)],
  ]);
  for (const attempt of request.attemptList) {
    const what = attempt.failure ? `${attempt.failure.class}: ${attempt.failure.summary}` : 'delivered';
    printFacts(terminal, [
      [`attempt ${attempt.number}`, `${attempt.accountName}  ${attempt.status ?? DASH}  ${what}`],
    ]);
  }
  for (const out of request.plan?.leftOut ?? []) {
    printFacts(terminal, [['left out', `${out.name}: ${out.reason.replaceAll('_', ' ')}`]]);
  }
}

/** ≈ in words, and figures of a provider that were not to be believed. */
function usageNotes({ usage, errorCode }: RequestView): [string, string][] {
  const notes: [string, string][] = [];
  if (usage?.estimated) {
    const reserved = errorCode === 'server_stopped';
    notes.push([
      'estimated',
      reserved ? 'what was reserved: the server was stopped' : 'at least this: the provider reported none',
    ]);
  }
  if (usage?.flagged) notes.push(['flagged', 'the provider reported figures that cannot be true']);
  return notes;
}

function statusCell(row: RequestRowView): Cell {
  if (row.outcome === null) return { text: 'running', style: 'dim' };
  const text = `${row.status ?? DASH} ${row.outcome}`;
  if (row.outcome === 'delivered')
    return (row.status ?? 0) < 400 ? { text, style: 'ok' } : { text, style: 'warn' };
  return row.outcome === 'cancelled' ? { text, style: 'dim' } : { text, style: 'bad' };
}

function accountText(row: RequestRowView): string {
  const served = row.accountName ?? DASH;
  return row.accountId !== null && row.accountId !== row.firstAccountId
    ? `${row.firstAccountName} → ${served}`
    : served;
}

/** Local time of day, with the date where it is not today. */
function timeText(atMs: number): string {
  const at = new Date(atMs);
  const two = (part: number): string => String(part).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const sameDay = at.toDateString() === new Date().toDateString();
  return sameDay ? time : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
