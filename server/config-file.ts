/**
 * The TOML file itself: reading it into flat setting names with their lines, and changing single settings in it
 * without touching the comments and the order that people gave it.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { patch } from '@decimalturn/toml-patch';
import { parse, TomlDate, TomlError } from 'smol-toml';
import { CamError } from '../lib/errors.ts';
import { type ConfigFault, configError } from './config-faults.ts';

const FILE_BYTES_MAX = 1_048_576;

export interface FileEntry {
  /** `section.key`; a name at the top level has no dot. */
  readonly name: string;
  readonly value: unknown;
  /** `config.toml:12`, or without a line where it could not be told. */
  readonly where: string;
}

/** The text of the file, empty when there is none. */
export function readConfigText(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length <= FILE_BYTES_MAX) return text;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw new CamError('config_invalid', `The configuration file ${file} cannot be read.`, { cause });
  }
  throw new CamError(
    'config_invalid',
    `The configuration file ${file} is larger than ${FILE_BYTES_MAX} bytes.`,
  );
}

/** Every setting in the file. Throws `config_invalid` where it is not TOML. */
export function readEntries(file: string, text: string): FileEntry[] {
  const entries: FileEntry[] = [];
  const lines = text.split('\n');
  const place = (name: string): string => {
    const line = lineOf(lines, name);
    return line === null ? basename(file) : `${basename(file)}:${line}`;
  };
  for (const [section, content] of Object.entries(parseToml(file, text))) {
    if (!isTable(content)) {
      entries.push({ name: section, value: content, where: place(section) });
      continue;
    }
    for (const [key, value] of Object.entries(content)) {
      const name = `${section}.${key}`;
      entries.push({ name, value, where: place(name) });
    }
  }
  return entries;
}

function parseToml(file: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const what = cause.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? 'not TOML';
    const fault: ConfigFault = {
      where: `${basename(file)}:${cause.line}`,
      name: `column ${cause.column}`,
      message: `${what}.`,
      didYouMean: null,
    };
    throw configError([fault]);
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TomlDate);
}

/** The line a setting stands on. Good for headers, plain and dotted keys; the parser gives no positions. */
function lineOf(lines: readonly string[], name: string): number | null {
  let section = '';
  for (const [index, line] of lines.entries()) {
    const header = /^\s*\[\s*([^\][]+?)\s*\]/.exec(line);
    if (header) section = unquoted(header[1] ?? '');
    const key = /^\s*([\w."'-]+(?:\s*\.\s*[\w"'-]+)*)\s*=/.exec(line);
    const full = key ? [section, unquoted(key[1] ?? '')].filter(Boolean).join('.') : section;
    if (full === name || (key && full.startsWith(`${name}.`))) return index + 1;
  }
  return null;
}

function unquoted(name: string): string {
  return name.replaceAll(/["'\s]/g, '');
}

/** The text with some settings changed; `undefined` takes a setting out of the file. */
export function changeText(file: string, text: string, values: Readonly<Record<string, unknown>>): string {
  const whole = parseToml(file, text);
  for (const [name, value] of Object.entries(values)) {
    const [section = '', key = ''] = name.split('.');
    const table = isTable(whole[section]) ? whole[section] : {};
    if (value === undefined) delete table[key];
    else table[key] = value;
    whole[section] = table;
  }
  return patch(text, whole);
}

/** Writes the file in one step (0600). A link stays a link: its target is what changes. */
export function writeConfigText(file: string, text: string): void {
  const target = realPath(file);
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const draft = `${target}.new`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, target);
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
