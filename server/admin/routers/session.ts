/** Signing in and out, and locking. `status` and `unlock` are open: they are how one signs in. */
import { lockInput, unlockInput } from '../../../lib/wire/inputs.ts';
import type { SessionStatusView, SignInView } from '../../../lib/wire/views.ts';
import type { Services } from '../../services/services.ts';
import type { SignIn } from '../../vault/sessions.ts';
import { type AdminContext, openProcedure, protectedProcedure, router } from '../trpc.ts';

/** A cookie's token travels only in the cookie, where scripts cannot read it; a bearer is given in the answer. */
export function answerSignIn(signIn: SignIn, want: 'cookie' | 'bearer', ctx: AdminContext): SignInView {
  if (want === 'cookie') ctx.cookies.give(signIn);
  return {
    originKey: signIn.originKey,
    bearer: want === 'bearer' ? signIn.token : null,
    expiresAtMs: signIn.expiresAtMs,
  };
}

export const sessionRouter = ({ session }: Pick<Services, 'session'>) =>
  router({
    status: openProcedure.query(({ ctx }): SessionStatusView => session.status(ctx.operator)),
    unlock: openProcedure.input(unlockInput).mutation(async ({ ctx, input }): Promise<SignInView> => {
      return answerSignIn(await session.unlock(input), input.want, ctx);
    }),
    end: protectedProcedure.mutation(async ({ ctx }): Promise<{ ok: true }> => {
      await session.end(ctx.operator);
      ctx.cookies.clear();
      return { ok: true };
    }),
    lock: protectedProcedure.input(lockInput).mutation(async ({ ctx, input }): Promise<{ ok: true }> => {
      await session.lock(input, ctx.actor);
      ctx.cookies.clear();
      return { ok: true };
    }),
    ticket: protectedProcedure.mutation(({ ctx }): { ticket: string } => session.ticket(ctx.operator)),
  });
