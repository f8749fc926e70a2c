/**
 * The admin API's building blocks. Authorisation lives here, inside the procedure, so that no matcher, proxy
 * or forgotten route can leave it out: a procedure is either `openProcedure` (four of them) or protected.
 */
import { initTRPC } from '@trpc/server';
import { CamError } from '../../lib/errors.ts';
import { storageError } from '../db/storage-error.ts';
import { actorOf } from '../services/audit/actor-of.ts';
import type { Operator, SignIn } from '../vault/sessions.ts';
import { adminErrorData, camErrorOf, toTrpcError } from './error-shape.ts';

export interface AdminContext {
  /** Null when nobody has proved to be an operator. */
  readonly operator: Operator | null;
  /** Where a sign-in's cookie goes. In process there is none, and both do nothing. */
  readonly cookies: { give(signIn: SignIn): void; clear(): void };
}

const t = initTRPC.context<AdminContext>().create({
  errorFormatter({ shape, error, path }) {
    const cam = camErrorOf(error);
    return { ...shape, message: cam.message, data: adminErrorData(cam, path) };
  },
  sse: {
    ping: { enabled: true, intervalMs: 10_000 },
    client: { reconnectAfterInactivityMs: 25_000 },
  },
});

export const router = t.router;

/** Turns what a verb throws into what tRPC carries, with the right code, for every procedure alike. */
const translated = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok) {
    const { cause } = result.error;
    const told = cause instanceof CamError ? cause : storageError(cause);
    if (told !== null) throw toTrpcError(told);
  }
  return result;
});

/** For callers who cannot have signed in yet. */
export const openProcedure = translated;

export const protectedProcedure = translated.use(({ ctx, next }) => {
  if (ctx.operator === null) {
    throw toTrpcError(
      new CamError('unauthenticated', 'You are not signed in.', {
        hint: 'Unlock with the master key, at /admin or with `cam unlock`.',
      }),
    );
  }
  return next({ ctx: { ...ctx, operator: ctx.operator, actor: actorOf(ctx.operator) } });
});
