/** `cam keys add|edit|list|reset|revoke`: the keys that tools on this computer sign in to `/v1` with. */
import type { Command } from 'commander';
import { accountNameKey } from '../../../lib/accounts/account.ts';
import { reveal } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { DASH, formatCount, formatLimit, formatMoney, formatSpan } from '../../../lib/format.ts';
import { WINDOW_WORDS } from '../../../lib/metering/client-limits.ts';
import type { ClientKeyView } from '../../../lib/wire/views.ts';
import { modelsText } from '../account-text.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { addGrantOptions, type GrantFlags, grantsOf } from '../grant-options.ts';
import { windowsOf } from '../limit-option.ts';
import { readSecretArgument } from '../secret-argument.ts';
import { withStepUp } from '../step-up.ts';
import { type Cell, type Column, orDash, printTable } from '../table.ts';

export const addKeys: CommandModule = (command, world) => {
  keysAdd(command.command('add').description('make a client key, or register a value of your own'), world);
  keysEdit(command.command('edit').description('change what a client key may use'), world);
  keysList(command.command('list').description('list the client keys'), world);
  keysReset(command.command('reset').description('count the use of a client key anew'), world);
  keysRevoke(command.command('revoke').description('revoke a client key for good'), world);
};

interface AddFlags extends GrantFlags {
  readonly value?: string;
}

function keysAdd(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command
    .argument('<name>', 'what to call it')
    .option('--value <key>', 'use this value instead of a generated one, or - to pipe it in');
  addGrantOptions(command).action(async (name: string, options: AddFlags) => {
    const value =
      options.value === undefined ? null : await readSecretArgument(terminal, options.value, 'Client key');
    const grants = grantsOf(options, {});
    const connection = await connect();
    const added = await connection.call(
      (api) =>
        api.clients.add.mutate({
          name,
          ...(value === null ? {} : { value: reveal(value) }),
          ...grants,
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

interface EditFlags extends GrantFlags {
  readonly name?: string;
}

function keysEdit(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command.argument('<key>', 'its name, or the beginning of its id').option('--name <name>', 'a new name');
  addGrantOptions(command).action(async (ref: string, options: EditFlags) => {
    if (Object.keys(options).length === 0) {
      throw new CamError('invalid_request', 'Nothing to change was named.', {
        hint: '`cam keys edit --help` lists what can be.',
      });
    }
    grantsOf(options, {});
    const connection = await connect();
    const keys = await connection.call((api) => api.clients.list.query());
    const limits = findKey(keys, ref)?.limits ?? {};
    const named = options.name === undefined ? {} : { name: options.name };
    const changed = await withStepUp(connection, (masterKey) =>
      connection.call((api) =>
        api.clients.edit.mutate({ ref, ...named, ...grantsOf(options, limits), ...masterKey }),
      ),
    );
    if (flags().json) terminal.json(changed);
    else terminal.out(`Changed ${changed.name}. It holds from the next call.`);
  });
}

function keysReset(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command
    .argument('<key>', 'its name, or the beginning of its id')
    .option('--window <windows>', 'only these: hour, 5h, day, week, month, separated by commas')
    .action(async (ref: string, options: { readonly window?: string }) => {
      const windows = options.window === undefined ? {} : { windows: windowsOf(options.window) };
      const connection = await connect();
      const key = await withStepUp(connection, (masterKey) =>
        connection.call((api) => api.clients.resetUse.mutate({ ref, ...windows, ...masterKey })),
      );
      if (flags().json) terminal.json(key);
      else terminal.out(`The use of ${key.name} is counted anew from now on. Its requests stay on record.`);
    });
}

/** As the server finds it; where it finds none, it says so itself. */
function findKey(keys: readonly ClientKeyView[], ref: string): ClientKeyView | undefined {
  const living = keys.filter(({ revokedAtMs }) => revokedAtMs === null);
  const name = accountNameKey(ref);
  return (
    living.find((key) => accountNameKey(key.name) === name) ??
    living.find(({ id }) => id.startsWith(ref.toLowerCase()))
  );
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
  { title: 'LIMIT', cell: fullestLimit },
  { title: 'TODAY', right: true, cell: (key) => formatCount(key.today.requests) },
  { title: 'SPENT', right: true, cell: (key) => formatMoney(key.today.cost) },
  {
    title: 'LAST USED',
    right: true,
    cell: (key) => orDash(key.lastUsedAtMs, (at) => `${formatSpan(nowMs - at)} ago`),
  },
];

/** The limit that will be reached first, as things are. */
function fullestLimit({ limitUse }: ClientKeyView): Cell {
  const shares = limitUse.map(({ used, limit }) => used / limit);
  const highest = Math.max(...shares);
  const use = limitUse[shares.indexOf(highest)];
  if (!use) return { text: DASH, style: 'dim' };
  const amount = use.kind === 'cost' ? formatMoney(use.limit) : `${formatLimit(use.limit)} ${use.kind}`;
  const text = `${Math.floor(highest * 100)}% of ${amount} ${WINDOW_WORDS[use.window]}`;
  return highest >= 1 ? { text, style: 'bad' } : { text };
}

function keyState(key: ClientKeyView, nowMs: number): Cell {
  if (!key.intact) return { text: 'damaged', style: 'bad' };
  if (key.revokedAtMs !== null) return { text: 'revoked', style: 'dim' };
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) return { text: 'expired', style: 'warn' };
  return key.guessable ? { text: 'guessable', style: 'warn' } : { text: 'good', style: 'ok' };
}
