/** What accounts, client keys, limits and this process are like now, as samples for Prometheus. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../../../lib/base/time.ts';
import { LIMIT_KINDS, LIMIT_WINDOWS } from '../../../lib/metering/limit.ts';
import type { Family, Sample } from '../../../lib/metrics/exposition.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import { isPastReset } from '../../../lib/routing/utilization.ts';
import type { AccountStateWord } from '../../../lib/wire/account-views.ts';
import type { InFlight } from '../../upstream/in-flight.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { ClientKeyring } from '../../vault/client-keyring.ts';
import { accountState } from '../accounts/account-state.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';

export interface MetricsDeps {
  readonly pool: Pick<Pool, 'snapshot' | 'network'>;
  readonly inFlight: Pick<InFlight, 'size' | 'queued'>;
  readonly keyring: Pick<ClientKeyring, 'list'>;
  readonly windows: LimitWindows;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly version: string;
  /** What calls came to. */
  readonly callFamilies: () => readonly Family[];
}

/** @param names for those who may see them */
export type Metrics = (names: boolean) => readonly Family[];

type Delay = ReturnType<typeof monitorEventLoopDelay>;
const DELAY_RESOLUTION_MS = 20;
const NANO = 1e9;

export function createMetrics(deps: MetricsDeps): Metrics {
  // Measuring costs a timer, so it begins with the first who asks.
  let delay: Delay | null = null;
  return (names) => {
    if (delay === null) {
      delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
      delay.enable();
    }
    const upstreams = deps.pool.snapshot();
    const families = [
      ...deps.callFamilies(),
      ...stateFamilies(upstreams, deps),
      ...useFamilies(upstreams, deps.clock.nowMs()),
      ...processFamilies(deps, delay),
      ...(names ? nameFamilies(upstreams, deps) : []),
    ];
    delay.reset();
    return families;
  };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: 'gauge', samples };
}

/** It serves, or would if anybody asked. */
const UP: readonly AccountStateWord[] = ['healthy', 'unused', 'near_limit'];

function stateFamilies(upstreams: readonly Upstream[], { windows, clock }: MetricsDeps): Family[] {
  const nowMs = clock.nowMs();
  const states = upstreams.map((upstream) => ({
    account: upstream.account.id,
    state: accountState(upstream, (window) => windows(nowMs, window).toMs, nowMs).word,
  }));
  return [
    gauge(
      'cam_account_up',
      'Whether the account serves, or would if it was asked.',
      states.map(({ account, state }) => ({ labels: { account }, value: UP.includes(state) ? 1 : 0 })),
    ),
    gauge(
      'cam_account_state',
      'The state that the account is in: one sample an account.',
      states.map(({ account, state }) => ({ labels: { account, state }, value: 1 })),
    ),
    gauge(
      'cam_breaker',
      'Circuit breakers that are not closed, by what they watch.',
      upstreams.flatMap(({ account, breakers }) =>
        Object.entries(breakers)
          .filter(([, { state }]) => state !== 'closed')
          .map(([watches, { state }]) => ({ labels: { account: account.id, watches, state }, value: 1 })),
      ),
    ),
    gauge(
      'cam_account_in_flight',
      'Calls under way on the account.',
      upstreams.map(({ account, inFlight }) => ({ labels: { account: account.id }, value: inFlight })),
    ),
  ];
}

function useFamilies(upstreams: readonly Upstream[], nowMs: number): Family[] {
  const remaining = upstreams.flatMap(({ account, headerLimits }) =>
    Object.entries(headerLimits).flatMap(([bucket, figure]): Sample[] =>
      figure.remaining === null || isPastReset(figure, nowMs)
        ? []
        : [{ labels: { account: account.id, bucket }, value: figure.remaining }],
    ),
  );
  const used = upstreams.flatMap(({ account, used }) =>
    LIMIT_WINDOWS.flatMap((window) =>
      LIMIT_KINDS.flatMap((kind): Sample[] => {
        const limit = account.limits[window]?.[kind];
        if (limit === undefined) return [];
        const value = limit === 0 ? 1 : used[window][kind] / limit;
        return [{ labels: { account: account.id, window, kind }, value }];
      }),
    ),
  );
  return [
    gauge(
      'cam_account_remaining',
      'What the provider said is left, until the reset that it told.',
      remaining,
    ),
    gauge('cam_limit_used_ratio', 'How much of a limit of ours is used, with what is reserved.', used),
  ];
}

function processFamilies({ inFlight, pool, version }: MetricsDeps, delay: Delay): Family[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const one = (name: string, help: string, value: number): Family =>
    gauge(name, help, [{ labels: {}, value }]);
  const delayed = (percent: number): Sample => ({
    labels: { quantile: String(percent / 100) },
    value: delay.count === 0 ? 0 : delay.percentile(percent) / NANO,
  });
  return [
    one('cam_in_flight_calls', 'Calls under way.', inFlight.size),
    one('cam_queued_calls', 'Calls that wait for an account.', inFlight.queued),
    one('cam_network_up', 'Whether this computer reaches any provider.', pool.network() === 'ok' ? 1 : 0),
    gauge('cam_event_loop_delay_seconds', 'Delay of the event loop since the last scrape.', [
      delayed(50),
      delayed(99),
    ]),
    gauge('cam_memory_bytes', 'Memory of this process.', [
      { labels: { kind: 'resident' }, value: rss },
      { labels: { kind: 'heap' }, value: heapUsed },
      { labels: { kind: 'external' }, value: external },
    ]),
    {
      name: 'process_cpu_seconds_total',
      help: 'Processor time of this process.',
      type: 'counter',
      samples: [{ labels: {}, value: (user + system) / 1e6 }],
    },
    one('process_uptime_seconds', 'Time since the start of this process.', process.uptime()),
    gauge('cam_build_info', 'The version that runs.', [{ labels: { version }, value: 1 }]),
  ];
}

function nameFamilies(upstreams: readonly Upstream[], { keyring }: MetricsDeps): Family[] {
  return [
    gauge(
      'cam_account_info',
      'Names of accounts, to be joined on their id.',
      upstreams.map(({ account }) => ({ labels: { account: account.id, name: account.name }, value: 1 })),
    ),
    gauge(
      'cam_client_info',
      'Names of client keys, to be joined on their id.',
      keyring
        .list()
        .map(({ clientKey }) => ({ labels: { client: clientKey.id, name: clientKey.name }, value: 1 })),
    ),
  ];
}
