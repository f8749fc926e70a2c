/** The server at a glance. */

import type { Clock } from '../../../lib/base/time.ts';
import type { StatusView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import type { InFlight } from '../../upstream/in-flight.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { ClientKeyring } from '../../vault/client-keyring.ts';
import type { Vault } from '../../vault/vault.ts';

export interface StatusDeps {
  readonly version: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly vault: Pick<Vault, 'state'>;
  readonly pool: Pick<Pool, 'snapshot' | 'network'>;
  readonly keyring: Pick<ClientKeyring, 'list'>;
  readonly inFlight: Pick<InFlight, 'size' | 'queued' | 'perSecond'>;
  readonly settings: Pick<Settings, 'config'>;
  readonly server: ServerFacts;
  readonly sessionSources: () => StatusView['sessionSources'];
}

/** What the running server knows about itself; null origin while nothing listens. */
export interface ServerFacts {
  /** e.g. `http://127.0.0.1:8080`; null in process. */
  origin(): string | null;
  readonly startedAtMs: number;
  readonly pid: number;
  readonly dataFolder: string;
  readonly configFolder: string;
  readonly logsFolder: string;
  /** Accounts, calls and provider are made up. */
  readonly demo: boolean;
}

export function getStatus(deps: StatusDeps): StatusView {
  const { config } = deps.settings;
  const origin = deps.server.origin() ?? `http://${config.server.host}:${config.server.port}`;
  return {
    version: deps.version,
    vault: deps.vault.state(),
    endpoint: `${origin}/v1`,
    adminUrl: `${origin}/admin`,
    startedAtMs: deps.server.startedAtMs,
    nowMs: deps.clock.nowMs(),
    pid: deps.server.pid,
    dataFolder: deps.server.dataFolder,
    inFlight: deps.inFlight.size,
    queued: deps.inFlight.queued,
    callsPerSecond: deps.inFlight.perSecond(),
    network: deps.pool.network(),
    strategy: config.routing.strategy,
    sessionSources: deps.sessionSources(),
    accounts: deps.pool.snapshot().length,
    clientKeys: deps.keyring.list().filter(({ clientKey }) => clientKey.revokedAtMs === null).length,
    demo: deps.server.demo,
    runningInProcess: deps.server.origin() === null,
  };
}
