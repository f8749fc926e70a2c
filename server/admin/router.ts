/**
 * The application's API, whole: the dashboard and the command line call these procedures and have no other
 * way in. A procedure parses its input, calls one verb and gives back its view.
 */
import type { Services } from '../services/services.ts';
import { accountsRouter } from './routers/accounts.ts';
import { clientsRouter } from './routers/clients.ts';
import { routingRouter } from './routers/routing.ts';
import { sessionRouter } from './routers/session.ts';
import { setupRouter } from './routers/setup.ts';
import {
  eventsRouter,
  liveRouter,
  modelsRouter,
  requestsRouter,
  statusRouter,
  usageRouter,
} from './routers/watching.ts';
import { createCallerFactory, router } from './trpc.ts';

export function createAdminRouter(services: Services) {
  return router({
    session: sessionRouter(services),
    setup: setupRouter(services),
    status: statusRouter(services),
    accounts: accountsRouter(services),
    clients: clientsRouter(services),
    requests: requestsRouter(services),
    usage: usageRouter(services),
    events: eventsRouter(services),
    models: modelsRouter(services),
    routing: routingRouter(services),
    live: liveRouter(services),
  });
}

export type AdminRouter = ReturnType<typeof createAdminRouter>;

/** The same procedures without HTTP, for the command line when no server runs on this data folder. */
export function createAdminCaller(adminRouter: AdminRouter) {
  return createCallerFactory(adminRouter)({
    operator: { jti: 'in-process', via: 'in_process' },
    cookies: { give: () => {}, clear: () => {} },
  });
}

export type AdminCaller = ReturnType<typeof createAdminCaller>;
