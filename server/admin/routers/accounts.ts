/** Accounts: what the operator spends. No procedure here gives a key back. */

import type { AccountDetailView } from '../../../lib/wire/account-detail-views.ts';
import type { AccountAddedView, AccountCheckView, AccountView } from '../../../lib/wire/account-views.ts';
import {
  accountAddInput,
  accountCheckInput,
  accountClearInput,
  accountEditInput,
  accountResetInput,
  refInput,
} from '../../../lib/wire/inputs.ts';
import { accountDetailInput } from '../../../lib/wire/usage-inputs.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const accountsRouter = ({ accounts }: Pick<Services, 'accounts'>) =>
  router({
    list: protectedProcedure.query((): Promise<readonly AccountView[]> => accounts.list()),
    get: protectedProcedure.input(refInput).query(({ input }): Promise<AccountView> => accounts.get(input)),
    detail: protectedProcedure
      .input(accountDetailInput)
      .query(({ input }): Promise<AccountDetailView> => accounts.detail(input)),
    check: protectedProcedure
      .input(accountCheckInput)
      .mutation(({ input }): Promise<AccountCheckView> => accounts.check(input)),
    add: protectedProcedure
      .input(accountAddInput)
      .mutation(({ ctx, input }): Promise<AccountAddedView> => accounts.add(input, ctx.actor)),
    edit: protectedProcedure
      .input(accountEditInput)
      .mutation(({ ctx, input }): Promise<AccountView> => accounts.edit(input, ctx.actor)),
    remove: protectedProcedure.input(refInput).mutation(async ({ ctx, input }): Promise<{ ok: true }> => {
      await accounts.remove(input, ctx.actor);
      return { ok: true };
    }),
    enable: protectedProcedure
      .input(refInput)
      .mutation(({ ctx, input }): Promise<AccountView> => accounts.enable(input, ctx.actor)),
    disable: protectedProcedure
      .input(refInput)
      .mutation(({ ctx, input }): Promise<AccountView> => accounts.disable(input, ctx.actor)),
    test: protectedProcedure
      .input(refInput)
      .mutation(({ ctx, input }): Promise<AccountCheckView> => accounts.test(input, ctx.actor)),
    pause: protectedProcedure
      .input(refInput)
      .mutation(({ ctx, input }): Promise<AccountView> => accounts.pause(input, ctx.actor)),
    resume: protectedProcedure
      .input(refInput)
      .mutation(({ ctx, input }): Promise<AccountView> => accounts.resume(input, ctx.actor)),
    clear: protectedProcedure
      .input(accountClearInput)
      .mutation(({ ctx, input }): Promise<AccountView> => accounts.clear(input, ctx.actor)),
    resetUse: protectedProcedure
      .input(accountResetInput)
      .mutation(({ ctx, input }): Promise<AccountView> => accounts.resetUse(input, ctx.actor)),
  });
