/** How calls are spread over accounts: settings of the TOML file, read and written through its one writer. */
import { routingSetInput } from '../../../lib/wire/inputs.ts';
import { dryRunInput } from '../../../lib/wire/route-input.ts';
import type { DryRunView } from '../../../lib/wire/route-views.ts';
import type { RoutingView } from '../../../lib/wire/views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const routingRouter = ({ routing }: Pick<Services, 'routing'>) =>
  router({
    get: protectedProcedure.query((): RoutingView => routing.get()),
    dryRun: protectedProcedure
      .input(dryRunInput)
      .query(({ input }): Promise<DryRunView> => routing.dryRun(input)),
    set: protectedProcedure
      .input(routingSetInput)
      .mutation(({ ctx, input }): Promise<RoutingView> => routing.set(input, ctx.actor)),
  });
