/** TOML, as Codex reads its file. */
import { patch } from '@decimalturn/toml-patch';
import { parse, stringify, TomlError } from 'smol-toml';
import { CamError } from '../../lib/errors.ts';
import type { ConfigText, PlacedSetting } from './config-text.ts';

type Table = Record<string, unknown>;

export const tomlText: ConfigText = {
  read(text, path) {
    let value: unknown = parsed(text);
    for (const step of path) value = isTable(value) ? value[step] : undefined;
    return value;
  },
  change(text, settings) {
    const before = parsed(text);
    // A new table reads best as a section of its own at the end; single values stand where they belong.
    const sections = settings.filter(({ path, value }) => isTable(value) && at(before, path) === undefined);
    const patched = patch(
      text,
      withAll(
        before,
        settings.filter((one) => !sections.includes(one)),
      ),
    );
    if (sections.length === 0) return patched;
    const apart = sections.map(({ path, value }) => stringify(nested(path, value)).trim()).join('\n\n');
    const appended = `${patched.trimEnd()}${patched.trim() === '' ? '' : '\n\n'}${apart}\n`;
    const wanted = withAll(before, settings);
    return isSame(appended, wanted) ? appended : patch(text, wanted);
  },
};

function parsed(text: string): Table {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    throw new CamError('client_config_invalid', `This is not TOML, by line ${cause.line}.`, { cause });
  }
}

/** An inline table above it, say, cannot be continued by a section. */
function isSame(text: string, wanted: Table): boolean {
  try {
    return JSON.stringify(sorted(parse(text))) === JSON.stringify(sorted(wanted));
  } catch {
    return false;
  }
}

function withAll(table: Table, settings: readonly PlacedSetting[]): Table {
  const all = structuredClone(table);
  for (const { path, value } of settings) {
    const name = path.at(-1);
    if (name === undefined) continue;
    let here = all;
    for (const step of path.slice(0, -1)) {
      const next = here[step];
      const inner: Table = isTable(next) ? next : {};
      here[step] = inner;
      here = inner;
    }
    if (value === undefined) delete here[name];
    else here[name] = value;
  }
  return all;
}

const nested = (path: readonly string[], value: unknown): Table =>
  path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as Table;

const at = (table: Table, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, step) => (isTable(value) ? value[step] : undefined), table);

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTable(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
