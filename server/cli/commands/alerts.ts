/**
 * `cam alerts`: what somebody should know of, and where that is sent. `--json`: AlertView[], TargetView[].
 */
import type { Command } from 'commander';
import { reveal } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { DASH, formatSpan } from '../../../lib/format.ts';
import { type AlertView, TARGET_FORMATS, type TargetView } from '../../../lib/wire/alert-views.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { rowsOption } from '../rows-option.ts';
import { readSecretArgument } from '../secret-argument.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const addAlerts: CommandModule = (command, world) => {
  addList(command.command('list', { isDefault: true }).description('those that hold first'), world);
  addTargets(command.command('targets').description('where alerts are sent'), world);
  addAdd(command.command('add').description('send alerts to a webhook; needs the master key'), world);
  addRemove(command.command('remove').description('send alerts there no more'), world);
  addTest(command.command('test').description('send a message that says it is a test'), world);
};

function addList(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command
    .option('-n, --limit <number>', 'how many, 1 to 200', '20')
    .action(async (options: { limit: string }) => {
      const limit = rowsOption(options.limit);
      const connection = await connect();
      const alerts = await connection.call((api) => api.alerts.list.query({ limit }));
      if (flags().json) return terminal.json(alerts);
      if (alerts.length === 0) return terminal.out('There was nothing to tell yet.');
      printAlerts(terminal, alerts, Date.now());
    });
}

function printAlerts(terminal: Terminal, alerts: readonly AlertView[], nowMs: number): void {
  printTable(terminal, alerts, [
    {
      title: 'STATE',
      cell: ({ endedAtMs, severity }) =>
        endedAtMs !== null
          ? { text: 'over', style: 'dim' }
          : { text: severity === 'bad' ? 'bad' : 'warning', style: severity === 'bad' ? 'bad' : 'warn' },
    },
    { title: 'SINCE', right: true, cell: (row) => formatSpan(nowMs - row.raisedAtMs) },
    {
      title: 'FOR',
      right: true,
      cell: (row) => (row.endedAtMs === null ? DASH : formatSpan(row.endedAtMs - row.raisedAtMs)),
    },
    { title: 'SENT', cell: sentText },
    { title: '', cell: (row) => row.text },
  ]);
}

function sentText({ deliveries }: AlertView): string {
  if (deliveries.length === 0) return DASH;
  const waiting = deliveries.filter(({ nextAtMs }) => nextAtMs !== null);
  const lost = deliveries.filter(
    ({ nextAtMs, deliveredAtMs }) => nextAtMs === null && deliveredAtMs === null,
  );
  const sent = deliveries.length - waiting.length - lost.length;
  const parts = [
    ...(sent > 0 ? [`${sent}`] : []),
    ...waiting.map(({ target, tries }) => (tries === 0 ? `${target} soon` : `${target} again soon`)),
    ...lost.map(({ target, lastError }) => `not to ${target}: ${lastError ?? 'unknown'}`),
  ];
  return parts.join(', ');
}

function addTargets(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command.action(async () => {
    const connection = await connect();
    const targets = await connection.call((api) => api.alerts.targets.query());
    if (flags().json) return terminal.json(targets);
    if (targets.length === 0)
      return terminal.out('Alerts are sent nowhere; they are shown here and in the dashboard.');
    printTargets(terminal, targets);
  });
}

function printTargets(terminal: Terminal, targets: readonly TargetView[]): void {
  printTable(terminal, targets, [
    { title: 'NAME', cell: (row) => row.name },
    { title: 'FORMAT', cell: (row) => row.format },
    { title: 'WHERE', cell: (row) => row.origin },
    { title: 'SIGNED', cell: (row) => (row.signed ? 'yes' : 'no') },
    { title: '', cell: (row) => (row.intact ? '' : 'changed outside this program: nothing is sent') },
  ]);
}

interface AddFlags {
  readonly format: string;
  readonly secret?: boolean;
  readonly allowLocal?: boolean;
}

function addAdd(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command
    .argument('<name>')
    .argument('[url]', 'the address, or - to take it from stdin; asked for when not given')
    .option('--format <format>', `one of ${TARGET_FORMATS.join(', ')}`, 'json')
    .option('--secret', 'ask for a secret to sign messages with')
    .option('--allow-local', 'the address may be on this computer or network')
    .action(async (name: string, url: string | undefined, options: AddFlags) => {
      const format = TARGET_FORMATS.find((one) => one === options.format);
      if (format === undefined)
        throw new CamError('invalid_request', `--format is one of ${TARGET_FORMATS.join(', ')}.`);
      const address = await readSecretArgument(terminal, url, 'The URL');
      const secret = options.secret ? { secret: reveal(await terminal.askSecret('The secret')) } : {};
      const connection = await connect();
      const masterKey = reveal(await connection.masterKey());
      const target = await connection.call((api) =>
        api.alerts.addTarget.mutate({
          name,
          url: reveal(address),
          format,
          ...secret,
          allowLocal: options.allowLocal === true,
          masterKey,
        }),
      );
      if (flags().json) return terminal.json(target);
      terminal.out(`Alerts are sent to ${target.name} (${target.origin}).`);
      terminal.hint(`try it: cam alerts test "${target.name}"`);
    });
}

function addRemove(command: Command, { terminal, connect }: CommandWorld): void {
  command.argument('<name>').action(async (ref: string) => {
    const connection = await connect();
    await connection.call((api) => api.alerts.removeTarget.mutate({ ref }));
    terminal.out(`Alerts are not sent to ${ref} any more.`);
  });
}

function addTest(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command.argument('<name>').action(async (ref: string) => {
    const connection = await connect();
    const found = await connection.call((api) => api.alerts.testTarget.mutate({ ref }));
    if (flags().json) terminal.json(found);
    else if (found.ok) terminal.out(found.message);
    if (!found.ok) throw new CamError('target_unreachable', found.message);
  });
}
