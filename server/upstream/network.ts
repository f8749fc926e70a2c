/**
 * Is it them, or is it us? When no account can be connected to, the cable, the Wi-Fi or the resolver of this
 * machine is the likelier cause, and then nobody's breaker may count it. This watches failures that a missing
 * network can cause, says when they add up to "our own network", and probes until it is back.
 *
 * Such a failure is kept back until it is known whose it is, mostly for as long as a handshake takes: so no breaker
 * opens, even for a moment, because of us. Loopback accounts say nothing about the network.
 */
import type { Clock } from '../../lib/base/time.ts';
import {
  NETWORK_FINE,
  type NetworkFailure,
  onCleared,
  onMoved,
  onNetworkFailure,
  onNothingReached,
  onReached,
  type RemoteHosts,
} from '../../lib/resilience/network.ts';

export interface NetworkWatch {
  /** `charge` is called once it is known that the failure is the provider's, and never when it is ours. */
  failed(failure: NetworkFailure, charge: () => void): void;
  /** A remote account has just answered. */
  reached(): void;
  /** The machine woke up or changed networks: what was counted, and what is still to fail, means nothing. */
  moved(): void;
  state(): 'ok' | 'unreachable';
  /** The same, once a suspicion that there may be is settled or the signal aborts. */
  settled(signal: AbortSignal): Promise<'ok' | 'unreachable'>;
  /** Resolves with true once it is reachable again, with false after `ms` or when the signal aborts. */
  back(ms: number, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

export interface NetworkWatchDeps {
  readonly clock: Clock;
  /** Remote accounts (not loopback) that could be dialled now: one failing of one is enough. */
  readonly remoteHosts: () => RemoteHosts;
  /** Whether any provider's origin can be connected to, bounded in time. */
  readonly probe: () => Promise<boolean>;
  readonly onChange: (state: 'ok' | 'unreachable') => void;
  readonly probeEveryMs?: number;
}

const PROBE_EVERY_MS = 2_000;
/** While it is down a probe may be without an answer for longer than the next one waits. */
const PROBES_AT_ONCE = 3;
/** A provider that fails again and again is not asked more often than this. */
const DOUBT_EVERY_MS = 1_000;
/** A probe that gave no answer by then will give none. */
const SETTLED_MAX_MS = 8_000;
/** Far more than any breaker needs. */
const KEPT_BACK_MAX = 256;

export function createNetworkWatch(deps: NetworkWatchDeps): NetworkWatch {
  const { clock } = deps;
  let network = NETWORK_FINE;
  let keptBack: (() => void)[] = [];
  /** Look, each time that something has changed, whether their wait is over. */
  const waiters = new Set<() => void>();
  let everyTimer: NodeJS.Timeout | null = null;
  let doubtTimer: NodeJS.Timeout | null = null;
  let closed = false;
  let probing = 0;
  let probedMs = Number.NEGATIVE_INFINITY;
  /** A connection that was made before this may be dead for a reason of ours. */
  let sinceMs = Number.NEGATIVE_INFINITY;

  const isDown = (): boolean => network.downSinceMs !== null;

  function become(next: typeof network): void {
    const was = isDown();
    const before = network;
    network = next;
    if (isDown() !== was) {
      if (isDown()) {
        keptBack = [];
        everyTimer = setInterval(
          () => probing < PROBES_AT_ONCE && probe(),
          deps.probeEveryMs ?? PROBE_EVERY_MS,
        );
        everyTimer.unref();
      } else {
        if (everyTimer) clearInterval(everyTimer);
        everyTimer = null;
        sinceMs = clock.monotonicMs();
      }
      deps.onChange(isDown() ? 'unreachable' : 'ok');
    }
    if (isDown() !== was || before.suspected !== next.suspected) for (const look of [...waiters]) look();
  }

  function probe(): void {
    probing++;
    probedMs = clock.monotonicMs();
    const found = (reachable: boolean): void => {
      probing--;
      if (reachable) {
        become(isDown() ? onReached(network) : onCleared(network));
        chargeAll();
      } else if (probing === 0 && !isDown()) {
        become(onNothingReached(network, clock.monotonicMs()));
        // Where too few have failed to call it down, nobody is blamed either: nothing else can be reached.
        keptBack = [];
      }
    };
    deps.probe().then(found, () => found(false));
  }

  /** Whose it is has to be found out: now, or soon if that was asked a moment ago. */
  function lookInto(): void {
    if (probing > 0 || doubtTimer !== null) return;
    const waitMs = probedMs + DOUBT_EVERY_MS - clock.monotonicMs();
    if (waitMs <= 0) {
      probe();
      return;
    }
    doubtTimer = setTimeout(() => {
      doubtTimer = null;
      if (probing === 0) probe();
    }, waitMs);
    doubtTimer.unref();
  }

  function chargeAll(): void {
    if (keptBack.length === 0) return;
    const charges = keptBack;
    keptBack = [];
    for (const charge of charges) charge();
  }

  /** Until `still` is false, `ms` have passed or the signal aborts. */
  function wait(still: () => boolean, ms: number, signal: AbortSignal): Promise<void> {
    if (!still() || ms <= 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timeout);
        signal.removeEventListener('abort', finish);
        waiters.delete(look);
        resolve();
      };
      const look = (): void => {
        if (closed || !still()) finish();
      };
      const timeout = setTimeout(finish, ms);
      signal.addEventListener('abort', finish, { once: true });
      waiters.add(look);
    });
  }

  return {
    failed(failure, charge) {
      const nowMs = clock.monotonicMs();
      if (nowMs - failure.tookMs < sinceMs) return;
      const remote = deps.remoteHosts();
      if (!remote.has(failure.account)) {
        charge();
        return;
      }
      become(onNetworkFailure(network, failure, remote, nowMs));
      if (isDown()) return;
      if (keptBack.length < KEPT_BACK_MAX) keptBack.push(charge);
      lookInto();
    },
    reached() {
      // While it is down only a probe says that it is back: an answer may have been on its way before.
      if (isDown()) {
        lookInto();
        return;
      }
      become(onReached(network));
      chargeAll();
    },
    moved() {
      sinceMs = clock.monotonicMs();
      keptBack = [];
      if (deps.remoteHosts().size === 0) return;
      become(onMoved(network));
      if (probing < PROBES_AT_ONCE) probe();
    },
    state: () => (isDown() ? 'unreachable' : 'ok'),
    async settled(signal) {
      await wait(() => network.suspected, SETTLED_MAX_MS, signal);
      return isDown() ? 'unreachable' : 'ok';
    },
    async back(ms, signal) {
      await wait(isDown, ms, signal);
      return !isDown() && !signal.aborted;
    },
    close() {
      closed = true;
      if (everyTimer) clearInterval(everyTimer);
      if (doubtTimer) clearTimeout(doubtTimer);
      for (const look of [...waiters]) look();
    },
  };
}
