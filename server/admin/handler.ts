/**
 * The admin API over `node:http`, mounted at `/admin/api/trpc` by our server before Next. It finds out who is
 * asking and hands everything else to the router; whether they may is decided inside each procedure.
 *
 * The gate has already checked Host, Origin, method and size of the headers.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import type { CamError } from '../../lib/errors.ts';
import type { Operator, SignIn } from '../vault/sessions.ts';
import { camErrorOf } from './error-shape.ts';
import type { AdminRouter } from './router.ts';
import type { AdminContext } from './trpc.ts';

export const ADMIN_API_PATH = '/admin/api/trpc';
const BODY_BYTES_MAX = 1024 * 1024;
const BATCH_MAX = 10;

export interface AdminHandlerDeps {
  readonly router: AdminRouter;
  /** The operator whom these headers prove, if any. */
  readonly identify: (headers: IncomingHttpHeaders) => Promise<Operator | null>;
  /** The operator for whom a single-use subscription ticket was made. */
  readonly redeem: (ticket: string) => Operator | null;
  /** `set-cookie` values. */
  readonly sessionCookie: (signIn: SignIn) => string;
  readonly clearedCookie: () => string;
  /** Told of failures that are our own fault; everything else is the caller's business. */
  readonly report: (error: CamError, path: string | null) => void;
}

export type HandleAdmin = (req: IncomingMessage, res: ServerResponse) => void;

export function createAdminHandler(deps: AdminHandlerDeps): HandleAdmin {
  return (req, res) => {
    // Streamed batches send their headers before a procedure could set a cookie; nobody here needs them.
    delete req.headers['trpc-accept'];
    req.headers.accept = 'application/json';
    res.setHeader('cache-control', 'no-store');
    const pathname = (req.url ?? '').split('?', 1)[0] ?? '';
    void nodeHTTPRequestHandler({
      router: deps.router,
      req,
      res,
      path: pathname.slice(ADMIN_API_PATH.length + 1),
      maxBodySize: BODY_BYTES_MAX,
      maxBatchSize: BATCH_MAX,
      createContext: async ({ info }): Promise<AdminContext> => {
        const ticket = info.type === 'subscription' ? info.connectionParams?.ticket : undefined;
        return {
          operator: ticket === undefined ? await deps.identify(req.headers) : deps.redeem(ticket),
          cookies: {
            give: (signIn) => void res.appendHeader('set-cookie', deps.sessionCookie(signIn)),
            clear: () => void res.appendHeader('set-cookie', deps.clearedCookie()),
          },
        };
      },
      onError: ({ error, path }) => {
        const cam = camErrorOf(error);
        if (cam.kind.blame === 'us') deps.report(cam, path ?? null);
      },
    });
  };
}
