/**
 * `cam config path|get|check|set|unset|edit`. Reading needs neither a server nor the master key. A change goes through
 * the server that runs, so that it holds at once and is on record; where none runs, into the file.
 */
import { LEAVES, type LeafName } from '../../../lib/config.ts';
import { asCamError, CamError } from '../../../lib/errors.ts';
import { checkConfigText, type Settings, settingFromText, settingName, settingValue } from '../../config.ts';
import { readConfigText, writeConfigText } from '../../config-file.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import type { Connection } from '../connection.ts';
import { editText } from '../editor.ts';
import { configFileHere, settingsHere } from '../settings-here.ts';
import { withStepUp } from '../step-up.ts';
import { printTable } from '../table.ts';

/** One line of `cam config get --json`. */
export interface SettingReport {
  readonly name: string;
  readonly value: unknown;
  readonly origin: string;
}

export const addConfig: CommandModule = (command, world) => {
  const { terminal, flags } = world;
  command
    .command('path')
    .description('where the configuration file is')
    .action(() => {
      const { file } = settingsHere(world);
      if (flags().json) terminal.json({ file });
      else terminal.out(file);
    });
  command
    .command('get')
    .description('the settings in force, and who decided each')
    .argument('[name]', 'one setting, e.g. routing.strategy')
    .action((name: string | undefined) => show(world, name));
  command
    .command('set')
    .description('change a setting; its comments and the order of the file stay')
    .argument('<name>', 'e.g. routing.strategy')
    .argument('<value>', 'several with commas between')
    .action((name: string, value: string) => change(world, settingName(name), settingFromText(name, value)));
  command
    .command('unset')
    .description('take a setting out of the file: its default holds again')
    .argument('<name>', 'e.g. routing.strategy')
    .action((name: string) => change(world, settingName(name), null));
  command
    .command('edit')
    .description('open the file in $VISUAL or $EDITOR; it is checked before it is taken')
    .action(() => edit(world));
  command
    .command('check')
    .description('is the configuration valid? Exit 2 if not')
    .action(() => {
      const { file } = settingsHere(world);
      if (flags().json) terminal.json({ file, valid: true });
      else terminal.out(`${file} is valid.`);
    });
};

async function change(world: CommandWorld, name: LeafName, value: unknown): Promise<void> {
  const { terminal, flags } = world;
  const { connection } = await world.connectIfRunning();
  const restart =
    connection === null ? changeHere(world, name, value) : await changeThere(connection, name, value);
  if (flags().json) return terminal.json({ name, value, restartNeeded: restart });
  terminal.out(value === null ? `${name} is at its default.` : `${name} = ${valueText(value)}`);
  if (connection === null) terminal.say('It holds from the next start: no server runs.');
  else if (restart) terminal.say('It holds from the next start of the server.');
}

async function changeThere(connection: Connection, name: LeafName, value: unknown): Promise<boolean> {
  const { restartNeeded } = await withStepUp(connection, (masterKey) =>
    connection.call((api) =>
      api.settings.set.mutate({ values: { [name]: value as TypedValue }, ...masterKey }),
    ),
  );
  return restartNeeded.includes(name);
}

function changeHere(world: CommandWorld, name: LeafName, value: unknown): boolean {
  settingsHere(world).set({ [name]: value ?? undefined });
  return true;
}

/** On a copy, so that a server never reads what is half written or wrong. */
async function edit(world: CommandWorld): Promise<void> {
  const { terminal } = world;
  if (!terminal.canAsk) {
    throw new CamError('invalid_request', 'An editor needs a terminal.', {
      hint: '`cam config set NAME VALUE` needs none',
    });
  }
  const file = configFileHere(world);
  const before = readConfigText(file);
  let text = before;
  for (;;) {
    text = await editText(terminal.env, text === '' ? NEW_FILE : text);
    if (text === before || text === NEW_FILE) return terminal.say('Nothing was changed.');
    try {
      checkConfigText(file, text);
      break;
    } catch (thrown) {
      const { message, hint } = asCamError(thrown);
      terminal.say(`cam: ${message}`);
      if (hint) terminal.hint(hint);
      if (!(await terminal.askYesNo('Edit it again?'))) return terminal.say('Nothing was changed.');
    }
  }
  writeConfigText(file, text);
  terminal.out(`${file} is written.`);
  const { connection } = await world.connectIfRunning();
  if (connection !== null)
    terminal.say('The server that runs takes it by itself; its log says what changed.');
}

/** As `settingFromText` reads it, and the API takes it. */
type TypedValue = string | number | boolean | string[] | null;

const NEW_FILE = '# Settings of Codex Account Manager; `cam config get` lists them with their values.\n';

function show(world: CommandWorld, name: string | undefined): void {
  const { terminal, flags } = world;
  const all = reports(settingsHere(world));
  const wanted = name === undefined ? null : settingName(name);
  const chosen = wanted === null ? all : all.filter((one) => one.name === wanted);
  if (flags().json) terminal.json(name === undefined ? chosen : chosen[0]);
  else if (name !== undefined) terminal.out(valueText(chosen[0]?.value));
  else {
    printTable(terminal, chosen, [
      { title: 'SETTING', cell: (one) => one.name },
      { title: 'VALUE', cell: (one) => valueText(one.value) },
      { title: 'FROM', cell: (one) => one.origin },
    ]);
  }
}

function reports(settings: Settings): SettingReport[] {
  return (Object.keys(LEAVES) as LeafName[]).map((name) => ({
    name,
    value: settingValue(settings, name),
    origin: settings.origins[name],
  }));
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.join(', ');
  return value === null || value === undefined ? '(none)' : String(value);
}
