/** Backups of the whole database, sealed as it is. They are restored with no server running: `cam restore`. */
import type { BackupListView, BackupMadeView } from '../../../lib/wire/moving-views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const backupsRouter = ({ backups }: Pick<Services, 'backups'>) =>
  router({
    list: protectedProcedure.query((): BackupListView => backups.list()),
    make: protectedProcedure.mutation(({ ctx }): Promise<BackupMadeView> => backups.make(ctx.actor)),
  });
