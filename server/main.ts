/**
 * The story of starting, top to bottom: assemble the rooms, listen, open the doors. Listening comes before the
 * dashboard's pages are loaded, so that `/v1` answers from the first moment.
 */
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { SERVER } from '../lib/audit/actor.ts';
import type { Secret } from '../lib/base/secret.ts';
import type { VaultState } from '../lib/wire/views.ts';
import { createAdminHandler } from './admin/handler.ts';
import { type Application, type AssembleOptions, assemble } from './assemble.ts';
import { type Bound, LISTEN_LIMITS, listen } from './http/listen.ts';
import { createMetricsDoor } from './http/metrics.ts';
import { createNext } from './http/next.ts';
import { clearedCookie, createIdentify, sessionCookie } from './http/operator.ts';
import { createRouter } from './http/router.ts';
import { ALERT_LOOK_MS } from './jobs/alerts.ts';
import { BACKUP_LOOK_MS, createBackupJob } from './jobs/backups.ts';
import { PROVIDER_LOOK_MS } from './jobs/providers.ts';
import { ROLL_UP_LOOK_MS } from './jobs/roll-ups.ts';
import { VERSION } from './version.ts';

export interface BootOptions extends AssembleOptions {
  /** New at each start; `/healthz` tells it, so that a command knows it found the right server. */
  readonly startId: string;
}

export interface Running {
  readonly bound: Bound;
  /** e.g. `http://127.0.0.1:8080/v1` */
  readonly url: string;
  readonly adminUrl: string;
  readonly app: Application;
  vaultState(): VaultState;
  /** Makes the vault if there is none, else unlocks it. Throws `wrong_master_key`. */
  openWith(masterKey: Secret): Promise<void>;
  /** The whole one-time link; secret until it is used. */
  setupUrl(): string;
  notes(): readonly string[];
  /** Loads the dashboard now; false when it is not built. Otherwise it loads when a page is first asked for. */
  warmPages(): Promise<boolean>;
  /** Stops taking calls, lets those under way finish for at most this long, then ends them as broken. */
  close(drainMs: number): Promise<void>;
}

export async function boot(options: BootOptions): Promise<Running> {
  const { settings, log, clock } = options;
  const app = await assemble(options);
  const pages = createNext({ dir: packageFolder(), log });
  const port = { number: 0 };
  const identify = createIdentify({ sessions: app.sessions, port: () => port.number });
  const handleAdmin = createAdminHandler({
    router: app.router,
    identify,
    redeem: app.sessions.redeem,
    sessionCookie: (signIn) => sessionCookie(signIn, port.number),
    clearedCookie: () => clearedCookie(port.number),
    report: (error, path) => log.error({ err: error, path }, 'an admin call failed'),
  });
  const { server } = settings.config;
  const listening = await listen({
    host: server.host,
    port: server.port,
    limits: { ...LISTEN_LIMITS, connectionsMax: server.connections_max },
    handler: (bound) => {
      port.number = bound.port;
      return createRouter({
        bound,
        allowedHosts: server.allowed_hosts,
        startId: options.startId,
        version: VERSION,
        vaultState: () => app.vault.state(),
        handleCall: app.gateway.handle,
        handleAdmin,
        handleMetrics: createMetricsDoor({
          vaultState: () => app.vault.state(),
          identify,
          callerOf: app.callerOf,
          families: app.metrics,
        }),
        pages,
        clock,
        random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
        log,
        bodyBytesTotalMax: memoryBytes() / 4,
      });
    },
  }).catch(async (error) => {
    await app.close();
    throw error;
  });
  const backupWhenDue = createBackupJob({
    backups: app.services.backups,
    vaultState: () => app.vault.state(),
    clock,
    log,
  });
  const backups = setInterval(() => void backupWhenDue(), BACKUP_LOOK_MS);
  backups.unref();
  void app.rollUps.look();
  const rollUps = setInterval(() => void app.rollUps.look(), ROLL_UP_LOOK_MS);
  rollUps.unref();
  const alerts = setInterval(() => void app.alerts.look(), ALERT_LOOK_MS);
  alerts.unref();
  const asking = setInterval(() => void app.asking.look(), PROVIDER_LOOK_MS);
  asking.unref();
  const origin = originOf(listening);
  app.listening(listening.port, origin);

  return {
    bound: { host: listening.host, port: listening.port },
    url: `${origin}/v1`,
    adminUrl: `${origin}/admin`,
    app,
    vaultState: () => app.vault.state(),
    async openWith(masterKey) {
      // A key from a file or the environment has nobody to ask; the warning is given instead.
      if (app.vault.state() === 'uninitialised') await app.services.local.initialiseAnyway(masterKey, SERVER);
      else await app.services.local.unlock(masterKey, SERVER);
      if (app.vault.keyStrength() === 'guessable') app.note(GUESSABLE);
    },
    setupUrl: () => app.setupLink.url(origin),
    notes: app.notes,
    warmPages: () => pages.ready,
    async close(drainMs) {
      clearInterval(backups);
      clearInterval(rollUps);
      clearInterval(alerts);
      clearInterval(asking);
      const closed = listening.close();
      app.sessions.endAll();
      await app.gateway.drain(drainMs);
      listening.destroy();
      await closed;
      await pages.close();
      await app.close();
    },
  };
}

const GUESSABLE =
  'The master key is guessable: whoever copies the data folder will try keys like it first. ' +
  '`cam rekey --generate` makes a better one.';

function originOf({ host, port }: Bound): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** In a container the machine's memory is not ours to count with. Unlimited is told as 0 or an absurd figure. */
function memoryBytes(): number {
  return Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem());
}

/** The folder with `package.json` and `.next`: two levels up from the sources, one from the bundle. */
function packageFolder(): string {
  return fileURLToPath(new URL('..', import.meta.url));
}
