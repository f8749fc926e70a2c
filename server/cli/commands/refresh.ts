/**
 * `cam refresh [NAME]`: asks providers now which models each key may list, and with an admin key what was used, charged and
 * limited. `--json`: ProviderListView.
 */
import { DASH, formatSpan } from '../../../lib/format.ts';
import type { ProviderListView, Source, SourceView } from '../../../lib/wire/provider-views.ts';
import type { CommandModule } from '../command.ts';
import { printTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const addRefresh: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .argument('[name]', 'one account; all of them when not given')
    .action(async (name: string | undefined) => {
      const connection = await connect();
      const view = await connection.call((api) =>
        api.providers.refresh.mutate(name === undefined ? {} : { ref: name }),
      );
      if (flags().json) return terminal.json(view);
      printProviders(terminal, view, Date.now());
    });
};

const WORDS: Readonly<Record<Source, string>> = {
  models: 'models',
  usage: 'usage',
  costs: 'costs',
  key: 'which key',
  rate_limits: 'rate limits',
  spend_limit: 'spend limit',
};

export function printProviders(terminal: Terminal, { accounts }: ProviderListView, nowMs: number): void {
  if (accounts.length === 0) {
    terminal.say('There is no account yet.');
    return;
  }
  const rows = accounts.flatMap(({ name, sources, hasAdminKey }) => [
    ...sources.map((source) => ({
      name,
      what: WORDS[source.source],
      said: saidText(source),
      when: source.okAtMs,
    })),
    ...(hasAdminKey
      ? []
      : [
          {
            name,
            what: 'usage, costs, limits',
            said: 'not known: only an admin key may ask for them',
            when: null,
          },
        ]),
  ]);
  printTable(terminal, rows, [
    { title: 'ACCOUNT', cell: (row) => row.name },
    { title: 'OF', cell: (row) => row.what },
    {
      title: 'ANSWERED',
      right: true,
      cell: ({ when }) => (when === null ? DASH : `${formatSpan(nowMs - when)} ago`),
    },
    { title: '', cell: (row) => row.said },
  ]);
  if (accounts.every(({ hasAdminKey }) => !hasAdminKey))
    terminal.hint('`cam admin-key set NAME -` gives an account the admin key of its organisation');
}

function saidText({ source, error, data }: SourceView): string {
  if (error !== null) return error;
  const field = (name: string): unknown =>
    typeof data === 'object' && data !== null ? Reflect.get(data, name) : null;
  switch (source) {
    case 'models': {
      const models = field('models');
      return typeof models === 'number' ? `${models} models` : 'the key is accepted';
    }
    case 'key':
      return typeof field('keyId') === 'string'
        ? String(field('keyId'))
        : 'not found among the keys of its project';
    case 'rate_limits':
      return Array.isArray(data) ? `${data.length} models` : '';
    case 'spend_limit': {
      const dollars = field('dollars');
      return typeof dollars === 'number'
        ? `$${dollars} a month${field('enforced') === true ? ', enforced' : ''}`
        : 'none set';
    }
    default:
      return `the last ${String(field('days'))} days`;
  }
}
