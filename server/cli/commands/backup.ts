/** `cam backup [FILE]`: a verified copy of the database, made while the server serves; FILE is one more copy of it. */
import { constants, copyFile } from 'node:fs/promises';
import { CamError } from '../../../lib/errors.ts';
import { formatBytes, formatCountOf, formatSpan } from '../../../lib/format.ts';
import type { BackupListView } from '../../../lib/wire/moving-views.ts';
import type { CommandModule } from '../command.ts';
import { type Column, printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const addBackup: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .argument('[file]', 'where to put one more copy of it')
    .option('--list', 'list the backups there are')
    .action(async (file: string | undefined, options: { readonly list?: boolean }) => {
      const connection = await connect();
      if (options.list) {
        const list = await connection.call((api) => api.backups.list.query());
        if (flags().json) terminal.json(list);
        else sayList(terminal, list);
        return;
      }
      const made = await connection.call((api) => api.backups.make.mutate());
      // Made beside the data by whoever holds it; a server writes to no place that a request names.
      if (file !== undefined) await copyNew(made.path, file);
      const path = file ?? made.path;
      if (flags().json) return terminal.json({ ...made, path });
      const tried = made.triedWithKey ? 'read back and tried with the key' : 'read back; the vault is locked';
      terminal.out(
        `Backed up to ${path}: ${formatCountOf(made.accounts, 'account')}, ${formatCountOf(made.clientKeys, 'client key')}, ${formatBytes(made.bytes)}, ${tried}.`,
      );
      if (made.damaged.length > 0)
        terminal.say(`Note: quarantined in it as here: ${made.damaged.join(', ')}.`);
      terminal.hint(`\`cam restore ${path}\` puts it back; its master key is the one of today`);
    });
};

async function copyNew(from: string, to: string): Promise<void> {
  try {
    // The mode goes with it: for its owner only.
    await copyFile(from, to, constants.COPYFILE_EXCL);
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CamError('invalid_request', exists ? `${to} exists already.` : `${to} cannot be written.`, {
      cause,
      hint: `The backup itself is at ${from}.`,
    });
  }
}

type Backup = BackupListView['backups'][number];

function sayList(terminal: Terminal, { backups, folder, everyHours, kept }: BackupListView): void {
  const nowMs = Date.now();
  const columns: Column<Backup>[] = [
    { title: 'BACKUP', cell: ({ name }) => name },
    { title: 'AGE', right: true, cell: ({ atMs }) => formatSpan(nowMs - atMs) },
    { title: 'SIZE', right: true, cell: ({ bytes }) => formatBytes(bytes) },
    { title: 'WHY', cell: ({ beforeConversion }) => (beforeConversion ? 'before a conversion' : '') },
  ];
  if (backups.length === 0) terminal.say('There is no backup yet.');
  else printTable(terminal, backups, columns);
  const rhythm =
    everyHours === 0 ? 'None are made by themselves' : `One every ${everyHours} hours while the server runs`;
  terminal.say(`${rhythm}; the newest ${kept} are kept, in ${folder ?? 'no folder'}.`);
}
