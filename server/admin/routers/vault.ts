/** The vault's keys: changing them, and what may be known of them. No procedure here gives a key back. */
import type { StrengthView } from '../../../lib/base/key-strength.ts';
import {
  vaultJudgeInput,
  vaultKeychainInput,
  vaultRekeyInput,
  vaultRotateInput,
} from '../../../lib/wire/inputs.ts';
import type { VaultView } from '../../../lib/wire/views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const vaultRouter = ({ vault }: Pick<Services, 'vault'>) =>
  router({
    get: protectedProcedure.query((): Promise<VaultView> => vault.get()),
    /** A mutation, so that a key is never part of an address. */
    judge: protectedProcedure
      .input(vaultJudgeInput)
      .mutation(({ input }): Promise<StrengthView> => vault.judge(input)),
    /** Ends every sign-in, that of the caller included. */
    rekey: protectedProcedure
      .input(vaultRekeyInput)
      .mutation(async ({ ctx, input }): Promise<{ ok: true }> => {
        await vault.rekey(input, ctx.actor);
        ctx.cookies.clear();
        return { ok: true };
      }),
    rotate: protectedProcedure
      .input(vaultRotateInput)
      .mutation(({ ctx, input }): Promise<VaultView> => vault.rotate(input, ctx.actor)),
    keychain: protectedProcedure
      .input(vaultKeychainInput)
      .mutation(({ ctx, input }): Promise<VaultView> => vault.keychain(input, ctx.actor)),
  });
