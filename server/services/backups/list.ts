/** The backups there are, and how they come about. */
import type { BackupListView } from '../../../lib/wire/moving-views.ts';
import { BACKUPS_KEPT, listBackupFiles } from '../../backup-files.ts';
import type { Settings } from '../../config.ts';
import type { BackupPlace } from './place.ts';

export interface ListBackupsDeps {
  readonly place: BackupPlace;
  readonly settings: Pick<Settings, 'config'>;
}

export function listBackups({ place, settings }: ListBackupsDeps): BackupListView {
  return {
    folder: place.folder,
    backups: place.folder === null ? [] : listBackupFiles(place.folder),
    everyHours: settings.config.backup.every_hours,
    kept: BACKUPS_KEPT,
    failure: place.failure,
  };
}
