/**
 * The application's API, whole: the dashboard and the command line call these procedures and have no other
 * way in. A procedure parses its input, calls one verb and gives back its view.
 */
import type { Services } from '../services/services.ts';
import { accountsRouter } from './routers/accounts.ts';
import { alertsRouter } from './routers/alerts.ts';
import { auditRouter } from './routers/audit.ts';
import { backupsRouter } from './routers/backups.ts';
import { clientsRouter } from './routers/clients.ts';
import { doctorRouter } from './routers/doctor.ts';
import { movingRouter } from './routers/moving.ts';
import { playgroundRouter } from './routers/playground.ts';
import { pricesRouter } from './routers/prices.ts';
import { providersRouter } from './routers/providers.ts';
import { routingRouter } from './routers/routing.ts';
import { sessionRouter } from './routers/session.ts';
import { settingsRouter } from './routers/settings.ts';
import { setupRouter } from './routers/setup.ts';
import { vaultRouter } from './routers/vault.ts';
import {
  eventsRouter,
  liveRouter,
  modelsRouter,
  requestsRouter,
  statusRouter,
  usageRouter,
} from './routers/watching.ts';
import { type AdminContext, router } from './trpc.ts';

export function createAdminRouter(services: Services) {
  return router({
    session: sessionRouter(services),
    setup: setupRouter(services),
    vault: vaultRouter(services),
    status: statusRouter(services),
    accounts: accountsRouter(services),
    clients: clientsRouter(services),
    playground: playgroundRouter(services),
    moving: movingRouter(services),
    backups: backupsRouter(services),
    requests: requestsRouter(services),
    usage: usageRouter(services),
    prices: pricesRouter(services),
    providers: providersRouter(services),
    alerts: alertsRouter(services),
    events: eventsRouter(services),
    models: modelsRouter(services),
    routing: routingRouter(services),
    settings: settingsRouter(services),
    audit: auditRouter(services),
    doctor: doctorRouter(services),
    live: liveRouter(services),
  });
}

export type AdminRouter = ReturnType<typeof createAdminRouter>;

/** Who calls when nothing is between: the command line, in the process that holds the data folder's lock. */
export const IN_PROCESS: AdminContext = {
  operator: { jti: 'in-process', via: 'in_process' },
  cookies: { give: () => {}, clear: () => {} },
};
