/**
 * The live stream: one small picture a second for each page that watches, and nothing when none does. It reads
 * memory only, so a page left open costs the calls under way nothing.
 */
import { type Clock, SECOND_MS } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { LiveTick } from '../../../lib/wire/views.ts';
import type { InFlight } from '../../upstream/in-flight.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { Vault } from '../../vault/vault.ts';
import { accountState } from '../accounts/account-state.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';
import { endedRow, type NameOf, runningRow } from './call-rows.ts';
import type { Changes } from './changes.ts';

const CALLS_MAX = 50;
const WATCHERS_MAX = 64;
/** Past the end of any count: asks only where the count stands. */
const NOTHING_YET = Number.MAX_SAFE_INTEGER;

export interface WatchDeps {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly vault: Pick<Vault, 'state'>;
  readonly pool: Pick<Pool, 'snapshot' | 'network'>;
  readonly inFlight: Pick<InFlight, 'size' | 'queued' | 'list' | 'endedSince' | 'perSecond'>;
  readonly windows: LimitWindows;
  readonly changes: Pick<Changes, 'revision'>;
  /** Resolves after this time, or at once when the signal is aborted. Never rejects. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export function createWatch(deps: WatchDeps): (signal: AbortSignal) => AsyncGenerator<LiveTick> {
  let watchers = 0;
  return async function* watch(signal) {
    if (watchers >= WATCHERS_MAX)
      throw new CamError('too_many_in_flight', 'Too many pages are watching already.');
    watchers += 1;
    try {
      let { mark } = deps.inFlight.endedSince(NOTHING_YET);
      while (!signal.aborted) {
        const { tick, mark: next } = takeTick(deps, mark);
        mark = next;
        yield tick;
        await deps.pause(SECOND_MS, signal);
      }
    } finally {
      watchers -= 1;
    }
  };
}

function takeTick(deps: WatchDeps, since: number): { tick: LiveTick; mark: number } {
  const nowMs = deps.clock.nowMs();
  const upstreams = deps.pool.snapshot();
  const names = new Map<string, string>(upstreams.map(({ account }) => [account.id, account.name]));
  const nameOf: NameOf = (id) => names.get(id) ?? id;
  const { mark, ended } = deps.inFlight.endedSince(since);
  const calls = [
    ...deps.inFlight.list().map((call) => runningRow(call, nameOf)),
    ...ended.map((one) => endedRow(one, nameOf)),
  ]
    .sort((a, b) => b.startedAtMs - a.startedAtMs)
    .slice(0, CALLS_MAX);
  const tick: LiveTick = {
    nowMs,
    vault: deps.vault.state(),
    inFlight: deps.inFlight.size,
    queued: deps.inFlight.queued,
    callsPerSecond: deps.inFlight.perSecond(),
    network: deps.pool.network(),
    revision: deps.changes.revision,
    calls,
    accountStates: upstreams.map((upstream) => ({
      id: upstream.account.id,
      state: accountState(upstream, (window) => deps.windows(nowMs, window).toMs, nowMs),
      inFlight: upstream.inFlight,
      headerLimits: upstream.headerLimits,
    })),
  };
  return { tick, mark };
}
