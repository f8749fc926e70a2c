/** What somebody should know of, and where it is sent. */
import {
  type AlertView,
  alertListInput,
  type TargetTestView,
  type TargetView,
  targetAddInput,
  targetRefInput,
} from '../../../lib/wire/alert-views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const alertsRouter = ({ alerts }: Pick<Services, 'alerts'>) =>
  router({
    list: protectedProcedure
      .input(alertListInput)
      .query(({ input }): Promise<readonly AlertView[]> => alerts.list(input)),
    targets: protectedProcedure.query((): Promise<readonly TargetView[]> => alerts.targets()),
    addTarget: protectedProcedure
      .input(targetAddInput)
      .mutation(({ ctx, input }): Promise<TargetView> => alerts.addTarget(input, ctx.actor)),
    removeTarget: protectedProcedure
      .input(targetRefInput)
      .mutation(({ ctx, input }): Promise<void> => alerts.removeTarget(input, ctx.actor)),
    testTarget: protectedProcedure
      .input(targetRefInput)
      .mutation(({ input }): Promise<TargetTestView> => alerts.testTarget(input)),
  });
