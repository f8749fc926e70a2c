/** `cam requests [ID]`: the latest calls, or one of them explained. `--json`: RequestListView or RequestView. */
import { CamError } from '../../../lib/errors.ts';
import {
  DASH,
  formatCallCost,
  formatCallTokens,
  formatCountOf,
  formatDuration,
} from '../../../lib/format.ts';
import type { RequestRowView } from '../../../lib/wire/views.ts';
import { tellCall } from '../call-text.ts';
import { printCaptured } from '../captured-text.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import type { Connection } from '../connection.ts';
import { followCalls } from '../follow-calls.ts';
import { rowsOption } from '../rows-option.ts';
import { type Cell, type Column, printTable } from '../table.ts';

export const addRequests: CommandModule = (command, world) => {
  command
    .argument('[id]', 'one call, by x-cam-request-id or its beginning')
    .option('-n, --limit <number>', 'how many, 1 to 200', '20')
    .option('--account <account>', 'only calls of this account')
    .option(
      '--search <words>',
      'only calls like that: status:429 model:gpt-5 account:Lab client:ci result:failed cost:>0.05 took:>5 tokens:>20k moved:yes error:timeout, and - in front for all others',
    )
    .option('--failed', 'only calls that failed')
    .option('-f, --follow', 'go on with calls as they end, until ctrl-c; with --json a line each')
    .option('--bodies', 'of one call: what it said and was answered, where that was captured')
    .option('--forget-bodies', 'delete all that was captured')
    .action(async (id: string | undefined, options: RequestsFlags) => {
      const connection = await world.connect();
      if (options.forgetBodies) {
        const { calls } = await connection.call((api) => api.requests.forgetBodies.mutate());
        return world.terminal.say(`What ${formatCountOf(calls, 'call')} said is deleted.`);
      }
      if (id !== undefined && options.bodies) return showBodies(world, connection, id);
      if (id !== undefined) {
        const request = await connection.call((api) => api.requests.get.query({ id }));
        return world.flags().json ? world.terminal.json(request) : tellCall(world.terminal, request);
      }
      const limit = rowsOption(options.limit);
      const account = options.account
        ? await connection.call((api) => api.accounts.get.query({ ref: options.account ?? '' }))
        : null;
      const latest = (many: number) =>
        connection.call((api) =>
          api.requests.list.query({
            limit: many,
            ...(account ? { accountId: account.id } : {}),
            ...(options.search ? { search: options.search } : {}),
            ...(options.failed ? { outcome: 'failed' as const } : {}),
          }),
        );
      const next = async () => (await latest(ROWS_MAX)).rows;
      if (options.follow) return followCalls(world, next, limit, IN_LINE);
      const list = await latest(limit);
      if (world.flags().json) return world.terminal.json(list);
      if (list.rows.length === 0) return world.terminal.say('No calls yet.');
      printTable(world.terminal, list.rows, columns);
    });
};

const ROWS_MAX = 200;

interface RequestsFlags {
  readonly follow?: boolean;
  readonly limit: string;
  readonly account?: string;
  readonly search?: string;
  readonly failed?: boolean;
  readonly bodies?: boolean;
  readonly forgetBodies?: boolean;
}

async function showBodies(
  { terminal, flags }: CommandWorld,
  connection: Connection,
  id: string,
): Promise<void> {
  const found = await connection.call((api) => api.requests.bodies.query({ id }));
  if (flags().json) return terminal.json(found);
  if (found !== null) return printCaptured(terminal, found, Date.now());
  throw new CamError('not_found', 'What that call said was not kept, or its time is over.', {
    hint: '`capture.enabled` in the configuration file keeps it from now on, sealed',
  });
}

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

/** The same, one table after the other. */
const LEAST: Readonly<Record<string, number>> = {
  STATUS: 13,
  MODEL: 16,
  ACCOUNT: 20,
  CLIENT: 12,
  TOKENS: 6,
  COST: 8,
  FIRST: 6,
  TOTAL: 6,
};
const IN_LINE = columns.map((column) => ({ ...column, least: LEAST[column.title] ?? 0 }));

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
