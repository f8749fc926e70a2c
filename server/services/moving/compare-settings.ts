/** The settings of an export beside those in force here. Only those on the list of travelling settings are taken. */
import { LEAVES } from '../../../lib/config.ts';
import {
  TRAVELLING_SETTINGS,
  type TravellingSetting,
  travels,
} from '../../../lib/moving/travelling-settings.ts';
import type { MoveRow } from '../../../lib/wire/moving-views.ts';
import { type Settings, settingValue } from '../../config.ts';

export interface SettingStep {
  readonly row: MoveRow;
  /** Undefined takes the setting out of the file. */
  readonly write: { readonly name: TravellingSetting; readonly value: unknown } | null;
}

export function compareSettings(
  settings: Pick<Settings, 'config' | 'origins'>,
  incoming: Readonly<Record<string, unknown>>,
  mode: 'merge' | 'replace',
): readonly SettingStep[] {
  const brought = Object.entries(incoming).map(([name, value]) => stepOf(settings, name, value));
  if (mode === 'merge') return brought;
  const gone = TRAVELLING_SETTINGS.filter(
    (name) => settings.origins[name] === 'file' && !Object.hasOwn(incoming, name),
  );
  return [...brought, ...gone.map((name) => removal(settings, name))];
}

function stepOf(settings: Pick<Settings, 'config' | 'origins'>, name: string, value: unknown): SettingStep {
  const row = { kind: 'setting', name: shownName(name), at: null, changes: [] } as const;
  const refused = (why: string): SettingStep => ({ row: { ...row, state: 'refused', why }, write: null });
  if (!travels(name)) return refused('No import brings this setting.');
  const read = LEAVES[name].schema.safeParse(value);
  if (!read.success) return refused(`${read.error.issues[0]?.message ?? 'It cannot have this value'}.`);
  const current = settingValue(settings, name);
  if (JSON.stringify(current) === JSON.stringify(read.data))
    return { row: { ...row, state: 'same', why: null }, write: null };
  const origin = settings.origins[name];
  if (origin === 'environment' || origin === 'flag') return refused(`The ${origin} decides it here.`);
  const changes = [{ field: 'value', from: String(current), to: String(read.data) }];
  return { row: { ...row, state: 'changed', changes, why: null }, write: { name, value: read.data } };
}

function removal(settings: Pick<Settings, 'config' | 'origins'>, name: TravellingSetting): SettingStep {
  const from = String(settingValue(settings, name));
  const to = String(LEAVES[name].schema.parse(undefined));
  const changes = [{ field: 'value', from, to }];
  const why = 'It is not in the file: it goes back to the default.';
  return {
    row: { kind: 'setting', name, at: null, state: 'removed', changes, why },
    write: { name, value: undefined },
  };
}

/** A name of ours, or as much of a strange one as is no trouble to show. */
const shownName = (name: string): string => (/^[a-z_.]{1,60}$/.test(name) ? name : 'an unknown setting');
