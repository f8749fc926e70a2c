/** What models cost: the prices in force, and the operator's own. */
import {
  type PriceListView,
  priceListInput,
  priceRemoveInput,
  priceSetInput,
} from '../../../lib/wire/price-views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const pricesRouter = ({ prices }: Pick<Services, 'prices'>) =>
  router({
    list: protectedProcedure
      .input(priceListInput)
      .query(({ input }): Promise<PriceListView> => prices.list(input)),
    set: protectedProcedure
      .input(priceSetInput)
      .mutation(({ ctx, input }): Promise<PriceListView> => prices.set(input, ctx.actor)),
    remove: protectedProcedure
      .input(priceRemoveInput)
      .mutation(({ ctx, input }): Promise<PriceListView> => prices.remove(input, ctx.actor)),
  });
