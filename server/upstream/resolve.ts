/**
 * Name resolution for connects to providers: cached for a short while, and every answer judged before a socket
 * sees it. A name that resolves only to places where this account must not go fails here, so a re-pointed DNS
 * entry can never make us send a key into the local network.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../../lib/base/time.ts';
import type { AddressBook } from './address.ts';

export type ResolveAll = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void,
) => void;

export const systemResolve: ResolveAll = (hostname, done) => systemLookup(hostname, { all: true }, done);

/** What a refused address looks like to the code above: a connect failure with this code. */
export const EGRESS_REFUSED = 'CAM_EGRESS_REFUSED';

export interface Resolver {
  /** A lookup for `net.connect` that lets through only what the given policy allows. */
  lookupFor(policy: 'public' | 'local'): LookupFunction;
  forget(): void;
}

const CACHE_MS = 30_000;
const CACHE_MAX = 256;

export function createResolver(deps: {
  clock: Clock;
  addresses: AddressBook;
  resolve: ResolveAll;
}): Resolver {
  const cache = new Map<string, { readonly found: readonly LookupAddress[]; readonly untilMs: number }>();
  /** A look-up holds a thread: who asks for a name that is being asked for shares the answer. */
  const underWay = new Map<string, Parameters<ResolveAll>[1][]>();

  function all(hostname: string, done: Parameters<ResolveAll>[1]): void {
    const known = cache.get(hostname);
    if (known && known.untilMs > deps.clock.monotonicMs()) {
      // Never synchronously: callers expect a lookup to answer later.
      setImmediate(done, null, known.found);
      return;
    }
    const waiting = underWay.get(hostname);
    if (waiting) {
      waiting.push(done);
      return;
    }
    const asking = [done];
    underWay.set(hostname, asking);
    deps.resolve(hostname, (error, found) => {
      if (underWay.get(hostname) === asking) {
        underWay.delete(hostname);
        if (!error) {
          if (cache.size >= CACHE_MAX) cache.clear();
          cache.set(hostname, { found, untilMs: deps.clock.monotonicMs() + CACHE_MS });
        }
      }
      for (const answer of asking) answer(error, found);
    });
  }

  return {
    lookupFor(policy) {
      const allowed = (entry: LookupAddress): boolean => {
        const kind = deps.addresses.kindOf(entry.address);
        return kind === 'public' || (policy === 'local' && (kind === 'loopback' || kind === 'private'));
      };
      return (hostname, options, callback) => {
        all(hostname, (error, found) => {
          if (error) return callback(error, '', 0);
          const family =
            options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
          const usable = found.filter((entry) => allowed(entry) && (family === 0 || entry.family === family));
          const first = usable[0];
          if (!first) {
            const refused = new Error(`${hostname} resolves to an address that is not allowed`);
            return callback(Object.assign(refused, { code: EGRESS_REFUSED }), '', 0);
          }
          if (options.all) return callback(null, [...usable]);
          return callback(null, first.address, first.family);
        });
      };
    },
    forget() {
      cache.clear();
      // What is being asked in the network before is not the answer in this one.
      underWay.clear();
    },
  };
}
