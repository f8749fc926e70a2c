/**
 * The typed client of the admin router: over HTTP to a running server, or straight into a router of this
 * process. Commands cannot tell the two apart, and failures come out of both as the `CamError` that went in.
 */
import { createTRPCClient, httpLink, localLink, type TRPCClient, TRPCClientError } from '@trpc/client';
import { reveal, type Secret } from '../../lib/base/secret.ts';
import { CamError, ERRORS, type ErrorCode } from '../../lib/errors.ts';
import type { AdminErrorData } from '../admin/error-shape.ts';
import type { AdminRouter } from '../admin/router.ts';
import type { AdminContext } from '../admin/trpc.ts';

export type AdminClient = TRPCClient<AdminRouter>;

/** Adding an account waits for its provider; nothing waits longer. */
const ANSWER_MS = 60_000;

/** @param origin e.g. `http://127.0.0.1:8080` @param bearer asked for anew at each call */
export function httpAdminClient(origin: string, bearer: () => Secret | null): AdminClient {
  return createTRPCClient<AdminRouter>({
    links: [
      httpLink({
        url: `${origin}/admin/api/trpc`,
        headers: () => {
          const token = bearer();
          // Before the sign-in there is no bearer, and the gate then wants to know where a change comes from.
          return token === null ? { origin } : { authorization: `Bearer ${reveal(token)}` };
        },
        fetch: (url, init) =>
          fetch(url, {
            ...(init as RequestInit),
            redirect: 'error',
            signal: AbortSignal.timeout(ANSWER_MS),
          }),
      }),
    ],
  });
}

export function localAdminClient(router: AdminRouter, context: AdminContext): AdminClient {
  return createTRPCClient<AdminRouter>({
    links: [localLink({ router, createContext: () => Promise.resolve(context) })],
  });
}

/** What a procedure threw, as the error of our table. */
export function adminError(thrown: unknown): CamError {
  if (!(thrown instanceof TRPCClientError)) {
    return thrown instanceof CamError
      ? thrown
      : new CamError('internal', 'The command failed.', { cause: thrown });
  }
  const data = thrown.data as Partial<AdminErrorData> | null | undefined;
  if (data && isErrorCode(data.code)) {
    return new CamError(data.code, thrown.message, {
      cause: thrown.cause,
      ...(data.hint ? { hint: data.hint } : {}),
      ...(data.details ? { details: data.details } : {}),
      ...(data.param ? { param: data.param } : {}),
      ...(typeof data.retryAfterMs === 'number' ? { retryAfterMs: data.retryAfterMs } : {}),
    });
  }
  return new CamError('internal', 'The server did not answer, or not as it should.', {
    cause: thrown,
    hint: 'Its log may say why; `cam status` shows whether it runs.',
  });
}

const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(ERRORS, code);
