/** Where backups go and how the last try went. Null where everything is in memory. */
import type { BackupListView } from '../../../lib/wire/moving-views.ts';
import type { Copier } from '../../db/copier.ts';

export interface BackupPlace {
  readonly folder: string | null;
  readonly copier: Copier | null;
  running: boolean;
  failure: BackupListView['failure'];
}

export function createBackupPlace(folder: string | null, copier: Copier | null): BackupPlace {
  return { folder, copier, running: false, failure: null };
}
