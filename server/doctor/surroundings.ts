/** Where a program stands, as an examination meets it. */
import type { Clock } from '../../lib/base/time.ts';
import type { Config } from '../../lib/config.ts';
import type { Folders } from '../data-folder.ts';

export interface Surroundings {
  readonly folders: Folders;
  readonly config: Config;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Our user id; null where there is none (Windows). */
  readonly uid: number | null;
  /** The user's home folder, where clients keep their configuration. */
  readonly home: string;
  /** The process that serves this data folder; null when none does. */
  readonly serverPid: number | null;
}
