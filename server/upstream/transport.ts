/**
 * The sockets to providers: undici agents with our connect rules. One agent for public destinations, one for
 * accounts that may go to this machine, and behind a proxy if the environment or the configuration names one.
 * Nothing here follows redirects or decompresses: `dispatch` does neither.
 */
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import type { Clock } from '../../lib/base/time.ts';
import type { AddressBook } from './address.ts';
import type { Destination } from './egress.ts';
import { createResolver, type ResolveAll } from './resolve.ts';

export interface Transport {
  dispatcherFor(destination: Destination): Dispatcher;
  /** A proxy stands between: what cannot be reached may be the proxy. */
  viaProxy(destination: Destination): boolean;
  /** After sleep or a change of network: idle sockets are stale, running calls keep theirs. */
  renew(): void;
  close(): Promise<void>;
}

export interface TransportDeps {
  readonly clock: Clock;
  readonly addresses: AddressBook;
  readonly resolve: ResolveAll;
  readonly connectMs: number;
  /** The configured proxy, else null; then the environment's is honoured. */
  readonly proxy: string | null;
  /** The process environment, for `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` in either case. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const KEEP_ALIVE_MS = 90_000;
const TCP_KEEP_ALIVE_MS = 15_000;
const HEADER_BYTES_MAX = 64 * 1024;
// Loopback upstreams are never reached through a proxy, whatever NO_PROXY says.
const NEVER_PROXIED = '127.0.0.1,::1,localhost';

export function createTransport(deps: TransportDeps): Transport {
  const resolver = createResolver(deps);
  const proxies = proxySettings(deps);
  /** A proxy that takes the connection and does not answer is given up like one that cannot be connected to. */
  const clientFactory = (origin: URL, options: object): Dispatcher =>
    new Pool(origin, { ...options, headersTimeout: deps.connectMs });
  const make = (policy: 'public' | 'local'): Dispatcher => {
    const connector = {
      lookup: resolver.lookupFor(policy),
      timeout: deps.connectMs,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
      allowH2: false,
    };
    const options = {
      connect: buildConnector(connector),
      connectTimeout: deps.connectMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: HEADER_BYTES_MAX,
      // Both are given with each call.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    return proxies ? new EnvHttpProxyAgent({ ...options, ...proxies, clientFactory }) : new Agent(options);
  };

  let agents = { public: make('public'), local: make('local') };
  return {
    dispatcherFor: (destination) => (destination.local ? agents.local : agents.public),
    viaProxy: (destination) => proxies !== null && !isLoopback(deps.addresses, destination.origin),
    renew() {
      const old = agents;
      resolver.forget();
      agents = { public: make('public'), local: make('local') };
      // `close` lets running calls finish and then closes their sockets; a failure to close leaves nothing behind.
      void Promise.allSettled([old.public.close(), old.local.close()]);
    },
    async close() {
      await Promise.allSettled([agents.public.destroy(), agents.local.destroy()]);
    },
  };
}

/** The outbound proxy for provider traffic: the configured one, else the environment's; null for none. */
export function proxyFrom(
  configured: string | null,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  return configured ?? (env.https_proxy || env.HTTPS_PROXY || null);
}

function proxySettings(
  deps: Pick<TransportDeps, 'proxy' | 'env'>,
): { httpProxy: string; httpsProxy: string; noProxy: string } | null {
  const proxy = proxyFrom(deps.proxy, deps.env);
  if (proxy === null) return null;
  const noProxy = deps.env.no_proxy || deps.env.NO_PROXY;
  const exempt = noProxy ? `${noProxy},${NEVER_PROXIED}` : NEVER_PROXIED;
  return { httpProxy: proxy, httpsProxy: proxy, noProxy: exempt };
}

function isLoopback(addresses: AddressBook, origin: string): boolean {
  return addresses.kindOf(new URL(origin).hostname.replace(/^\[|\]$/g, '')) === 'loopback';
}
