/** The key with which the dashboard's own page makes calls through `/v1`. */
import { type PlaygroundKeyView, playgroundKeyInput } from '../../../lib/wire/playground-views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const playgroundRouter = ({ playground }: Pick<Services, 'playground'>) =>
  router({
    key: protectedProcedure
      .input(playgroundKeyInput)
      .mutation(({ ctx, input }): Promise<PlaygroundKeyView> => playground.key(input, ctx.operator)),
  });
