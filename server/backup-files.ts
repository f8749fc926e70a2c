/**
 * Backups as files: how they are called, which there are, and which are old enough to go. Their age is in their name,
 * because a copied file forgets when it was made.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface BackupFile {
  readonly name: string;
  readonly atMs: number;
  readonly bytes: number;
  /** Made before the database was converted for a newer version. */
  readonly beforeConversion: boolean;
}

/** How many of those that people and the clock ask for are kept. */
export const BACKUPS_KEPT = 7;
const NAME = /^cam-(backup|before-\d{4})-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z(?:-\d+)?\.db$/;

/** Where they lie: beside the database. */
export function backupsIn(dataFolder: string): string {
  return join(dataFolder, 'backups');
}

/** e.g. `20261125T225600Z` */
export function stampOf(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

export function backupName(nowMs: number): string {
  return `cam-backup-${stampOf(nowMs)}.db`;
}

/** Newest first; none where there is no folder yet. */
export function listBackupFiles(folder: string): readonly BackupFile[] {
  const found = namesIn(folder).flatMap((name) => {
    const [, kind, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
    if (kind === undefined) return [];
    const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    const facts = statSync(join(folder, name), { throwIfNoEntry: false });
    if (facts === undefined || !facts.isFile() || Number.isNaN(atMs)) return [];
    return [{ name, atMs, bytes: facts.size, beforeConversion: kind !== 'backup' }];
  });
  return found.sort((one, other) => other.atMs - one.atMs || (one.name < other.name ? 1 : -1));
}

/** Those from before a conversion are kept by whoever made them. */
export function dropOldBackups(folder: string, kept = BACKUPS_KEPT): void {
  const ours = listBackupFiles(folder).filter(({ beforeConversion }) => !beforeConversion);
  for (const { name } of ours.slice(kept)) rmSync(join(folder, name), { force: true });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
