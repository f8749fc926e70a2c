/** A setting as it stands in a form: always text, read back with what is wrong with it in one sentence. */
import type { SettingValue, SettingView } from '../wire/settings-views.ts';
import { isSetting, SETTING_WORDS, type SettingUnit, shownNumber, storedNumber } from './words.ts';

type Formed = Pick<SettingView, 'name' | 'control'>;

export const unitOf = (name: string): SettingUnit | undefined =>
  isSetting(name) ? SETTING_WORDS[name].unit : undefined;

/** Numbers in the unit that people see; lists parted by commas. */
export function textOf({ name }: Pick<SettingView, 'name'>, value: SettingValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((one) => textOf({ name }, one)).join(', ');
  return typeof value === 'number' ? String(shownNumber(value, unitOf(name))) : String(value);
}

export type ReadText =
  | { readonly ok: true; readonly value: SettingValue }
  | { readonly ok: false; readonly why: string };

export function readText({ name, control }: Formed, text: string): ReadText {
  const trimmed = text.trim();
  switch (control.kind) {
    case 'switch':
      return good(trimmed === 'true');
    case 'choice':
      return good(trimmed);
    case 'number':
      return readNumber(trimmed, unitOf(name), control);
    case 'text':
      if (trimmed !== '') return good(trimmed);
      return control.optional ? good(null) : bad('It cannot be empty.');
    case 'texts':
      return good(parts(trimmed));
    case 'numbers': {
      const read = parts(trimmed).map((part) => readNumber(part, unitOf(name), { ...control, whole: false }));
      const wrong = read.find((one) => !one.ok);
      if (wrong) return wrong;
      if (read.length > control.most) return bad(`At most ${control.most} of them.`);
      return good(read.flatMap((one) => (one.ok && typeof one.value === 'number' ? [one.value] : [])));
    }
  }
}

function readNumber(
  text: string,
  unit: SettingUnit | undefined,
  { min, max, whole }: { readonly min: number; readonly max: number; readonly whole: boolean },
): ReadText {
  const shown = Number(text);
  if (text === '' || !Number.isFinite(shown)) return bad('It is a number.');
  const value = storedNumber(shown, unit);
  const said = unit === undefined ? '' : ` ${unit}`;
  if (value < min || value > max) {
    return bad(`From ${shownNumber(min, unit)} to ${shownNumber(max, unit)}${said}.`);
  }
  if (whole && !Number.isInteger(value)) return bad('It is a whole number.');
  return good(value);
}

const parts = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((part) => part.trim())
    .filter(Boolean);

const good = (value: SettingValue): ReadText => ({ ok: true, value });
const bad = (why: string): ReadText => ({ ok: false, why });
