/** Accounts: what the operator spends. No procedure here gives a key back. */

import type { AccountAddedView, AccountCheckView, AccountView } from '../../../lib/wire/account-views.ts';
import {
  accountAddInput,
  accountCheckInput,
  accountClearInput,
  accountEditInput,
  accountResetInput,
  refInput,
} from '../../../lib/wire/inputs.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const accountsRouter = ({ accounts }: Pick<Services, 'accounts'>) =>
  router({
    list: protectedProcedure.query((): Promise<readonly AccountView[]> => accounts.list()),
    get: protectedProcedure.input(refInput).query(({ input }): Promise<AccountView> => accounts.get(input)),
    check: protectedProcedure
      .input(accountCheckInput)
      .mutation(({ input }): Promise<AccountCheckView> => accounts.check(input)),
    add: protectedProcedure
      .input(accountAddInput)
      .mutation(({ input }): Promise<AccountAddedView> => accounts.add(input)),
    edit: protectedProcedure
      .input(accountEditInput)
      .mutation(({ input }): Promise<AccountView> => accounts.edit(input)),
    remove: protectedProcedure.input(refInput).mutation(async ({ input }): Promise<{ ok: true }> => {
      await accounts.remove(input);
      return { ok: true };
    }),
    enable: protectedProcedure
      .input(refInput)
      .mutation(({ input }): Promise<AccountView> => accounts.enable(input)),
    disable: protectedProcedure
      .input(refInput)
      .mutation(({ input }): Promise<AccountView> => accounts.disable(input)),
    test: protectedProcedure
      .input(refInput)
      .mutation(({ input }): Promise<AccountCheckView> => accounts.test(input)),
    pause: protectedProcedure
      .input(refInput)
      .mutation(({ input }): Promise<AccountView> => accounts.pause(input)),
    resume: protectedProcedure
      .input(refInput)
      .mutation(({ input }): Promise<AccountView> => accounts.resume(input)),
    clear: protectedProcedure
      .input(accountClearInput)
      .mutation(({ input }): Promise<AccountView> => accounts.clear(input)),
    resetUse: protectedProcedure
      .input(accountResetInput)
      .mutation(({ input }): Promise<AccountView> => accounts.resetUse(input)),
  });
