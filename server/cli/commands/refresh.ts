/**
 * `cam refresh [NAME]`: asks providers now which models each key may list, and with an admin key what was used, charged and
 * limited. `--json`: ProviderListView.
 */
import { DASH, formatSpan } from '../../../lib/format.ts';
import { SOURCE_NAMES, saySource } from '../../../lib/introspection/say-source.ts';
import type { ProviderListView } from '../../../lib/wire/provider-views.ts';
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

export function printProviders(terminal: Terminal, { accounts }: ProviderListView, nowMs: number): void {
  if (accounts.length === 0) {
    terminal.say('There is no account yet.');
    return;
  }
  const rows = accounts.flatMap(({ name, sources, hasAdminKey }) => [
    ...sources.map((source) => ({
      name,
      what: SOURCE_NAMES[source.source],
      said: saySource(source),
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
