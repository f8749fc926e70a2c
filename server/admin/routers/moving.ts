/**
 * Moving a vault: out as an encrypted file, in after a look at the difference. Looking is a mutation too, because a
 * query's input stands in its address, and a file with its passphrase belongs in no address.
 */
import { exportInput, importApplyInput, importPreviewInput } from '../../../lib/wire/moving-inputs.ts';
import type { DifferenceView, ExportView, ImportedView } from '../../../lib/wire/moving-views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const movingRouter = ({ moving }: Pick<Services, 'moving'>) =>
  router({
    export: protectedProcedure
      .input(exportInput)
      .mutation(({ ctx, input }): Promise<ExportView> => moving.export(input, ctx.actor)),
    preview: protectedProcedure
      .input(importPreviewInput)
      .mutation(({ input }): Promise<DifferenceView> => moving.preview(input)),
    import: protectedProcedure
      .input(importApplyInput)
      .mutation(({ ctx, input }): Promise<ImportedView> => moving.import(input, ctx.actor)),
  });
