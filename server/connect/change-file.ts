/** Changing a client's file, and changing it back. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CamError } from '../../lib/errors.ts';
import type { Connectable } from './clients.ts';
import { type ConnectRecord, digest } from './record.ts';

const BYTES_MAX = 4 * 1024 * 1024;

/** Null when there is no such file. */
export function readClientFile(file: string): string | null {
  if (!existsSync(file)) return null;
  if (statSync(file).size > BYTES_MAX)
    throw new CamError('client_config_invalid', `${file} is larger than any configuration (4 MiB).`);
  return readFileSync(file, 'utf8');
}

/** In one step; a link stays a link, and who may read the file stays as it was. */
export function writeClientFile(file: string, text: string): void {
  const target = existsSync(file) ? realpathSync(file) : file;
  const mode = existsSync(target) ? statSync(target).mode & 0o777 : 0o600;
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.cam-new`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, target);
}

export const backupOf = (file: string): string => `${file}.before-cam`;

/** What the file says once the record's change is taken back; null when it goes. */
export function undone(record: ConnectRecord, format: Connectable['format']): string | null {
  const now = readClientFile(record.file);
  if (now === null || digest(now) === record.written) return record.before;
  const text = format.change(now, record.inverse);
  return record.before === null && isBare(text) ? null : text;
}

const isBare = (text: string): boolean => /^\s*(\{\s*\}\s*)?$/.test(text);

export function putBack(file: string, text: string | null): void {
  if (text === null) rmSync(file, { force: true });
  else writeClientFile(file, text);
  rmSync(backupOf(file), { force: true });
}
