/** The services over a real in-memory database and a real vault; only the provider and the time are made up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SealedAccount } from '../../../lib/accounts/account.ts';
import { Secret } from '../../../lib/base/secret.ts';
import { createPriceBook } from '../../../lib/metering/price-book.ts';
import { createAdminRouter } from '../../../server/admin/router.ts';
import type { AlertPrograms } from '../../../server/alert-programs.ts';
import { backupsIn } from '../../../server/backup-files.ts';
import { loadConfig } from '../../../server/config.ts';
import { createCopier } from '../../../server/db/copier.ts';
import { createLedgerWriter } from '../../../server/db/ledger.ts';
import { createLimitBook } from '../../../server/db/limit-book.ts';
import { type Database, openDatabase } from '../../../server/db/open-database.ts';
import { createReader } from '../../../server/db/reader.ts';
import { readVaultHeader } from '../../../server/db/vault-header.ts';
import type { AdminApi } from '../../../server/introspection/admin-api.ts';
import { createBackupPlace } from '../../../server/services/backups/place.ts';
import { createCaptureStore } from '../../../server/services/captures/capture-store.ts';
import { createServices } from '../../../server/services/create-services.ts';
import { createOwnPrices } from '../../../server/services/prices/own-prices.ts';
import type { ServiceDeps } from '../../../server/services/shared.ts';
import { createAddressBook } from '../../../server/upstream/address.ts';
import type { AccountCheck } from '../../../server/upstream/check-account.ts';
import { createEgress } from '../../../server/upstream/egress.ts';
import { createInFlight } from '../../../server/upstream/in-flight.ts';
import type { Notifier } from '../../../server/upstream/notify.ts';
import { createPool } from '../../../server/upstream/pool.ts';
import { createAgeFiles } from '../../../server/vault/age.ts';
import { createClientKeyring } from '../../../server/vault/client-keyring.ts';
import type { Kdf } from '../../../server/vault/kdf.ts';
import type { KdfParameters } from '../../../server/vault/kdf-parameters.ts';
import { createPlaygroundKeys } from '../../../server/vault/playground-keys.ts';
import { createSessions } from '../../../server/vault/sessions.ts';
import { createSetupLink } from '../../../server/vault/setup-link.ts';
import { createLoginThrottle } from '../../../server/vault/throttle.ts';
import { createFakeClock } from '../vault/fake-clock.ts';
import { MASTER_KEY, newVault } from '../vault/new-vault.ts';
import { asOperator } from './as-operator.ts';

export { MASTER_KEY };

export const ACCEPTED: AccountCheck = {
  ok: true,
  verdict: 'accepted',
  message: 'The provider accepts this key.',
  status: 200,
  durationMs: 12,
  organization: 'org-home',
  project: 'proj-home',
  modelIds: ['gpt-5.5', 'gpt-5.5-mini'],
  headerLimits: {},
};

export interface RigOptions {
  readonly givenClientKey?: string;
  readonly check?: (account: SealedAccount) => AccountCheck;
  readonly adminApi?: AdminApi;
  readonly notifier?: Notifier;
  readonly programs?: AlertPrograms;
  /** The database of an earlier rig, as after a restart. */
  readonly database?: Database;
  readonly env?: Readonly<Record<string, string>>;
  /** The real one loads its word lists first, which few tests are about. */
  readonly keyJudge?: ServiceDeps['keyJudge'];
  readonly keychain?: ServiceDeps['keychain'];
  readonly kdf?: Kdf;
  readonly kdfParameters?: KdfParameters;
}

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, isLevelEnabled: () => false };

export async function createRig(options: RigOptions = {}) {
  const clock = createFakeClock();
  const folder = mkdtempSync(join(tmpdir(), 'cam-services-'));
  const database = options.database ?? (await openDatabase({ file: ':memory:', version: '0.0.0', clock }));
  const settings = loadConfig({ env: options.env ?? {}, flags: {}, folders: { config: folder } });
  const ledger = createLedgerWriter({ db: database, log: quiet });
  const limitBook = createLimitBook({
    db: database,
    clock,
    timeZone: () => 'UTC',
    unwritten: ledger.unwritten,
  });
  limitBook.load();
  const vault = newVault({
    clock,
    ...(options.kdf ? { kdf: options.kdf } : {}),
    ...(options.kdfParameters ? { kdfParameters: options.kdfParameters } : {}),
  });
  vault.attach(await readVaultHeader(database.db));
  const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));
  const throttle = createLoginThrottle({ clock });
  const sessions = createSessions({ clock, random, idleMs: () => 3_600_000, absoluteMs: () => 43_200_000 });
  const setupLink = createSetupLink({ clock, random, throttle });
  const pool = createPool({
    clock,
    config: () => settings.config,
    uses: limitBook.uses,
    probe: () => Promise.resolve(true),
    announce: () => {},
  });
  const age = createAgeFiles({ workFactor: 10 });
  const { file } = database;
  const copier = file === null ? null : createCopier(file);
  const backupPlace = createBackupPlace(file === null ? null : backupsIn(dirname(file)), copier);
  const keyring = createClientKeyring(vault);
  const egress = createEgress({ addresses: createAddressBook(), ownPorts: () => [8080] });
  const notes: string[] = [];
  const drained: number[] = [];
  let draining: () => Promise<void> = () => Promise.resolve();
  const checked: SealedAccount[] = [];
  const inFlight = createInFlight({ clock });
  const ownPrices = createOwnPrices(database.db);
  const captures = createCaptureStore({
    db: database.db,
    vault,
    config: () => settings.config,
    clock,
    log: quiet,
  });
  const deps: ServiceDeps = {
    db: database.db,
    // No thread: what it would read in parallel is not what these tests are about.
    reader: createReader({ file: null, db: database.db }),
    ledger,
    limitBook,
    vault,
    age,
    backupPlace,
    sessions,
    throttle,
    keyJudge: options.keyJudge ?? { judge: async () => ({ strength: 'strong', why: 'it is only a test' }) },
    keychain: options.keychain ?? { write: async () => {}, remove: async () => {} },
    setupLink,
    pool,
    keyring,
    playground: createPlaygroundKeys({ sessions, clock, random }),
    inFlight,
    checkAccount: (account) => {
      checked.push(account);
      return Promise.resolve(options.check?.(account) ?? ACCEPTED);
    },
    checkDestination: (source) => egress.destinationOf(source),
    settings,
    clock,
    random,
    version: '0.0.0',
    server: {
      origin: () => 'http://127.0.0.1:8080',
      startedAtMs: clock.nowMs(),
      pid: process.pid,
      dataFolder: folder,
      configFolder: folder,
      logsFolder: join(folder, 'logs'),
      demo: false,
    },
    rebuildHours: () => Promise.resolve(),
    prices: createPriceBook({ today: () => clock.nowMs(), own: ownPrices.current }),
    ownPrices,
    captures,
    adminApi: options.adminApi ?? {
      get: async () => ({ kind: 'failed', why: 'nobody is there' }),
      pages: async () => ({ kind: 'failed', why: 'nobody is there' }),
    },
    notifier: options.notifier ?? { originOf: () => 'https://hooks.example', send: async () => null },
    programs: options.programs ?? { run: async () => null, notify: async () => null },
    drain: async (ms) => {
      drained.push(ms);
      await draining();
    },
    // Calls and their planner belong to the gateway, which is not here.
    dryRun: () => {
      throw new Error('there is no gateway in this rig');
    },
    refused: { find: () => null, newest: () => null },
    sessionSources: () => [{ source: 'session-id', calls: 1 }],
    givenClientKey: options.givenClientKey === undefined ? null : new Secret(options.givenClientKey),
    note: (text) => void notes.push(text),
    pause: (ms) => {
      clock.advance(ms);
      return Promise.resolve();
    },
  };
  const services = createServices(deps);
  return {
    ...deps,
    database,
    limitBook,
    /** Every deed is that of an operator at the command line. */
    services: asOperator(services),
    router: createAdminRouter(services),
    setupLink,
    clock,
    egress,
    notes,
    drained,
    whileDraining: (work: () => Promise<void>) => {
      draining = work;
    },
    checked,
    ledger,
    /** Everything but the database, which a next rig may go on with. */
    stop: async () => {
      pool.close();
      await services.closeThreads();
      await ledger.close();
      await vault.close();
      await age.close();
      await copier?.close();
      rmSync(folder, { recursive: true });
    },
    close: async () => {
      pool.close();
      await services.closeThreads();
      await ledger.close();
      await vault.close();
      await age.close();
      await copier?.close();
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Rig = Awaited<ReturnType<typeof createRig>>;
