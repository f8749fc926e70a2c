/**
 * `cam prices list|set|remove|check`: what models cost, whose figure that is, and your own prices.
 * `--json`: PriceListView.
 */
import type { Command } from 'commander';
import { fromDollars } from '../../../lib/base/money.ts';
import { CamError } from '../../../lib/errors.ts';
import { DASH, formatCount, formatCountOf, formatMoney } from '../../../lib/format.ts';
import type { PriceListView } from '../../../lib/wire/price-views.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface SetFlags {
  readonly input: string;
  readonly output: string;
  readonly cached?: string;
  readonly cacheWrite?: string;
  readonly cacheWrite12h?: string;
  readonly perRequest?: string;
  readonly from?: string;
}

export const addPrices: CommandModule = (command, world) => {
  addList(command.command('list', { isDefault: true }).description('prices in force, in dollars'), world);
  addSet(command.command('set').description('a price of your own; it stands before all others'), world);
  addRemove(command.command('remove').description('forget a price of your own'), world);
  addCheck(
    command.command('check').description('models whose price nobody knows. Exit 1 if there are any'),
    world,
  );
};

function addList(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command
    .argument('[models...]', 'some models; else those that were used lately or that an account serves')
    .action(async (models: string[]) => {
      const connection = await connect();
      const wanted = models.length === 0 ? {} : { models };
      const view = await connection.call((api) => api.prices.list.query(wanted));
      if (flags().json) return terminal.json(view);
      printPrices(terminal, view);
    });
}

function addSet(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command
    .argument('<model>', 'a model, or the beginning of models with * at the end')
    .requiredOption('--input <dollars>', 'for a million tokens')
    .requiredOption('--output <dollars>', 'for a million tokens')
    .option('--cached <dollars>', 'for a million cached tokens; as input when not given')
    .option('--cache-write <dollars>', 'for a million tokens kept in the cache; as input when not given')
    .option('--cache-write-12h <dollars>', 'the same, for 12 hours; 2.5 times input when not given')
    .option('--per-request <dollars>', 'for each call')
    .option('--from <day>', 'YYYY-MM-DD (UTC) from which it holds; today when not given')
    .action(async (model: string, options: SetFlags) => {
      const figures = {
        input: figure(options.input),
        output: figure(options.output),
        ...optional('cached', options.cached),
        ...optional('cacheWrite', options.cacheWrite),
        ...optional('cacheWrite12h', options.cacheWrite12h),
        ...optional('perRequest', options.perRequest),
        ...(options.from === undefined ? {} : { fromDay: options.from }),
      };
      const connection = await connect();
      const view = await connection.call((api) => api.prices.set.mutate({ model, ...figures }));
      if (flags().json) return terminal.json(view);
      printPrices(terminal, view);
    });
}

function addRemove(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command
    .argument('<model>')
    .option('--from <day>', 'only the price that holds from this day')
    .action(async (model: string, { from }: { from?: string }) => {
      const connection = await connect();
      const wish = from === undefined ? { model } : { model, fromDay: from };
      const view = await connection.call((api) => api.prices.remove.mutate(wish));
      if (flags().json) return terminal.json(view);
      printPrices(terminal, view);
    });
}

function addCheck(command: Command, { terminal, flags, connect }: CommandWorld): void {
  command.action(async () => {
    const connection = await connect();
    const view = await connection.call((api) => api.prices.list.query({}));
    const unknown = view.models.filter(({ prices }) => prices === null);
    if (flags().json) terminal.json({ ...view, models: unknown });
    else if (unknown.length === 0) terminal.out('The price of every model that is used or served is known.');
    else printPrices(terminal, { ...view, models: unknown });
    if (unknown.length === 0) return;
    throw new CamError(
      'price_unknown',
      `The price of ${formatCountOf(unknown.length, 'model')} is not known.`,
      {
        hint: '`cam prices set MODEL --input 2 --output 10` tells it; calls until then stay without a cost',
      },
    );
  });
}

function printPrices(terminal: Terminal, { models, own, dataSource, dataDay }: PriceListView): void {
  if (models.length > 0) {
    printTable(terminal, models, [
      { title: 'MODEL', cell: (row) => row.model },
      { title: 'INPUT', right: true, cell: ({ prices }) => money(prices?.input) },
      { title: 'CACHED', right: true, cell: ({ prices }) => money(prices?.cached) },
      { title: 'WRITE', right: true, cell: ({ prices }) => money(prices?.cacheWrite) },
      { title: 'WRITE 12H', right: true, cell: ({ prices }) => money(prices?.cacheWrite12h) },
      { title: 'OUTPUT', right: true, cell: ({ prices }) => money(prices?.output) },
      { title: 'A CALL', right: true, cell: ({ prices }) => money(prices?.perRequest) },
      { title: 'CALLS', right: true, cell: (row) => formatCount(row.calls) },
      { title: 'SOURCE', cell: ({ prices }) => prices?.source ?? 'nobody knows' },
    ]);
  } else terminal.out('No model was used lately, and no account says which it serves.');
  terminal.say(`Dollars for a million tokens. ${dataSource}; our additions are of ${dataDay}.`);
  if (own.length === 0) return;
  terminal.out('');
  printTable(terminal, own, [
    { title: 'YOUR OWN', cell: (row) => row.model },
    { title: 'FROM', cell: (row) => row.fromDay },
    { title: 'INPUT', right: true, cell: (row) => money(row.input) },
    { title: 'CACHED', right: true, cell: (row) => money(row.cached) },
    { title: 'WRITE', right: true, cell: (row) => money(row.cacheWrite) },
    { title: 'WRITE 12H', right: true, cell: (row) => money(row.cacheWrite12h) },
    { title: 'OUTPUT', right: true, cell: (row) => money(row.output) },
    { title: 'A CALL', right: true, cell: (row) => money(row.perRequest) },
  ]);
}

const money = (nano: number | null | undefined): string => (nano == null ? DASH : formatMoney(nano));

const optional = (name: string, text: string | undefined): Record<string, number> =>
  text === undefined ? {} : { [name]: figure(text) };

const DOLLARS = /^\d{1,6}(\.\d{1,9})?$/;

/** Throws `invalid_request`. */
function figure(text: string): number {
  const plain = text.trim().replace(/^\$/, '');
  if (!DOLLARS.test(plain))
    throw new CamError(
      'invalid_request',
      `A price is an amount in dollars such as 2 or 0.05, not "${text}".`,
    );
  return fromDollars(Number(plain));
}
