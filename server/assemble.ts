/**
 * The rooms and the services, wired together but not yet listening: what the server, the offline commands and the
 * tests have in common. Everything is made here once and handed on; who opens closes, in reverse order.
 */
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { Secret } from '../lib/base/secret.ts';
import type { Clock } from '../lib/base/time.ts';
import type { Caller } from '../lib/clients/client-key.ts';
import { createPriceBook, hasPrice } from '../lib/metering/price-book.ts';
import { type AdminRouter, createAdminRouter } from './admin/router.ts';
import { createAlertPrograms } from './alert-programs.ts';
import { backupsIn } from './backup-files.ts';
import type { Settings } from './config.ts';
import { createCopier } from './db/copier.ts';
import { type RecordedCall, writeHistory } from './db/history.ts';
import { createLastInput } from './db/last-input.ts';
import { createLedgerWriter } from './db/ledger.ts';
import { createLimitBook } from './db/limit-book.ts';
import { createObjectOwners } from './db/object-owners.ts';
import { openDatabase } from './db/open-database.ts';
import { settleOrphans } from './db/orphans.ts';
import { createReader } from './db/reader.ts';
import { createSessionHomes } from './db/session-homes.ts';
import { createUsageHours } from './db/usage-hours.ts';
import { readVaultHeader } from './db/vault-header.ts';
import { authenticate } from './gateway/authenticate.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { createTokenCounter } from './gateway/token-counter.ts';
import { createAdminApi } from './introspection/admin-api.ts';
import { type AlertJob, createAlertJob } from './jobs/alerts.ts';
import { createProviderJob, type ProviderJob } from './jobs/providers.ts';
import { createRollUpJob, type RollUpJob } from './jobs/roll-ups.ts';
import { createKeychain, type Keychain } from './keychain.ts';
import type { Log } from './log.ts';
import { createLimitWindows } from './services/accounts/limit-windows.ts';
import { createBackupPlace } from './services/backups/place.ts';
import { createCaptureStore } from './services/captures/capture-store.ts';
import { createServices, type ServicesWithUpkeep } from './services/create-services.ts';
import { createMetrics, type Metrics } from './services/metrics/families.ts';
import { createOwnPrices } from './services/prices/own-prices.ts';
import { createUpstreamRoom } from './upstream/room.ts';
import { createAgeFiles } from './vault/age.ts';
import { createClientKeyring } from './vault/client-keyring.ts';
import { createKdf } from './vault/kdf.ts';
import type { KdfParameters } from './vault/kdf-parameters.ts';
import { createKeyJudge } from './vault/key-judge.ts';
import { createPlaygroundKeys } from './vault/playground-keys.ts';
import { createSessions, type Sessions } from './vault/sessions.ts';
import { createSetupLink, type SetupLink } from './vault/setup-link.ts';
import { createLoginThrottle } from './vault/throttle.ts';
import { createVault, type Vault } from './vault/vault.ts';
import { VERSION } from './version.ts';

export interface AssembleOptions {
  readonly settings: Settings;
  /** Null: everything in memory (tests, demonstrations). */
  readonly dataFolder: string | null;
  /** Where `cam.log` is; beside the data where it is not said. */
  readonly logsFolder?: string;
  /** A path, or `:memory:`. */
  readonly databaseFile: string;
  readonly log: Log;
  readonly clock: Clock;
  /** For proxies and the first client key; the master key is never read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Everything is made up, and every page says so. */
  readonly demo?: boolean;
  /** Weaker than the default only in tests, where hundreds of vaults are made. */
  readonly kdfParameters?: KdfParameters;
  /** The operating system's, where tests put none of their own. */
  readonly keychain?: Keychain;
}

export interface Application {
  readonly router: AdminRouter;
  readonly services: ServicesWithUpkeep;
  readonly gateway: Gateway;
  readonly rollUps: RollUpJob;
  readonly alerts: AlertJob;
  readonly asking: ProviderJob;
  /** Who sends this client key; throws what a call would be told. */
  readonly callerOf: (headers: Readonly<Record<string, string>>) => Caller;
  readonly metrics: Metrics;
  readonly vault: Vault;
  readonly sessions: Sessions;
  readonly setupLink: SetupLink;
  /** Writes calls that are over, and counts anew what follows from them. */
  fillHistory(calls: readonly RecordedCall[]): Promise<void>;
  /** Things that the start should say. */
  notes(): readonly string[];
  note(text: string): void;
  /** Where this process listens; until then nothing is reachable and no account can point at us. */
  listening(port: number, origin: string): void;
  close(): Promise<void>;
}

const HOMES_IN_MEMORY = 10_000;
const OWNERS_IN_MEMORY = 20_000;
const UPKEEP_MS = 5_000;

const random = (bytes: number): Uint8Array => randomBytes(bytes);

/** Throws `database_newer`, `database_damaged`, `vault_damaged`, `storage_failed`. */
export async function assemble(options: AssembleOptions): Promise<Application> {
  const { settings, log, clock, env } = options;
  const notes: string[] = [];
  const closing = new AbortController();
  const bound: { port: number | null; origin: string | null } = { port: null, origin: null };
  const config = () => settings.config;

  // What is stored
  const database = await openDatabase({ file: options.databaseFile, version: VERSION, clock });
  const ledger = createLedgerWriter({ db: database, log });
  const limitBook = createLimitBook({
    db: database,
    clock,
    timeZone: () => config().limits.time_zone,
    unwritten: ledger.unwritten,
  });
  const homes = createSessionHomes({ db: database, clock, max: HOMES_IN_MEMORY, log });
  const owners = createObjectOwners({ db: database, ledger, clock, log, max: OWNERS_IN_MEMORY });
  const reader = createReader(database);
  const rollUps = createRollUpJob({
    reader,
    hours: createUsageHours(database),
    clock,
    retentionDays: () => config().retention.days,
    log,
  });
  const copier = database.file === null ? null : createCopier(database.file);
  const backupPlace = createBackupPlace(database.file && backupsIn(dirname(database.file)), copier);
  const ownPrices = createOwnPrices(database.db);
  await ownPrices.load();
  const prices = createPriceBook({ today: () => clock.nowMs(), own: ownPrices.current });
  const orphans = settleOrphans(database, clock.nowMs(), (model) => hasPrice(prices, model, clock.nowMs()));
  if (orphans > 0)
    notes.push(`${orphans} calls were under way when the server last stopped; they are marked interrupted.`);
  if (database.backup !== null)
    notes.push(`The database was converted; a copy from before is at ${database.backup}.`);

  // Who holds the keys
  const kdf = createKdf();
  const vault = createVault({
    random,
    clock,
    kdf,
    ...(options.kdfParameters ? { kdfParameters: options.kdfParameters } : {}),
  });
  vault.attach(await readVaultHeader(database.db));
  const keyJudge = createKeyJudge();
  const age = createAgeFiles();
  const keyring = createClientKeyring(vault);
  const throttle = createLoginThrottle({ clock });
  const sessions = createSessions({
    clock,
    random,
    idleMs: () => config().session.idle_minutes * 60_000,
    absoluteMs: () => config().session.absolute_hours * 3_600_000,
  });
  const playground = createPlaygroundKeys({ sessions, clock, random });
  const setupLink = createSetupLink({ clock, random, throttle });

  // The way out
  const upstream = createUpstreamRoom({
    vault,
    clock,
    config,
    env,
    ownPorts: () => (bound.port === null ? [] : [bound.port]),
    uses: limitBook.uses,
    announce: (event) => ledger.event({ ...event, atMs: clock.nowMs(), requestId: null }),
  });
  const { pool, inFlight, dial, checkAccount } = upstream;

  const captures = createCaptureStore({ db: database.db, vault, config, clock, log });

  // The doors' insides
  const tokenCounter = createTokenCounter({ log });
  const gateway = createGateway({
    pool,
    ledger,
    limitBook,
    keyring,
    playground,
    vault,
    homes,
    owners,
    inFlight,
    prices,
    clock,
    random,
    log,
    config,
    dial,
    checkAccount,
    censor: upstream.censor,
    ticker: upstream.ticker,
    tokenCounter,
    lastInput: createLastInput(database),
    captures,
  });
  const services = createServices({
    db: database.db,
    reader,
    ledger,
    limitBook,
    vault,
    age,
    backupPlace,
    sessions,
    throttle,
    keyJudge,
    keychain: options.keychain ?? createKeychain(options.dataFolder ?? ''),
    setupLink,
    pool,
    keyring,
    playground,
    inFlight,
    checkAccount,
    checkDestination: (source) => upstream.egress.destinationOf(source),
    settings,
    clock,
    random,
    version: VERSION,
    server: {
      origin: () => bound.origin,
      startedAtMs: clock.nowMs(),
      pid: process.pid,
      dataFolder: options.dataFolder ?? '',
      configFolder: dirname(settings.file),
      logsFolder: options.logsFolder ?? join(options.dataFolder ?? '', 'logs'),
      demo: options.demo === true,
    },
    rebuildHours: rollUps.rebuild,
    captures,
    prices,
    ownPrices,
    adminApi: createAdminApi({
      dial,
      nowMs: () => clock.nowMs(),
      random: () => Math.random(),
      sleep: (ms) => pause(ms, closing.signal),
    }),
    notifier: upstream.notifier,
    programs: createAlertPrograms(env),
    drain: gateway.drain,
    dryRun: gateway.dryRun,
    sessionSources: gateway.sessionSources,
    refused: gateway.refused,
    givenClientKey: env.CAM_CLIENT_KEY ? new Secret(env.CAM_CLIENT_KEY) : null,
    note: (text) => void notes.push(text),
    pause,
  });
  limitBook.load();
  const alerts = createAlertJob({
    evaluate: services.evaluateAlerts,
    deliver: services.deliverAlerts,
    tidy: captures.prune,
    log,
  });
  const asking = createProviderJob({
    refresh: services.refreshProviders,
    everyMinutes: () => config().introspection.every_minutes,
    clock,
    log,
  });
  const upkeep = setInterval(() => {
    if (vault.state() === 'unlocked') {
      services
        .saveHealth()
        .catch((error) => log.warn({ err: error }, 'the accounts’ health could not be stored'));
    }
    vault.tidy();
    services
      .lockWhenIdle()
      .catch((error) => log.warn({ err: error }, 'locking an unused vault did not go smoothly'));
  }, UPKEEP_MS);
  upkeep.unref();

  return {
    router: createAdminRouter(services),
    services,
    gateway,
    rollUps,
    alerts,
    asking,
    callerOf: (headers) => authenticate(headers, { keyring, playground }, clock.nowMs()),
    metrics: createMetrics({
      pool,
      inFlight,
      keyring,
      windows: createLimitWindows(settings),
      clock,
      version: VERSION,
      callFamilies: gateway.metrics.families,
    }),
    vault,
    sessions,
    setupLink,
    async fillHistory(calls) {
      writeHistory(database.ledger, calls);
      limitBook.load();
      await rollUps.rebuild();
    },
    notes: () => notes,
    note: (text) => void notes.push(text),
    listening: (port, origin) => {
      bound.port = port;
      bound.origin = origin;
    },
    async close() {
      closing.abort();
      clearInterval(upkeep);
      // A backup under way is no backup; it must be gone before what it reads is.
      await copier?.close();
      // Whoever still waits for a count records what is known, and then the ledger may close.
      await tokenCounter.close();
      if (vault.state() === 'unlocked') await services.saveHealth();
      await upstream.close();
      homes.close();
      await ledger.close();
      await rollUps.close();
      await alerts.close();
      await asking.close();
      await reader.close();
      await age.close();
      vault.lock();
      await services.closeThreads();
      await keyJudge.close();
      await vault.close();
      database.close();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
