/** Where a call would go. How calls are spread is decided by settings. */
import { dryRunInput } from '../../../lib/wire/route-input.ts';
import type { DryRunView, ReplayView } from '../../../lib/wire/route-views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const routingRouter = ({ routing }: Pick<Services, 'routing'>) =>
  router({
    dryRun: protectedProcedure
      .input(dryRunInput)
      .query(({ input }): Promise<DryRunView> => routing.dryRun(input)),
    /** Takes seconds when the day, the accounts or the settings are new. */
    replay: protectedProcedure.query((): Promise<ReplayView> => routing.replay()),
  });
