/**
 * A whole gateway for tests: emulated OpenAI over real sockets, a ledger in memory, a real vault with cheap
 * hashing, the real gate in front. Nothing is faked but time, which runs and can be pushed forward.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { SealedAccount } from '../../lib/accounts/account.ts';
import { accountId, type ClientKeyId, clientKeyId } from '../../lib/base/id.ts';
import { Secret } from '../../lib/base/secret.ts';
import type { Clock } from '../../lib/base/time.ts';
import { type Caller, type ClientKey, NO_RULES } from '../../lib/clients/client-key.ts';
import { type Config, defaultConfig } from '../../lib/config.ts';
import { createPriceBook } from '../../lib/metering/price-book.ts';
import { createWindows } from '../../lib/metering/window.ts';
import type { RequestView } from '../../lib/wire/views.ts';
import { createLastInput } from '../../server/db/last-input.ts';
import { createLedgerWriter, type LedgerEvent, type LedgerWriter } from '../../server/db/ledger.ts';
import { createLimitBook, type LimitBook } from '../../server/db/limit-book.ts';
import { createObjectOwners, type ObjectOwners } from '../../server/db/object-owners.ts';
import { type Database, openDatabase } from '../../server/db/open-database.ts';
import { getRequest } from '../../server/db/requests.ts';
import { createSessionHomes, type SessionHomes } from '../../server/db/session-homes.ts';
import type { KeySettings } from '../../server/demo/emulated-key.ts';
import { createEmulator, type Emulator } from '../../server/demo/emulator.ts';
import { authenticate } from '../../server/gateway/authenticate.ts';
import type { CapturedBodies } from '../../server/gateway/capture.ts';
import { createGateway, type Gateway } from '../../server/gateway/gateway.ts';
import { createTokenCounter, type TokenCounter } from '../../server/gateway/token-counter.ts';
import { ADAPTER_LIMITS, type AdapterLimits } from '../../server/http/adapter.ts';
import { type Listening, listen } from '../../server/http/listen.ts';
import { createMetricsDoor } from '../../server/http/metrics.ts';
import { createRouter } from '../../server/http/router.ts';
import { createLogger } from '../../server/log.ts';
import { createMetrics } from '../../server/services/metrics/families.ts';
import type { Dial } from '../../server/upstream/dial.ts';
import type { ResolveAll } from '../../server/upstream/resolve.ts';
import { createUpstreamRoom, type UpstreamRoom } from '../../server/upstream/room.ts';
import { createClientKeyring } from '../../server/vault/client-keyring.ts';
import { createKdf } from '../../server/vault/kdf.ts';
import { createPlaygroundKeys, type PlaygroundKeys } from '../../server/vault/playground-keys.ts';
import { createVault, type Vault } from '../../server/vault/vault.ts';

export const CLIENT_KEY = 'sk-codex-account-manager';
const MASTER_KEY = new Secret('a master key for tests only');
const KDF = { memoryKib: 65_536, passes: 1, lanes: 1 };
const ANY_MODEL = 'gpt-5';
/** Ending a call may take a count of its tokens, by a thread that has to start first. */
const SETTLED_WITHIN_MS = 20_000;

export interface RigAccount extends Partial<Omit<SealedAccount, 'id' | 'sealedKey' | 'intact'>> {
  readonly name: string;
  /** The emulated key; made from the name when absent. */
  readonly key?: string;
  readonly emulated?: Omit<KeySettings, 'key'>;
  readonly intact?: boolean;
}

/** `key`: what its client sends; the well-known one when absent. */
export type RigKey = Partial<ClientKey> & { readonly key?: string };

export interface RigOptions {
  readonly accounts?: readonly RigAccount[];
  readonly clientKeys?: readonly RigKey[];
  readonly config?: (config: Config) => Config;
  readonly adapterLimits?: Partial<AdapterLimits>;
  readonly resolve?: ResolveAll;
  readonly reach?: (baseUrls: readonly string[]) => Promise<boolean>;
  readonly networkProbeEveryMs?: number;
  /** Asked every few milliseconds. */
  readonly ownAddresses?: () => string;
  readonly wrapDial?: (dial: Dial) => Dial;
  readonly wrapTokenCounter?: (counter: TokenCounter) => TokenCounter;
  readonly wrapLedger?: (ledger: LedgerWriter) => LedgerWriter;
  readonly env?: Readonly<Record<string, string>>;
  readonly locked?: boolean;
}

export interface SettledRow {
  readonly id: string;
  readonly outcome: string | null;
  readonly status: number | null;
  readonly error_code: string | null;
  readonly account_id: string | null;
  readonly first_account_id: string;
  readonly attempts: number | null;
  readonly model: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly cost: number | null;
  readonly total_tokens: number | null;
  readonly estimated: number;
  readonly usage_flagged: number;
  readonly reserved_tokens: number;
  readonly reserved_cost: number;
  readonly assumed_cost: number | null;
  readonly duration_ms: number | null;
  readonly reasoning_dropped: number;
  readonly first_token_ms: number | null;
  readonly response_bytes: number | null;
}

export interface Rig extends AsyncDisposable {
  readonly url: string;
  readonly emulator: Emulator;
  readonly gateway: Gateway;
  readonly database: Database;
  readonly room: UpstreamRoom;
  readonly vault: Vault;
  readonly playground: PlaygroundKeys;
  readonly listening: Listening;
  readonly events: LedgerEvent[];
  readonly logLines: string[];
  readonly limitBook: LimitBook;
  readonly clientKeyIds: readonly ClientKeyId[];
  /** `jump` moves only the wall clock, as a sleep does. */
  readonly clock: RunningClock;
  /** Who the calls of `post` come from. */
  caller(): Caller;
  /** By name. */
  account(name: string): SealedAccount;
  put(account: RigAccount): SealedAccount;
  /** In place of all client keys there were. */
  loadKeys(keys: readonly RigKey[]): void;
  /** All ledger rows, once the calls that have ended for their clients are settled and everything is written. */
  rows(): Promise<readonly SettledRow[]>;
  /** One call with everything that explains it, as the admin API gives it. */
  explained(requestId: string | null): Promise<RequestView>;
  /** Everything that the gateway keeps in memory is forgotten; what is in the database stays. */
  restart(): Promise<void>;
  /** What was captured, by request id. */
  readonly captured: ReadonlyMap<string, CapturedBodies>;
  /** How many calls of an account reached the emulator (of all kinds but GET). */
  received(name: string): number;
  post(path: string, body: object, headers?: Record<string, string>): Promise<Response>;
}

export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const clock = createRunningClock();
  const byPriority = inOrder(defaultConfig());
  const config = options.config?.(byPriority) ?? byPriority;
  const logLines: string[] = [];
  const log = createLogger({ level: 'debug', destination: { write: (line) => void logLines.push(line) } });
  const emulator = await createEmulator({ clock });
  const vault = createVault({ random, clock, kdf: createKdf(), kdfParameters: KDF });
  vault.attach(null);
  await vault.initialise(MASTER_KEY);
  const database = await openDatabase({ file: ':memory:', version: '0.0.0', clock });
  const writer = createLedgerWriter({ db: database, log });
  const ledger = options.wrapLedger?.(writer) ?? writer;
  const limitBook = createLimitBook({
    db: database,
    clock,
    timeZone: () => config.limits.time_zone,
    unwritten: writer.unwritten,
  });
  limitBook.load();
  const events: LedgerEvent[] = [];
  const bound = { port: 0 };
  const room = createUpstreamRoom({
    vault,
    clock,
    config: () => config,
    env: options.env ?? {},
    ownPorts: () => (bound.port === 0 ? [] : [bound.port]),
    uses: (id) => limitBook.uses(id),
    announce: (event) => void events.push({ ...event, atMs: clock.nowMs(), requestId: null }),
    ...(options.resolve ? { resolve: options.resolve } : {}),
    ...(options.reach ? { reach: options.reach } : {}),
    ...(options.networkProbeEveryMs ? { networkProbeEveryMs: options.networkProbeEveryMs } : {}),
    ...(options.ownAddresses ? { ownAddresses: options.ownAddresses, lookAroundEveryMs: 5 } : {}),
  });
  const keyring = createClientKeyring(vault);
  const playground = createPlaygroundKeys({ sessions: { alive: () => true }, clock, random });
  const ownCounter = createTokenCounter({ log, waitMs: 20_000 });
  const tokenCounter = options.wrapTokenCounter?.(ownCounter) ?? ownCounter;
  const openMemory = () => {
    const homes = createSessionHomes({ db: database, clock, max: 1_000 });
    const owners = createObjectOwners({ db: database, ledger, clock, log, max: 1_000 });
    return { homes, owners, gateway: gatewayOver(homes, owners) };
  };
  const gatewayOver = (homes: SessionHomes, owners: ObjectOwners) =>
    createGateway({
      pool: room.pool,
      inFlight: room.inFlight,
      dial: options.wrapDial?.(room.dial) ?? room.dial,
      checkAccount: room.checkAccount,
      censor: room.censor,
      ticker: room.ticker,
      tokenCounter,
      captures: { keep: (id, bodies) => void captured.set(id, bodies) },
      lastInput: createLastInput(database),
      ledger: {
        ...ledger,
        event(event) {
          events.push(event);
          ledger.event(event);
        },
      },
      limitBook,
      keyring,
      playground,
      vault,
      homes,
      owners,
      prices: createPriceBook({ today: () => clock.nowMs() }),
      clock,
      random,
      log,
      config: () => config,
    });
  const captured = new Map<string, CapturedBodies>();
  let memory = openMemory();

  const byName = new Map<string, SealedAccount>();
  const put = (wanted: RigAccount): SealedAccount => {
    const { name, key = `sk-emulated-${name}`, emulated = {}, ...rest } = wanted;
    emulator.addKey({ key, organization: `org-${name}`, project: `proj_${name}`, ...emulated });
    const account = sealedAccount(vault, { name, baseUrl: emulator.baseUrl, ...rest }, key, byName.size);
    byName.set(name, account);
    const facts = { organization: null, project: null, modelIds: null, checkedAtMs: null };
    room.pool.put(account.id, { account, facts, health: null });
    return account;
  };
  for (const account of options.accounts ?? [{ name: 'one' }]) put(account);
  const loadKeys = (keys: readonly RigKey[]) => keyring.load(keys.map((key) => keyringEntry(vault, key)));
  loadKeys(options.clientKeys ?? [{}]);
  if (options.locked) vault.lock();

  const metrics = createMetrics({
    pool: room.pool,
    inFlight: room.inFlight,
    keyring,
    windows: createWindows('UTC'),
    clock,
    version: '0.0.0',
    callFamilies: () => memory.gateway.metrics.families(),
  });
  const listening = await listen({
    host: '127.0.0.1',
    port: 0,
    handler: (where) => {
      bound.port = where.port;
      return createRouter({
        bound: where,
        allowedHosts: [],
        startId: 'rig',
        version: '0.0.0',
        vaultState: () => vault.state(),
        handleCall: (request, sink) => memory.gateway.handle(request, sink),
        handleAdmin: (_req, res) => void res.end(),
        handleMetrics: createMetricsDoor({
          vaultState: () => vault.state(),
          identify: async () => null,
          callerOf: (headers) => authenticate(headers, { keyring, playground }, clock.nowMs()),
          families: metrics,
        }),
        pages: {
          ready: Promise.resolve(true),
          handle: (_req, res) => void res.end(),
          isAsset: () => false,
          close: async () => {},
        },
        clock,
        random,
        log,
        bodyBytesTotalMax: 256 * 1024 * 1024,
        limits: { ...ADAPTER_LIMITS, ...options.adapterLimits },
      });
    },
  });
  const url = `http://127.0.0.1:${listening.port}`;
  const named = (name: string): SealedAccount => {
    const account = byName.get(name);
    if (!account) throw new RangeError(`no account ${name}`);
    return account;
  };

  const written = async (): Promise<void> => {
    const untilMs = performance.now() + SETTLED_WITHIN_MS;
    while (room.inFlight.size > 0 && performance.now() < untilMs) await setImmediate();
    await ledger.flush();
  };

  return {
    url,
    emulator,
    captured,
    gateway: memory.gateway,
    database,
    room,
    vault,
    playground,
    limitBook,
    clientKeyIds: keyring.list().map(({ clientKey }) => clientKey.id),
    listening,
    events,
    logLines,
    clock,
    caller() {
      const verdict = keyring.check(new Secret(CLIENT_KEY), clock.nowMs());
      if (verdict.kind !== 'caller') throw new RangeError('the client key is not usable');
      return verdict.caller;
    },
    account: named,
    put,
    loadKeys,
    async rows() {
      await written();
      return database.ledger
        .prepare<[], SettledRow>('SELECT * FROM usage_records ORDER BY started_at_ms, id')
        .all();
    },
    async explained(id) {
      await written();
      const view = await getRequest(database.db, { id: id ?? '' });
      if (!view) throw new RangeError(`no call ${id}`);
      return view;
    },
    async restart() {
      memory.homes.close();
      await ledger.flush();
      memory = openMemory();
    },
    received: (name) =>
      emulator.key(`sk-emulated-${name}`).received.filter(({ method }) => method !== 'GET').length,
    post: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      listening.destroy();
      await listening.close();
      await ownCounter.close();
      await room.close();
      await emulator.close();
      memory.homes.close();
      await ledger.close();
      database.close();
      await vault.close();
    },
  };
}

export const chat = (more: object = {}): object => ({
  model: ANY_MODEL,
  messages: [{ role: 'user', content: 'Say hello.' }],
  ...more,
});

export const responses = (more: object = {}): object => ({ model: ANY_MODEL, input: 'Say hello.', ...more });

/** Accounts are tried in the order in which a test names them. */
function inOrder(config: Config): Config {
  return { ...config, routing: { ...config.routing, strategy: 'priority' } };
}

function random(size: number): Uint8Array {
  return randomBytes(size);
}

interface RunningClock extends Clock {
  advance(ms: number): void;
  jump(ms: number): void;
}

function createRunningClock(): RunningClock {
  let ahead = 0;
  let wallAhead = 0;
  return {
    nowMs: () => Date.now() + ahead + wallAhead,
    monotonicMs: () => performance.now() + ahead,
    advance: (ms) => {
      ahead += ms;
    },
    jump: (ms) => {
      wallAhead += ms;
    },
  };
}

function sealedAccount(
  vault: Vault,
  wanted: Partial<SealedAccount> & { readonly name: string; readonly baseUrl: string },
  key: string,
  order: number,
): SealedAccount {
  const id = accountId(randomUUID());
  return {
    id,
    provider: 'openai',
    allowLocal: true,
    organizationId: null,
    projectId: null,
    models: [],
    priority: order,
    weight: 1,
    enabled: true,
    limits: {},
    priceMultiplier: 1,
    createdAtMs: order,
    intact: true,
    ...wanted,
    sealedKey: vault.seal({ table: 'accounts', rowId: id, column: 'sealed_key' }, new Secret(key)),
  };
}

function keyringEntry(vault: Vault, { key = CLIENT_KEY, ...over }: RigKey) {
  const clientKey: ClientKey = {
    id: clientKeyId(randomUUID()),
    name: 'Default',
    prefix: 'sk-codex',
    guessable: true,
    ...NO_RULES,
    scopes: ['inference'],
    expiresAtMs: null,
    revokedAtMs: null,
    createdAtMs: 0,
    ...over,
  };
  return { clientKey, digest: vault.clientKeyDigest(new Secret(key)), intact: true };
}
