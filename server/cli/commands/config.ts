/** `cam config path|get|check`: reading the configuration needs neither a server nor the master key. */
import { LEAVES, type LeafName } from '../../../lib/config.ts';
import { CamError } from '../../../lib/errors.ts';
import { type Settings, settingValue } from '../../config.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { settingsHere } from '../settings-here.ts';
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
    .command('check')
    .description('is the configuration valid? Exit 2 if not')
    .action(() => {
      const { file } = settingsHere(world);
      if (flags().json) terminal.json({ file, valid: true });
      else terminal.out(`${file} is valid.`);
    });
};

function show(world: CommandWorld, name: string | undefined): void {
  const { terminal, flags } = world;
  const all = reports(settingsHere(world));
  const chosen = name === undefined ? all : all.filter((one) => one.name === name);
  if (chosen.length === 0) {
    throw new CamError('invalid_request', `There is no setting ${name}.`, {
      hint: '`cam config get` lists them.',
    });
  }
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
