/**
 * `cam audit [export|verify]`: who did what, when. `verify` exits 1 where the log is not what was written. `--json`:
 * AuditListView, AuditVerdictView; an export is one AuditRowView a line, oldest first.
 */
import type { Command } from 'commander';
import { sayActor, sayDeed, sayDetail } from '../../../lib/audit/words.ts';
import { CamError } from '../../../lib/errors.ts';
import { DASH, formatCount } from '../../../lib/format.ts';
import type { AuditRowView, AuditVerdictView } from '../../../lib/wire/audit-views.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { rowsOption } from '../rows-option.ts';
import { sinceMs } from '../since-option.ts';
import { type Column, printTable } from '../table.ts';
import { printable } from '../terminal.ts';

interface ListFlags {
  readonly since?: string;
  readonly limit: string;
  readonly account?: string;
  readonly key?: string;
}

export const addAudit: CommandModule = (command, world) => {
  command
    .option('--since <when>', 'only what was done since then: 90m, 24h, 7d or a date')
    .option('-n, --limit <number>', 'how many, 1 to 200', '50')
    .option('--account <account>', 'only deeds to this account')
    .option('--key <key>', 'only deeds to this client key')
    .action((flags: ListFlags) => list(world, flags));
  addExport(command.command('export').description('all of it, one JSON line a row'), world);
  addVerify(command.command('verify').description('is it what was written? Exit 1 if not'), world);
};

async function list({ terminal, flags, connect }: CommandWorld, options: ListFlags): Promise<void> {
  const limit = rowsOption(options.limit);
  const since = options.since === undefined ? {} : { since: sinceMs(options.since, Date.now()) };
  const connection = await connect();
  const found = await connection.call(async (api) => {
    const account = options.account ? await api.accounts.get.query({ ref: options.account }) : null;
    const key = options.key ? findKey(await api.clients.list.query(), options.key) : null;
    const object = account ?? key;
    return api.audit.list.query({ limit, ...since, ...(object ? { objectId: object.id } : {}) });
  });
  if (flags().json) return terminal.json(found);
  if (found.rows.length === 0) return terminal.say('Nothing was done.');
  printTable(terminal, found.rows, columns);
  if (found.rows.some(({ verified }) => !verified)) {
    terminal.hint('cam audit verify says where the log is not what was written');
  }
}

function findKey<Key extends { readonly id: string; readonly name: string }>(
  keys: readonly Key[],
  ref: string,
): Key {
  const key = keys.find(({ id, name }) => id === ref || name.toLowerCase() === ref.toLowerCase());
  if (key) return key;
  throw new CamError('not_found', `There is no client key called "${ref}".`);
}

const columns: Column<AuditRowView>[] = [
  { title: '#', right: true, cell: (row) => String(row.number) },
  { title: 'TIME', cell: (row) => new Date(row.atMs).toISOString().slice(0, 19).replace('T', ' ') },
  { title: 'WHO', cell: (row) => sayActor(row.actor) },
  { title: 'ABOUT', cell: (row) => row.objectName ?? row.objectKind ?? DASH },
  {
    title: 'WHAT',
    cell: (row) => sayDeed(row.deed) + (row.times > 1 ? ` ${formatCount(row.times)} times` : ''),
  },
  {
    title: 'VERIFIED',
    cell: (row) => (row.verified ? { text: 'yes', style: 'ok' } : { text: 'NO', style: 'bad' }),
  },
  { title: 'DETAIL', cell: (row) => sayDetail(row) },
];

function addExport(command: Command, { terminal, connect }: CommandWorld): void {
  command
    .option('--since <when>', 'only what was done since then: 90m, 24h, 7d or a date')
    .action(async (options: { since?: string }) => {
      const since = options.since === undefined ? {} : { since: sinceMs(options.since, Date.now()) };
      const connection = await connect();
      for (let after = 0; ; ) {
        const { rows } = await connection.call((api) => api.audit.page.query({ after, ...since }));
        for (const row of rows) terminal.out(JSON.stringify(row));
        const last = rows.at(-1);
        if (last === undefined) return;
        after = last.number;
      }
    });
}

function addVerify(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command
    .option(
      '--anchor <head>',
      'also prove that the log still holds everything up to this head, noted earlier',
    )
    .action(async ({ anchor }: { anchor?: string }) => {
      const connection = await connect();
      const verdict = await connection.call((api) =>
        api.audit.verify.query(anchor === undefined ? {} : { anchor }),
      );
      if (flags().json) terminal.json(verdict);
      else if (verdict.intact) tellIntact(terminal, verdict);
      if (!verdict.intact) throw broken(verdict);
    });
}

function tellIntact({ out }: CommandWorld['terminal'], { rows, beganAtMs, head }: AuditVerdictView): void {
  const since = beganAtMs === null ? '' : `, since ${new Date(beganAtMs).toISOString().slice(0, 10)}`;
  out(`${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}${since}: all as they were written.`);
  if (head !== null) out(`head ${head}`);
}

const broken = ({ breaks }: AuditVerdictView): CamError =>
  new CamError(
    'audit_broken',
    `The audit log is not what was written. ${breaks.map(({ message }) => printable(message)).join(' ')}`,
    {
      details: { breaks },
      hint: 'Whoever could write the database did this. Revoke client keys, change the account keys at the provider.',
    },
  );
