/**
 * Is it them, or is it us? When no account can be connected to, the cable, the Wi-Fi or the resolver of this
 * machine is the likelier cause, and then nobody's breaker may count it. This watches connect failures, says
 * when they add up to "our own network", and probes (DNS and TCP) until it is back.
 *
 * Loopback accounts say nothing about the network.
 */
import type { AccountId } from '../../lib/base/id.ts';
import type { Clock } from '../../lib/base/time.ts';
import {
  isNetworkCode,
  NETWORK_FINE,
  onConnectFailure,
  onNothingReached,
  onReached,
  type RemoteHosts,
} from '../../lib/resilience/network.ts';

export interface NetworkWatch {
  /** A connect failure; `code` as the dial reports it. True when it must not be held against the account. */
  connectFailed(account: AccountId, code: string): boolean;
  /** A remote account was connected to, or the machine woke up and old failures mean nothing. */
  reached(): void;
  state(): 'ok' | 'unreachable';
  /** Resolves with true once it is reachable again, with false after `ms` or when the signal aborts. */
  back(ms: number, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

export interface NetworkWatchDeps {
  readonly clock: Clock;
  /** Remote accounts (not loopback) that could be dialled now: one failing of one is enough. */
  readonly remoteHosts: () => RemoteHosts;
  /** One DNS look-up and TCP connect to a provider's origin, bounded in time. */
  readonly probe: () => Promise<boolean>;
  readonly onChange: (state: 'ok' | 'unreachable') => void;
  readonly probeEveryMs?: number;
}

const PROBE_EVERY_MS = 2_000;

export function createNetworkWatch(deps: NetworkWatchDeps): NetworkWatch {
  let network = NETWORK_FINE;
  const waiters = new Set<() => void>();
  let timer: NodeJS.Timeout | null = null;
  let probing = false;

  const isDown = (): boolean => network.downSinceMs !== null;

  function become(next: typeof network): void {
    const was = isDown();
    network = next;
    if (isDown() === was) return;
    if (was) {
      if (timer) clearInterval(timer);
      timer = null;
      for (const wake of [...waiters]) wake();
    } else {
      timer = setInterval(probe, deps.probeEveryMs ?? PROBE_EVERY_MS);
      timer.unref();
    }
    deps.onChange(was ? 'ok' : 'unreachable');
  }

  function probe(): void {
    if (probing) return;
    probing = true;
    deps.probe().then(
      (reachable) => {
        probing = false;
        if (!reachable) become(onNothingReached(network, deps.clock.monotonicMs()));
        // Of a suspicion that was wrong the failures stay: they are some provider's.
        else if (isDown()) become(onReached(network));
      },
      () => {
        probing = false;
      },
    );
  }

  return {
    connectFailed(account, code) {
      const remote = deps.remoteHosts();
      if (isNetworkCode(code) && remote.has(account)) {
        become(onConnectFailure(network, account, remote, deps.clock.monotonicMs()));
        if (network.suspected) probe();
      }
      return isDown();
    },
    reached: () => become(onReached(network)),
    state: () => (isDown() ? 'unreachable' : 'ok'),
    back(ms, signal) {
      if (!isDown()) return Promise.resolve(true);
      if (signal.aborted || ms <= 0) return Promise.resolve(false);
      return new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timeout);
          signal.removeEventListener('abort', finish);
          waiters.delete(finish);
          resolve(!isDown() && !signal.aborted);
        };
        const timeout = setTimeout(finish, ms);
        signal.addEventListener('abort', finish, { once: true });
        waiters.add(finish);
      });
    },
    close() {
      if (timer) clearInterval(timer);
      for (const wake of [...waiters]) wake();
    },
  };
}
