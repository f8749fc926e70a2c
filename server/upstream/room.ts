/**
 * The upstream room, put together: everything that leaves this machine with an account key, and the pool that
 * knows how each account is. One owner for its sockets and timers, one `close`.
 */

import type { AccountId } from '../../lib/base/id.ts';
import type { Clock } from '../../lib/base/time.ts';
import type { Config } from '../../lib/config.ts';
import type { WindowUses } from '../../lib/metering/limit.ts';
import type { Vault } from '../vault/vault.ts';
import { createAddressBook } from './address.ts';
import { type Censor, createCensor } from './censor.ts';
import { type CheckAccount, createCheckAccount } from './check-account.ts';
import { createDial, type Dial } from './dial.ts';
import { createEgress, type Egress } from './egress.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { createNotifier, type Notifier } from './notify.ts';
import { createPool, type Pool, type PoolEvent } from './pool.ts';
import { createReach, type Reach } from './reach.ts';
import { type ResolveAll, systemResolve } from './resolve.ts';
import { createTicker, type Ticker } from './ticker.ts';
import { createTransport, proxyFrom } from './transport.ts';
import { type OwnAddresses, systemAddresses, watchAddresses } from './watch-addresses.ts';
import { watchSleep } from './watch-sleep.ts';

export interface UpstreamRoom {
  readonly pool: Pool;
  readonly inFlight: InFlight;
  readonly egress: Egress;
  readonly notifier: Notifier;
  readonly dial: Dial;
  readonly checkAccount: CheckAccount;
  readonly censor: Censor;
  /** Shared with the gateway: everything that waits in the hot path waits on one timer. */
  readonly ticker: Ticker;
  close(): Promise<void>;
}

export interface UpstreamRoomDeps {
  readonly vault: Pick<Vault, 'unseal'>;
  readonly clock: Clock;
  readonly config: () => Config;
  /** The process environment: proxy variables only. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ports this server listens on; empty before it does. */
  readonly ownPorts: () => readonly number[];
  /** `LimitBook.uses`. */
  readonly uses: (id: AccountId) => WindowUses;
  /** Becomes an event row. */
  readonly announce: (event: PoolEvent) => void;
  /** The system's resolver, unless a test has its own. */
  readonly resolve?: ResolveAll;
  readonly reach?: Reach;
  readonly networkProbeEveryMs?: number;
  /** The system's, unless a test has its own; asked this often. */
  readonly ownAddresses?: OwnAddresses;
  readonly lookAroundEveryMs?: number;
}

export function createUpstreamRoom(deps: UpstreamRoomDeps): UpstreamRoom {
  const { clock, config, env } = deps;
  const resolve = deps.resolve ?? systemResolve;
  const addresses = createAddressBook();
  const proxy = config().upstream.proxy;
  const connectMs = config().upstream.connect_ms;
  const ticker = createTicker(clock);
  const egress = createEgress({ addresses, ownPorts: deps.ownPorts });
  const transport = createTransport({ clock, addresses, resolve, connectMs, proxy, env });
  const dialNow = createDial({ vault: deps.vault, egress, transport, clock, ticker });
  const pool = createPool({
    clock,
    config,
    uses: deps.uses,
    probe: deps.reach ?? createReach({ resolve, proxy: proxyFrom(proxy, env) }),
    announce: deps.announce,
    onNetworkBack: () => transport.renew(),
    ...(deps.networkProbeEveryMs === undefined ? {} : { networkProbeEveryMs: deps.networkProbeEveryMs }),
  });
  const moved = (): void => {
    transport.renew();
    pool.moved();
  };
  const sleep = watchSleep(clock, moved);
  const where = watchAddresses(deps.ownAddresses ?? systemAddresses, moved, deps.lookAroundEveryMs);
  /** The first call after a sleep is here before the watch has looked: it must not take a dead socket. */
  const dial: Dial = (request, events) => {
    sleep.look();
    return dialNow(request, events);
  };
  return {
    pool,
    inFlight: createInFlight({ clock }),
    egress,
    notifier: createNotifier({ addresses, transport, ownPorts: deps.ownPorts }),
    dial,
    checkAccount: createCheckAccount({ dial, clock }),
    censor: createCensor(deps.vault),
    ticker,
    async close() {
      sleep.stop();
      where.stop();
      pool.close();
      ticker.close();
      await transport.close();
    },
  };
}
