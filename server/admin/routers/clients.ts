/** Client keys: what is handed out to tools. A key is in the answer of `add` and never again. */
import { clientAddInput, clientEditInput, clientResetInput, refInput } from '../../../lib/wire/inputs.ts';
import type { ClientKeyAddedView, ClientKeyView } from '../../../lib/wire/views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const clientsRouter = ({ clients }: Pick<Services, 'clients'>) =>
  router({
    list: protectedProcedure.query((): Promise<readonly ClientKeyView[]> => clients.list()),
    add: protectedProcedure
      .input(clientAddInput)
      .mutation(({ ctx, input }): Promise<ClientKeyAddedView> => clients.add(input, ctx.actor)),
    edit: protectedProcedure
      .input(clientEditInput)
      .mutation(({ ctx, input }): Promise<ClientKeyView> => clients.edit(input, ctx.actor)),
    resetUse: protectedProcedure
      .input(clientResetInput)
      .mutation(({ ctx, input }): Promise<ClientKeyView> => clients.resetUse(input, ctx.actor)),
    revoke: protectedProcedure.input(refInput).mutation(async ({ ctx, input }): Promise<{ ok: true }> => {
      await clients.revoke(input, ctx.actor);
      return { ok: true };
    }),
  });
