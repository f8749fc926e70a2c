/**
 * `cam import FILE`: an export, or a plain list of accounts as CSV or JSON. What it would do is shown first; each new or
 * changed base URL is asked for by itself, or named with `--accept-base-url`. Nobody asked and nothing named: left out.
 */
import { reveal } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { formatCount } from '../../../lib/format.ts';
import type { DifferenceView, ImportedView } from '../../../lib/wire/moving-views.ts';
import type { CommandModule } from '../command.ts';
import type { Connection } from '../connection.ts';
import { sayDifference, sayTick } from '../difference-text.ts';
import { type OpeningFlags, readSource } from '../import-source.ts';
import { printable, type Terminal } from '../terminal.ts';

interface ImportFlags extends OpeningFlags {
  readonly replace?: boolean;
  readonly acceptBaseUrl: readonly string[];
  readonly newClientKeys?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export const addImport: CommandModule = (command, { terminal, flags, connect }) => {
  command
    .argument('<file>', 'an export, or a list of accounts as CSV or JSON')
    .option('--dry-run', 'show what it would do, and do nothing')
    .option('--replace', 'remove what is here and not in the export')
    .option(
      '--accept-base-url <name>',
      'let this account have the base URL of the file; may stand several times',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option('--new-client-keys', 'make new values for client keys of another vault, and print them')
    .option('--identity <file>', 'file with the secret key of age that opens the export')
    .option('--passphrase-stdin', 'take the passphrase from stdin instead of asking')
    .option('--yes', 'do not ask before importing')
    .action(async (file: string, options: ImportFlags) => {
      const source = await readSource(terminal, file, options);
      const mode = options.replace ? ('replace' as const) : ('merge' as const);
      const wish = { source, mode, newClientKeys: options.newClientKeys === true };
      const connection = await connect();
      // A look must not leave a vault behind.
      const may = { mayInitialise: !options.dryRun };
      const difference = await connection
        .call((api) => api.moving.preview.mutate(wish), may)
        .catch((thrown: unknown) => {
          throw options.dryRun ? nothingToCompare(thrown, connection) : thrown;
        });
      if (!flags().json) sayDifference(terminal, difference);
      if (options.dryRun) {
        if (flags().json) terminal.json(difference);
        return sayRisk(terminal, file, source.kind);
      }
      const acceptBaseUrls = await accepted(terminal, difference, options);
      await agreed(terminal, options);
      const masterKey = source.kind === 'export' ? { masterKey: reveal(await connection.masterKey()) } : {};
      const { seen } = difference;
      const done = await connection.call(
        (api) => api.moving.import.mutate({ ...wish, seen, acceptBaseUrls, ...masterKey }),
        may,
      );
      if (flags().json) terminal.json({ difference, done });
      else sayDone(terminal, done);
      sayRisk(terminal, file, source.kind);
      failOnRest(done, terminal.canAsk ? difference : null);
    });
};

/** The dry run sets nothing up, so on an empty folder it cannot look. */
function nothingToCompare(thrown: unknown, { via }: Connection): unknown {
  if (via !== 'in_process' || !(thrown instanceof CamError) || thrown.code !== 'vault_uninitialised')
    return thrown;
  return new CamError('vault_uninitialised', 'Nothing is set up here yet, and a dry run sets nothing up.', {
    hint: 'without `--dry-run` the command sets up the vault, shows what it would do, and asks before it imports',
  });
}

/** A script has to know that not all of it is there; who has just said no to a base URL knows. */
function failOnRest({ leftOut }: ImportedView, declined: DifferenceView | null): void {
  const baseUrls = declined?.baseUrls ?? [];
  const missing = leftOut.filter(({ name }) => !baseUrls.some((tick) => same(tick.name, name)));
  if (missing.length === 0) return;
  throw new CamError('import_incomplete', `Not imported: ${missing.map(({ name }) => name).join(', ')}.`, {
    hint: 'everything else was; mend what is said of them above and import the file again',
  });
}

async function accepted(
  terminal: Terminal,
  { baseUrls }: DifferenceView,
  { acceptBaseUrl }: ImportFlags,
): Promise<string[]> {
  const named = acceptBaseUrl.map((name) => name.toLowerCase());
  const unknown = acceptBaseUrl.find((name) => !baseUrls.some((tick) => same(tick.name, name)));
  if (unknown !== undefined) {
    throw new CamError(
      'invalid_request',
      `No base URL of an account called "${unknown}" waits to be accepted.`,
      {
        hint: '`--dry-run` lists those that do.',
      },
    );
  }
  const ticked: string[] = [];
  for (const tick of baseUrls) {
    const yes =
      named.some((name) => same(tick.name, name)) ||
      (terminal.canAsk && (await terminal.askYesNo(`${sayTick(tick)}. Send its key there?`)));
    if (yes) ticked.push(tick.name);
  }
  return ticked;
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

async function agreed(terminal: Terminal, { yes }: ImportFlags): Promise<void> {
  if (yes) return;
  if (!terminal.canAsk) {
    throw new CamError(
      'invalid_request',
      'Nothing was imported: a confirmation is needed, and this is no terminal.',
      {
        hint: '`--yes` stands for it.',
      },
    );
  }
  if (!(await terminal.askYesNo('Import this?')))
    throw new CamError('invalid_request', 'Nothing was imported.');
}

function sayDone(terminal: Terminal, done: ImportedView): void {
  const counts = [
    `${formatCount(done.new)} new`,
    `${formatCount(done.changed)} changed`,
    `${formatCount(done.removed)} removed`,
    `${formatCount(done.same)} as they were`,
  ];
  terminal.out(`Imported: ${counts.join(', ')}.`);
  for (const { name, why } of done.leftOut) terminal.say(printable(`Left out: ${name}. ${why}`));
  if (done.newClientKeys.length > 0) terminal.say('New client keys, shown this once:');
  for (const { name, key } of done.newClientKeys) terminal.out(`${printable(name)}  ${key}`);
}

function sayRisk(terminal: Terminal, file: string, kind: 'export' | 'list'): void {
  if (kind === 'export') return;
  terminal.say(`Note: ${file} holds account keys that anybody who opens it can read.`);
  terminal.hint(`delete it when you are done: rm ${file}; \`cam export\` makes an encrypted one`);
}
