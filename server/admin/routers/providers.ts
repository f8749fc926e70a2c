/** What providers say of their own, beside what we counted; and the admin keys that they are asked with. */
import {
  adminKeySetInput,
  type ProviderListView,
  type ReconciliationView,
  reconcileInput,
  refreshInput,
} from '../../../lib/wire/provider-views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const providersRouter = ({ providers }: Pick<Services, 'providers'>) =>
  router({
    list: protectedProcedure.query((): Promise<ProviderListView> => providers.list()),
    refresh: protectedProcedure
      .input(refreshInput)
      .mutation(({ input }): Promise<ProviderListView> => providers.refresh(input)),
    reconcile: protectedProcedure
      .input(reconcileInput)
      .query(({ input }): Promise<ReconciliationView> => providers.reconcile(input)),
    setAdminKey: protectedProcedure
      .input(adminKeySetInput)
      .mutation(({ ctx, input }): Promise<ProviderListView> => providers.setAdminKey(input, ctx.actor)),
  });
