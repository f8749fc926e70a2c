/** `cam keys add|list|revoke`: the keys that tools on this computer sign in to `/v1` with. */
import type { Command } from 'commander';
import { reveal } from '../../../lib/base/secret.ts';
import { formatCount, formatMoney, formatSpan } from '../../../lib/format.ts';
import type { ClientKeyView } from '../../../lib/wire/views.ts';
import { patterns, words } from '../account-options.ts';
import { modelsText } from '../account-text.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { readSecretArgument } from '../secret-argument.ts';
import { type Cell, type Column, orDash, printTable } from '../table.ts';

export const addKeys: CommandModule = (command, world) => {
  keysAdd(command.command('add').description('make a client key, or register a value of your own'), world);
  keysList(command.command('list').description('list the client keys'), world);
  keysRevoke(command.command('revoke').description('revoke a client key for good'), world);
};

interface AddFlags {
  readonly value?: string;
  readonly accounts?: string;
  readonly models?: string;
}

function keysAdd(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command
    .argument('<name>', 'what to call it')
    .option('--value <key>', 'use this value instead of a generated one, or - to pipe it in')
    .option('--accounts <names>', 'only these accounts, separated by commas')
    .option('--models <patterns>', 'only these models, e.g. gpt-5*,!gpt-5-pro')
    .action(async (name: string, options: AddFlags) => {
      const value =
        options.value === undefined ? null : await readSecretArgument(terminal, options.value, 'Client key');
      const connection = await connect();
      const added = await connection.call(
        (api) =>
          api.clients.add.mutate({
            name,
            ...(value === null ? {} : { value: reveal(value) }),
            ...(options.accounts === undefined ? {} : { accounts: words(options.accounts) }),
            ...(options.models === undefined ? {} : { models: patterns(options.models) }),
          }),
        { mayInitialise: true },
      );
      if (flags().json) return terminal.json(added);
      terminal.say(`Client key ${added.clientKey.name}, shown this once:`);
      terminal.out(added.key);
      if (added.clientKey.guessable)
        terminal.say('Note: others on this computer could guess a value like this.');
    });
}

function keysList(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command.action(async () => {
    const connection = await connect();
    const keys = await connection.call((api) => api.clients.list.query());
    if (flags().json) return terminal.json(keys);
    if (keys.length === 0) {
      terminal.say('There is no client key yet.');
      terminal.hint('cam keys add NAME makes one');
      return;
    }
    printTable(terminal, keys, columns(Date.now()));
  });
}

function keysRevoke(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command.argument('<key>', 'its name, or the beginning of its id').action(async (ref: string) => {
    const connection = await connect();
    await connection.call((api) => api.clients.revoke.mutate({ ref }));
    if (flags().json) terminal.json({ revoked: ref });
    else terminal.out(`Revoked ${ref}. Calls with it are refused from now on.`);
  });
}

const columns = (nowMs: number): Column<ClientKeyView>[] => [
  { title: 'NAME', cell: (key) => key.name },
  { title: 'PREFIX', cell: (key) => key.prefix },
  { title: 'STATE', cell: (key) => keyState(key, nowMs) },
  { title: 'ACCOUNTS', cell: (key) => (key.accounts === null ? 'all' : formatCount(key.accounts.length)) },
  { title: 'MODELS', cell: (key) => modelsText(key.models) },
  { title: 'TODAY', right: true, cell: (key) => formatCount(key.today.requests) },
  { title: 'SPENT', right: true, cell: (key) => formatMoney(key.today.cost) },
  {
    title: 'LAST USED',
    right: true,
    cell: (key) => orDash(key.lastUsedAtMs, (at) => `${formatSpan(nowMs - at)} ago`),
  },
];

function keyState(key: ClientKeyView, nowMs: number): Cell {
  if (!key.intact) return { text: 'damaged', style: 'bad' };
  if (key.revokedAtMs !== null) return { text: 'revoked', style: 'dim' };
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) return { text: 'expired', style: 'warn' };
  return key.guessable ? { text: 'guessable', style: 'warn' } : { text: 'good', style: 'ok' };
}
