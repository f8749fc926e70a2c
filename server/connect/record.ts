/**
 * What was done to a client's file, kept in the data folder so that it can be undone: the file's bytes of before, and
 * the settings that bring back what stood there even when the file was changed since.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectableName } from './clients.ts';
import type { PlacedSetting } from './config-text.ts';

export interface ConnectRecord {
  readonly client: ConnectableName;
  readonly file: string;
  readonly atMs: number;
  /** The file as it was; null when there was none. */
  readonly before: string | null;
  /** A digest of what was written. */
  readonly written: string;
  readonly inverse: readonly { readonly path: readonly string[]; readonly value: unknown }[];
  readonly clientKeyId: string;
  readonly clientKeyName: string;
}

/** Stored without values for what was missing: JSON has no undefined. */
interface StoredRecord extends Omit<ConnectRecord, 'inverse'> {
  readonly inverse: readonly { readonly path: readonly string[]; readonly value?: unknown }[];
}

const folderIn = (dataFolder: string): string => join(dataFolder, 'connect');
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const slotOf = (client: ConnectableName, file: string): string => `${client}-${digest(file).slice(0, 12)}`;

/** Where the key of one client stands, readable by its owner only. */
export function keyFileOf(dataFolder: string, client: ConnectableName, file: string): string {
  return join(folderIn(dataFolder), `${slotOf(client, file)}.key`);
}

export function readRecord(dataFolder: string, client: ConnectableName, file: string): ConnectRecord | null {
  return readStored(join(folderIn(dataFolder), `${slotOf(client, file)}.json`));
}

/** Every file that was connected, newest first. */
export function listRecords(dataFolder: string): readonly ConnectRecord[] {
  const folder = folderIn(dataFolder);
  return namesIn(folder)
    .flatMap((name) => (name.endsWith('.json') ? (readStored(join(folder, name)) ?? []) : []))
    .sort((a, b) => b.atMs - a.atMs);
}

export function writeRecord(dataFolder: string, record: ConnectRecord): void {
  mkdirSync(folderIn(dataFolder), { recursive: true, mode: 0o700 });
  const file = join(folderIn(dataFolder), `${slotOf(record.client, record.file)}.json`);
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

/** Takes away the record and the key's file. */
export function removeRecord(dataFolder: string, { client, file }: ConnectRecord): void {
  rmSync(join(folderIn(dataFolder), `${slotOf(client, file)}.json`), { force: true });
  rmSync(keyFileOf(dataFolder, client, file), { force: true });
}

function readStored(path: string): ConnectRecord | null {
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as StoredRecord;
    const inverse: PlacedSetting[] = stored.inverse.map(({ path: place, value }) => ({ path: place, value }));
    return { ...stored, inverse };
  } catch {
    return null;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
