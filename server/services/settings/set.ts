/**
 * Changes settings in the TOML file, in the file and in the audit log or in neither. The log keeps what the file
 * said before, so that a change can be undone; a value that may hold a credential is left out of it.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import type { AuditEntry, AuditSubject } from '../../../lib/audit/deeds.ts';
import { LEAVES, type LeafName } from '../../../lib/config.ts';
import { CamError } from '../../../lib/errors.ts';
import type {
  SettingsChangedView,
  SettingsSetInput,
  SettingValue,
} from '../../../lib/wire/settings-views.ts';
import type { Settings } from '../../config.ts';
import { nearestLeaf } from '../../config-faults.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Changes } from '../live/changes.ts';
import { type StepUpDeps, stepUp } from '../session/try-master-key.ts';
import { guardOf } from './guards.ts';
import { listSettings, settingValueOf } from './list.ts';

export interface ChangeSettingsDeps {
  readonly settings: Settings;
  readonly changes: Pick<Changes, 'made'>;
  readonly audit: Pick<AuditLog, 'during'>;
}

export interface SetSettingsDeps extends StepUpDeps, ChangeSettingsDeps {
  readonly audit: StepUpDeps['audit'] & ChangeSettingsDeps['audit'];
}

/** By name; null takes the setting out of the file. */
export type NewValues = Readonly<Partial<Record<LeafName, SettingValue>>>;

/** Throws `config_invalid`, `conflict`, `step_up_required`, `wrong_master_key`. */
export async function setSettings(
  deps: SetSettingsDeps,
  { values, masterKey }: SettingsSetInput,
  actor: Actor,
): Promise<SettingsChangedView> {
  const wanted = known(values);
  const names = Object.keys(wanted) as LeafName[];
  const byHand = names.find((name) => guardOf(name) === 'file');
  if (byHand !== undefined) {
    throw new CamError('conflict', `${byHand} is not changed here.`, {
      param: byHand,
      hint: `Change it in ${deps.settings.file}.`,
    });
  }
  const guarded = names.filter((name) => guardOf(name) === 'master_key');
  if (guarded.length > 0) {
    await stepUp(deps, masterKey, `To change ${guarded.join(', ')}`, subjectOf(actor, guarded));
  }
  const restartNeeded = await changeSettings(deps, wanted, actor);
  return { ...listSettings(deps), restartNeeded };
}

/** @returns those that hold from the next start */
export async function changeSettings(
  { settings, changes, audit }: ChangeSettingsDeps,
  values: NewValues,
  actor: Actor,
): Promise<readonly LeafName[]> {
  const names = Object.keys(values) as LeafName[];
  if (names.length === 0) return [];
  const { restartNeeded } = await audit.during(deedOf(settings, names, values, actor), () =>
    settings.set(values),
  );
  changes.made();
  return restartNeeded;
}

/**
 * Takes what the file says by now: whole, or not at all. Throws `config_invalid`.
 * @returns what changed, and what of it holds from the next start
 */
export async function rereadSettings(
  { settings, changes, audit }: ChangeSettingsDeps,
  actor: Actor,
): Promise<{ readonly changed: readonly LeafName[]; readonly restartNeeded: readonly LeafName[] }> {
  const { changed, restartNeeded, inFile: values, apply } = settings.reread();
  if (changed.length > 0) {
    await audit.during(deedOf(settings, changed, values as NewValues, actor), apply);
    changes.made();
  }
  return { changed, restartNeeded };
}

function deedOf(settings: Settings, names: readonly LeafName[], values: NewValues, actor: Actor): AuditEntry {
  return {
    ...subjectOf(actor, names),
    deed: 'settings.changed',
    detail: {
      changed: names.map((name) => sayChange(settings, name, values[name] ?? null)),
      ...bothSides(settings, names, values),
    },
  };
}

/** null: a default and an empty file say the same. */
const inFile = (settings: Settings, name: LeafName): SettingValue =>
  settings.origins[name] === 'file' ? settingValueOf(settings, name) : null;

function sayChange(settings: Settings, name: LeafName, to: SettingValue): string {
  if (MAY_HOLD_CREDENTIALS.has(name)) return name;
  return `${name}: ${plainText(settingValueOf(settings, name))} → ${plainText(to ?? fallbackOf(name))}`;
}

const MAY_HOLD_CREDENTIALS: ReadonlySet<LeafName> = new Set(['upstream.proxy', 'alerts.command'] as const);

const fallbackOf = (name: LeafName): SettingValue =>
  (LEAVES[name].schema.parse(undefined) ?? null) as SettingValue;

const plainText = (value: SettingValue): string =>
  Array.isArray(value) ? `[${value.join(', ')}]` : value === null ? 'none' : String(value);

function bothSides(
  settings: Settings,
  names: readonly LeafName[],
  values: NewValues,
): { readonly before: string; readonly after: string } | Record<string, never> {
  if (names.some((name) => MAY_HOLD_CREDENTIALS.has(name))) return {};
  const written = (valueOfOne: (name: LeafName) => SettingValue): string =>
    JSON.stringify(Object.fromEntries(names.map((name) => [name, valueOfOne(name)])));
  return {
    before: written((name) => inFile(settings, name)),
    after: written((name) => values[name] ?? null),
  };
}

function subjectOf(actor: Actor, names: readonly LeafName[]): AuditSubject {
  const sections = [...new Set(names.map((name) => name.slice(0, name.indexOf('.'))))];
  return { actor, objectKind: 'setting', objectId: null, objectName: sections.join(', ') };
}

function known(values: SettingsSetInput['values']): NewValues {
  const strange = Object.keys(values).find((name) => !Object.hasOwn(LEAVES, name));
  if (strange === undefined) return values as NewValues;
  const near = nearestLeaf(strange);
  throw new CamError('invalid_request', `There is no setting ${strange}.`, {
    param: 'values',
    ...(near === null ? {} : { hint: `Did you mean ${near}?` }),
  });
}
