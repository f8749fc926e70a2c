/** The operator's settings, read and written through the one writer of the TOML file. */
import {
  type SettingsChangedView,
  type SettingsView,
  settingsSetInput,
} from '../../../lib/wire/settings-views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const settingsRouter = ({ settings }: Pick<Services, 'settings'>) =>
  router({
    list: protectedProcedure.query((): SettingsView => settings.list()),
    set: protectedProcedure
      .input(settingsSetInput)
      .mutation(({ ctx, input }): Promise<SettingsChangedView> => settings.set(input, ctx.actor)),
  });
