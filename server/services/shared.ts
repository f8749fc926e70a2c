import { uuidV7 } from '../../lib/base/id.ts';
import type { Secret } from '../../lib/base/secret.ts';
import type { Clock } from '../../lib/base/time.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';
import type { DryRun, DryRunQuestion } from '../../lib/routing/dry-run.ts';
import type { StatusView } from '../../lib/wire/views.ts';
import type { AlertPrograms } from '../alert-programs.ts';
import type { Settings } from '../config.ts';
import type { LedgerWriter, LimitBook } from '../db/ledger.ts';
import type { Reader } from '../db/reader.ts';
import type { Db } from '../db/schema.ts';
import type { AdminApi } from '../introspection/admin-api.ts';
import type { Keychain } from '../keychain.ts';
import type { CheckAccount } from '../upstream/check-account.ts';
import type { InFlight } from '../upstream/in-flight.ts';
import type { Notifier } from '../upstream/notify.ts';
import type { Pool } from '../upstream/pool.ts';
import type { AgeFiles } from '../vault/age.ts';
import type { ClientKeyring } from '../vault/client-keyring.ts';
import type { KeyJudge } from '../vault/key-judge.ts';
import type { PlaygroundKeys } from '../vault/playground-keys.ts';
import type { LoginThrottle, Sessions } from '../vault/sessions.ts';
import type { SetupLink } from '../vault/setup-link.ts';
import type { Vault } from '../vault/vault.ts';
import { createAccountStore } from './accounts/account-store.ts';
import type { CheckDestination } from './accounts/destination.ts';
import { createLimitWindows } from './accounts/limit-windows.ts';
import { createHealthSaver } from './accounts/save-health.ts';
import { createAuditLog } from './audit/audit-log.ts';
import type { BackupPlace } from './backups/place.ts';
import type { CaptureStore } from './captures/capture-store.ts';
import { createClientKeyStore } from './clients/client-key-store.ts';
import { createUseResetStore } from './limits/use-reset-store.ts';
import { createChanges } from './live/changes.ts';
import type { OwnPrices } from './prices/own-prices.ts';
import type { GetRequestDeps } from './requests/get.ts';
import type { ServerFacts } from './status/get.ts';
import { createHeaderStore } from './vault/header-store.ts';
import { createOneAtATime } from './vault/one-at-a-time.ts';

/** Everything that the verbs share out among themselves. */
export interface ServiceDeps {
  readonly db: Db;
  readonly reader: Reader;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly limitBook: Pick<LimitBook, 'uses' | 'reserved' | 'limitUses' | 'setResets'>;
  readonly vault: Vault;
  readonly age: AgeFiles;
  readonly backupPlace: BackupPlace;
  readonly sessions: Sessions;
  readonly throttle: LoginThrottle;
  readonly keyJudge: Pick<KeyJudge, 'judge'>;
  readonly keychain: Pick<Keychain, 'write' | 'remove'>;
  readonly setupLink: Pick<SetupLink, 'check' | 'spend'>;
  readonly pool: Pool;
  readonly keyring: ClientKeyring;
  readonly playground: Pick<PlaygroundKeys, 'mint'>;
  readonly inFlight: InFlight;
  readonly checkAccount: CheckAccount;
  /** `Egress.destinationOf`. */
  readonly checkDestination: CheckDestination;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
  readonly version: string;
  readonly server: ServerFacts;
  /** The gateway's planner, asked without consequence. */
  readonly dryRun: (question: DryRunQuestion, caller: Caller) => DryRun;
  /** By what calls were recognised as part of a conversation since the start. */
  readonly sessionSources: () => StatusView['sessionSources'];
  /** The latest calls that were refused before any account was asked. */
  readonly refused: GetRequestDeps['refused'];
  /** Works the hourly totals out anew. */
  readonly rebuildHours: () => Promise<void>;
  readonly prices: Pick<PriceBook, 'prices' | 'contextTokens'>;
  readonly ownPrices: OwnPrices;
  readonly captures: CaptureStore;
  readonly adminApi: AdminApi;
  readonly notifier: Notifier;
  readonly programs: AlertPrograms;
  /** Refuses new calls and waits at most this long for those under way, then ends them as broken. */
  readonly drain: (ms: number) => Promise<void>;
  /** `CAM_CLIENT_KEY`. */
  readonly givenClientKey: Secret | null;
  /** Something that the start should say. */
  readonly note: (text: string) => void;
  /** Resolves after this time, or at once when the signal is aborted. Never rejects. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The rooms, and what the verbs have among themselves. */
export function share(rooms: ServiceDeps) {
  const { db, clock, settings, pool } = rooms;
  const audit = createAuditLog(rooms);
  const accounts = createAccountStore(db, audit);
  return {
    ...rooms,
    audit,
    accounts,
    saveHealth: createHealthSaver({ pool, accounts, clock }),
    clientKeys: createClientKeyStore(db, audit),
    headers: createHeaderStore(db, audit),
    alone: createOneAtATime(),
    useResets: createUseResetStore({ ...rooms, audit }),
    windows: createLimitWindows(settings),
    changes: createChanges(clock.nowMs()),
    newId: () => uuidV7(clock.nowMs(), rooms.random(10)),
  };
}

export type Shared = ReturnType<typeof share>;
