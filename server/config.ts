/**
 * The effective configuration: flag over environment over file over default, each value with where it came from.
 * The schema is the table in `lib/config`; this file knows no setting by name but those that need each other.
 * All faults are reported at once. `set` is the only writer of the file.
 */
import { join } from 'node:path';
import { type Config, defaultConfig, LEAVES, type Leaf, type LeafName } from '../lib/config.ts';
import { CamError } from '../lib/errors.ts';
import { type ConfigFault, configError, nearestLeaf } from './config-faults.ts';
import { changeText, type FileEntry, readConfigText, readEntries, writeConfigText } from './config-file.ts';
import { isLoopback } from './loopback.ts';

export type Origin = 'file' | 'environment' | 'flag' | 'default';
export type SettingValues = { readonly [Name in LeafName]?: unknown };

export interface Settings {
  /** As it is now: read it again rather than keep it. */
  readonly config: Config;
  readonly origins: Readonly<Record<LeafName, Origin>>;
  readonly file: string;
  /** The variable or flag that decides a setting, e.g. `CAM_PORT` or `--port`; null where the file may. */
  decidedBy(name: LeafName): string | null;
  /** Called with the new configuration after each change. */
  onChange(listener: (config: Config) => void): void;
  /**
   * Changes settings in the file, keeping its comments; `undefined` takes one out. Throws `config_invalid`, and
   * `conflict` for a setting that the environment or a flag decides. Nothing is written unless all is right.
   */
  set(values: SettingValues): { readonly restartNeeded: readonly LeafName[] };
  /** The file as it is by now, read whole. Throws `config_invalid`; nothing changes before `apply`. */
  reread(): Reread;
}

/** What reading the file again would change. */
export interface Reread {
  readonly changed: readonly LeafName[];
  readonly restartNeeded: readonly LeafName[];
  /** What the file says of those that changed; null for nothing. */
  readonly inFile: Readonly<Partial<Record<LeafName, unknown>>>;
  apply(): void;
}

export interface ConfigQuestion {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** By flag name without dashes in front, e.g. `allowed-hosts`. Flags that are no settings are ignored. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly folders: { readonly config: string };
}

/** In the configuration folder. */
export const CONFIG_FILE = 'config.toml';

const NAMES = Object.keys(LEAVES).filter(isLeafName);

function isLeafName(name: string): name is LeafName {
  return Object.hasOwn(LEAVES, name);
}

export function loadConfig(question: ConfigQuestion): Settings {
  const file = join(question.folders.config, CONFIG_FILE);
  let current = resolve(question, readEntries(file, readConfigText(file)));
  const listeners: ((config: Config) => void)[] = [];
  return {
    get config() {
      return current.config;
    },
    get origins() {
      return current.origins;
    },
    file,
    decidedBy: (name) => decidedBy(name, current.origins[name]),
    onChange: (listener) => {
      listeners.push(listener);
    },
    set: (values) => {
      const names = Object.keys(values).filter(isLeafName);
      refuseFixed(names, current.origins);
      // Read again: a person may have edited the file since.
      const text = changeText(file, readConfigText(file), storable(names, values));
      const next = resolve(question, readEntries(file, text));
      writeConfigText(file, text);
      current = next;
      for (const listener of listeners) listener(next.config);
      return { restartNeeded: names.filter((name) => !LEAVES[name].live) };
    },
    reread: () => {
      const next = resolve(question, readEntries(file, readConfigText(file)));
      const changed = NAMES.filter(
        (name) => JSON.stringify(settingValue(next, name)) !== JSON.stringify(settingValue(current, name)),
      );
      return {
        changed,
        restartNeeded: changed.filter((name) => !LEAVES[name].live),
        inFile: Object.fromEntries(
          changed.map((name) => [name, next.origins[name] === 'file' ? settingValue(next, name) : null]),
        ),
        apply: () => {
          current = next;
          for (const listener of listeners) listener(next.config);
        },
      };
    },
  };
}

/** Throws `config_invalid`, with every fault and its line, where this text could not be the file. */
export function checkConfigText(file: string, text: string): void {
  resolve({ env: {}, flags: {}, folders: { config: '' } }, readEntries(file, text));
}

/** A setting's value by its name; null for nothing. */
export function settingValue({ config }: Pick<Settings, 'config'>, name: LeafName): unknown {
  const [section = '', key = ''] = name.split('.');
  const sections: Readonly<Record<string, Readonly<Record<string, unknown>>>> = config;
  return sections[section]?.[key] ?? null;
}

/** The flag that sets a leaf, e.g. `allowed-hosts` for CAM_ALLOWED_HOSTS. */
export function flagName(variable: string): string {
  return variable.replace(/^CAM_/, '').toLowerCase().replaceAll('_', '-');
}

interface Resolved {
  readonly config: Config;
  readonly origins: Readonly<Record<LeafName, Origin>>;
}

function resolve(question: ConfigQuestion, entries: readonly FileEntry[]): Resolved {
  const faults: ConfigFault[] = [];
  const config = defaultConfig() as unknown as Record<string, Record<string, unknown>>;
  const origins = Object.fromEntries(NAMES.map((name) => [name, 'default'])) as Record<LeafName, Origin>;
  const places: Partial<Record<LeafName, string>> = {};

  const take = (name: LeafName, value: unknown, origin: Origin, where: string): void => {
    const [section = '', key = ''] = name.split('.');
    const parsed = LEAVES[name].schema.safeParse(value);
    if (!parsed.success) {
      const message = `${parsed.error.issues.map((issue) => issue.message).join('; ')}.`;
      faults.push({ where, name, message, didYouMean: null });
      return;
    }
    config[section] = { ...config[section], [key]: parsed.data };
    origins[name] = origin;
    places[name] = where;
  };

  for (const { name, value, where } of entries) {
    if (isLeafName(name)) take(name, value, 'file', where);
    else faults.push({ where, name, message: 'there is no such setting.', didYouMean: nearestLeaf(name) });
  }
  for (const name of NAMES) {
    const variable = variableOf(name);
    if (!variable) continue;
    const fromEnvironment = question.env[variable];
    if (fromEnvironment) take(name, fromText(LEAVES[name], fromEnvironment), 'environment', variable);
    const flag = flagName(variable);
    const fromFlag = question.flags[flag];
    if (fromFlag !== undefined) take(name, fromText(LEAVES[name], fromFlag), 'flag', `--${flag}`);
  }

  const whole = config as unknown as Config;
  faults.push(...contradictions(whole, places));
  if (faults.length > 0) throw configError(faults);
  return { config: whole, origins };
}

function variableOf(name: LeafName): string | undefined {
  const leaf: Leaf = LEAVES[name];
  return leaf.env;
}

/**
 * What the text of a variable, a flag or an argument stands for, told by the type of the default. The schema judges the
 * result. Throws `invalid_request` on a setting that does not exist.
 */
export function settingFromText(name: string, text: string): unknown {
  return fromText(LEAVES[settingName(name)], text);
}

/** Throws `invalid_request` on one that does not exist, with the one that was perhaps meant. */
export function settingName(name: string): LeafName {
  if (isLeafName(name)) return name;
  const near = nearestLeaf(name);
  throw new CamError('invalid_request', `There is no setting ${name}.`, {
    hint: near === null ? '`cam config get` lists them.' : `Did you mean ${near}?`,
  });
}

function fromText(leaf: Leaf, text: string): unknown {
  const trimmed = text.trim();
  const fallback = leaf.schema.parse(undefined);
  if (Array.isArray(fallback)) {
    return trimmed
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  }
  if (typeof fallback === 'number') {
    const number = trimmed === '' ? Number.NaN : Number(trimmed);
    return Number.isNaN(number) ? trimmed : number;
  }
  if (typeof fallback === 'boolean') {
    if (/^(true|1|yes|on)$/i.test(trimmed)) return true;
    return /^(false|0|no|off)$/i.test(trimmed) ? false : trimmed;
  }
  return trimmed;
}

function contradictions(config: Config, places: Partial<Record<LeafName, string>>): ConfigFault[] {
  const { host, expose } = config.server;
  if (expose || isLoopback(host)) return [];
  return [
    {
      where: places['server.host'] ?? 'config.toml',
      name: 'server.host',
      message: `${host} can be reached by other computers, and traffic is not encrypted. Set server.expose = true (CAM_EXPOSE=true) to allow that.`,
      didYouMean: null,
    },
  ];
}

function decidedBy(name: LeafName, origin: Origin): string | null {
  if (origin !== 'environment' && origin !== 'flag') return null;
  const variable = variableOf(name) ?? '';
  return origin === 'flag' ? `--${flagName(variable)}` : variable;
}

function refuseFixed(names: readonly LeafName[], origins: Readonly<Record<LeafName, Origin>>): void {
  for (const name of names) {
    const by = decidedBy(name, origins[name]);
    if (by === null) continue;
    throw new CamError('conflict', `${name} is decided by ${by}, so the file cannot change it.`, {
      param: name,
    });
  }
}

/** TOML has no null: a setting that is nothing is left out of the file. */
function storable(names: readonly LeafName[], values: SettingValues): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? undefined]));
}
