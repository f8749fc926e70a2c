/**
 * The Pool: every account with its live health. It is the one place where health changes, by reducers from
 * `lib/resilience`; everyone else sees immutable snapshots.
 */
import type { AccountFacts, SealedAccount } from '../../lib/accounts/account.ts';
import type { AccountId } from '../../lib/base/id.ts';
import type { Clock } from '../../lib/base/time.ts';
import type { Config } from '../../lib/config.ts';
import type { WindowUses } from '../../lib/metering/limit.ts';
import { isolate } from '../../lib/resilience/breaker.ts';
import type { Failure } from '../../lib/resilience/failure.ts';
import { readHeaderLimits } from '../../lib/resilience/header-limits.ts';
import {
  afterAbandoned,
  afterDial,
  afterFailure,
  afterSuccess,
  type Health,
  newlyOut,
  WHOLE,
  withoutConnectFailures,
  withoutMark,
  withoutModel,
} from '../../lib/resilience/health.ts';
import { networkSign } from '../../lib/resilience/network.ts';
import type { Mark, Upstream } from '../../lib/routing/upstream.ts';
import type { Lease, PoolLease } from './lease.ts';
import { createNetworkWatch } from './network.ts';
import { healthEvents, type PoolEvent } from './pool-events.ts';
import { type PoolEntry, PoolMember } from './pool-member.ts';

export type { Lease } from './lease.ts';
export type { PoolEvent } from './pool-events.ts';
export type { PoolEntry } from './pool-member.ts';

export interface Pool {
  /** Replaces all accounts, keeping the health of those that stay. */
  load(entries: readonly PoolEntry[]): void;
  /** One account added, changed or (null) removed; holds from the next dial. */
  put(id: AccountId, entry: PoolEntry | null, options?: { readonly keyReplaced?: boolean }): void;
  clear(): void;
  snapshot(): readonly Upstream[];
  /** One account as it is now; null when it is gone. */
  upstream(id: AccountId): Upstream | null;
  /** Null when the account is gone, disabled, paused, quarantined, refused, full, unwell or on a ramp by now. */
  lease(id: AccountId, model: string | null, wish?: LeaseWish): Lease | null;
  /** When its ramp lets in one more such call (monotonic); null when it is not a ramp that keeps it out. */
  rampedUntilMs(id: AccountId, model: string | null, from: AccountId | null): number | null;
  /** How many calls all accounts together may have under way. */
  slots(): number;
  /**
   * Who is told that a call may go now that could not before: at this account, where one call ended, or (null)
   * anywhere. One listener, null for none.
   */
  onRoom(listener: ((id: AccountId | null) => void) | null): void;
  /** @param spoke it has just answered; false when its answer was given up meanwhile */
  succeeded(id: AccountId, model: string | null, spoke?: boolean): void;
  /** @param tookMs from the dial to the failure */
  failed(id: AccountId, model: string | null, family: string, failure: Failure, tookMs?: number): void;
  /** Response headers of any answer, and the lease that it came with: rate limits, organisation, project. */
  learn(id: AccountId, headers: Readonly<Record<string, string>>, lease?: Lease): void;
  /** A call of about this size goes there with this lease: the provider's figures do not know it yet. */
  sent(lease: Lease, tokens: number): void;
  /** A call was refused because it alone is more than the limit. @param bulk see `bulkOf` */
  tooLarge(id: AccountId, model: string, bulk: number): void;
  learnFacts(id: AccountId, facts: Partial<AccountFacts>): void;
  /** @param lasts the key may still list models: only a human's word ends it, no question to the provider */
  refuseCredential(id: AccountId, why: string, lasts: boolean): void;
  /** It is here with this very key: not deleted, not given another one since. */
  holds(account: SealedAccount): boolean;
  /** A human's pause and its end. False when it was so already. */
  isolate(id: AccountId, on: boolean): boolean;
  /** Everything that was learned; false when that was nothing. */
  clearMarks(id: AccountId): boolean;
  /** One mark; false when there is none such. */
  clearMark(id: AccountId, mark: Pick<Mark, 'kind' | 'subject'>): boolean;
  /** Everything that was learned of one model there; false when that was nothing. */
  clearModel(id: AccountId, model: string): boolean;
  /** Its key was asked about and works: a refusal that the same question had confirmed is over. False without one. */
  acceptCredential(id: AccountId): boolean;
  network(): 'ok' | 'unreachable';
  /** The same, once it is known; waits only while it is in doubt. */
  networkSettled(signal: AbortSignal): Promise<'ok' | 'unreachable'>;
  /** Our own network is down, and this account is not on this machine. */
  cutOff(id: AccountId): boolean;
  /** True once the network is back; false after `ms` or when the signal aborts. */
  networkBack(ms: number, signal: AbortSignal): Promise<boolean>;
  /** The machine slept or changed networks: what was counted before means nothing. */
  moved(): void;
  /** Health documents that changed since the last call, to be stored. */
  dirtyHealth(): readonly { readonly id: AccountId; readonly health: string; readonly facts: AccountFacts }[];
  close(): void;
}

export interface LeaseWish {
  /** The account that the call leaves for this one, because it failed there or its conversation lives there. */
  readonly from?: AccountId | null;
  /** The same call once more, after the wait that it was told. */
  readonly again?: boolean;
  /** It has waited long enough. */
  readonly pastRamp?: boolean;
}

export interface PoolDeps {
  readonly clock: Clock;
  readonly config: () => Pick<Config, 'breaker' | 'cooldown' | 'routing'>;
  /** What the account's limits count as used (`LimitBook.uses`). */
  readonly uses: (id: AccountId) => WindowUses;
  /** Whether any of these base URLs can be reached: DNS and TCP, bounded in time. */
  readonly probe: (baseUrls: readonly string[]) => Promise<boolean>;
  /** What people should hear of. */
  readonly announce: (event: PoolEvent) => void;
  /** Our own network is back: sockets of before are stale. Called before anybody dials again. */
  readonly onNetworkBack?: () => void;
  readonly networkProbeEveryMs?: number;
}

const NO_TICKETS: PoolLease['tickets'] = [];

export function createPool(deps: PoolDeps): Pool {
  const members = new Map<AccountId, PoolMember>();
  let order: readonly PoolMember[] = [];
  const network = createNetworkWatch({
    clock: deps.clock,
    remoteHosts: () =>
      new Map(order.flatMap((one) => (one.dialable && one.remote ? [[one.account.id, one.host]] : []))),
    probe: () => deps.probe(order.filter((one) => one.remote).map((one) => one.account.baseUrl)),
    onChange(state) {
      if (state === 'unreachable') for (const one of order) change(one, withoutConnectFailures(one.health));
      else deps.onNetworkBack?.();
      deps.announce({ kind: `network.${state}`, accountId: null, data: {} });
    },
    ...(deps.networkProbeEveryMs === undefined ? {} : { probeEveryMs: deps.networkProbeEveryMs }),
  });

  let onRoom: ((id: AccountId | null) => void) | null = null;
  let dialable = 0;

  function change(member: PoolMember, next: Health): void {
    const before = member.health;
    if (next === before) return;
    member.setHealth(next);
    for (const key of newlyOut(before, next)) member.ramps.wentOut(key);
    for (const event of healthEvents(member.account.id, before, next)) deps.announce(event);
  }

  function reorder(): void {
    order = [...members.values()];
    changed();
  }

  /** Something about an account was changed from outside: there may be room, or none to wait for any more. */
  function changed(): void {
    dialable = 0;
    for (const member of order) if (member.dialable) dialable++;
    onRoom?.(null);
  }

  function reached(member: PoolMember): void {
    member.met = true;
    network.reached();
  }

  /** False when there was nothing to forget. */
  function clear(id: AccountId, forget: (health: Health) => Health): boolean {
    const member = members.get(id);
    const next = member && forget(member.health);
    if (!member || !next || next === member.health) return false;
    change(member, next);
    changed();
    return true;
  }

  function released(member: PoolMember, { dialled, model }: PoolLease): void {
    if (dialled !== null) change(member, afterAbandoned(member.health, dialled, model));
    onRoom?.(member.account.id);
  }

  return {
    load(entries) {
      const staying = new Set(entries.map((entry) => entry.account.id));
      for (const [id, member] of members) {
        if (staying.has(id)) continue;
        member.revokeLeases();
        members.delete(id);
      }
      for (const entry of entries) {
        const known = members.get(entry.account.id);
        if (known) known.replace(entry, false);
        else members.set(entry.account.id, new PoolMember(entry, released));
      }
      reorder();
    },
    put(id, entry, options) {
      const known = members.get(id);
      if (!entry) {
        known?.revokeLeases();
        members.delete(id);
      } else if (known) known.replace(entry, options?.keyReplaced ?? false);
      else members.set(id, new PoolMember(entry, released));
      reorder();
    },
    clear() {
      for (const member of members.values()) member.revokeLeases();
      members.clear();
      reorder();
    },
    upstream: (id) => members.get(id)?.upstream(deps.uses(id)) ?? null,
    snapshot: () => order.map((member) => member.upstream(deps.uses(member.account.id))),
    lease(id, model, wish) {
      const member = members.get(id);
      const config = deps.config();
      if (!member?.dialable || member.inFlight >= config.routing.in_flight_per_account) return null;
      const now = deps.clock.nowMs();
      const dialled = afterDial(member.health, model, now, config, wish?.again);
      if (dialled === null) return null;
      if (dialled !== member.health) {
        change(member, dialled);
        return member.lease(model, dialled, NO_TICKETS, now);
      }
      const from = wish?.from ?? null;
      if ((from === null && !member.ramps.back) || wish?.again === true) {
        return member.lease(model, null, NO_TICKETS, now);
      }
      const monotonicMs = deps.clock.monotonicMs();
      const untilMs = member.ramps.untilMs(model, from, monotonicMs, config.routing);
      if (untilMs !== null && wish?.pastRamp !== true) return null;
      return member.lease(model, null, member.ramps.enter(model, from, monotonicMs), now);
    },
    rampedUntilMs: (id, model, from) =>
      members.get(id)?.ramps.untilMs(model, from, deps.clock.monotonicMs(), deps.config().routing) ?? null,
    slots: () => dialable * deps.config().routing.in_flight_per_account,
    onRoom(listener) {
      onRoom = listener;
    },
    succeeded(id, model, spoke = true) {
      const member = members.get(id);
      if (!member) return;
      if (member.remote && spoke) reached(member);
      const before = member.health;
      change(member, afterSuccess(before, model, deps.clock.nowMs()));
      if (member.health !== before) onRoom?.(null);
    },
    failed(id, model, family, failure, tookMs = 0) {
      const member = members.get(id);
      if (!member) return;
      const now = deps.clock.nowMs();
      const charge = (): void => {
        if (members.get(id) !== member) return;
        change(member, afterFailure(member.health, failure, model, family, now, deps.config()));
        if (failure.class === 'silence' || failure.class === 'proxy') {
          deps.announce({ kind: `account.${failure.class}`, accountId: id, data: { code: failure.code } });
        }
      };
      const sign = member.remote ? networkSign(failure, member.met) : null;
      if (sign === null && failure.status !== null && member.remote) reached(member);
      if (sign === null) charge();
      else network.failed({ account: id, sure: sign === 'sure', tookMs }, charge);
    },
    sent: (lease, tokens) => members.get(lease.account.id)?.sent(lease, tokens),
    tooLarge: (id, model, bulk) => members.get(id)?.tooLarge(model, bulk, deps.clock.nowMs()),
    learn(id, headers, lease) {
      const member = members.get(id);
      if (!member) return;
      const limits = readHeaderLimits(headers, deps.clock.nowMs());
      if (limits) member.learnLimits(limits, lease);
      member.learnAnswer(headers);
    },
    learnFacts: (id, facts) => members.get(id)?.setFacts(facts),
    refuseCredential(id, why, lasts) {
      const member = members.get(id);
      if (!member || member.credentialRefused !== null) return;
      member.refuse(why, lasts);
      changed();
      deps.announce({ kind: 'account.credential_refused', accountId: id, data: { why } });
    },
    holds(account) {
      const held = members.get(account.id)?.account;
      if (held === account) return true;
      return held !== undefined && Buffer.compare(held.sealedKey, account.sealedKey) === 0;
    },
    isolate(id, on) {
      const member = members.get(id);
      if (!member || member.paused === on) return false;
      const whole = isolate(member.health.breakers[WHOLE], on, deps.clock.nowMs());
      change(member, { ...member.health, breakers: { ...member.health.breakers, [WHOLE]: whole } });
      if (!on) member.ramps.wentOut(WHOLE);
      changed();
      return true;
    },
    clearMarks(id) {
      const cleared = members.get(id)?.clear() ?? false;
      changed();
      return cleared;
    },
    clearMark: (id, mark) => clear(id, (health) => withoutMark(health, mark)),
    clearModel: (id, model) => clear(id, (health) => withoutModel(health, model)),
    acceptCredential(id) {
      const accepted = members.get(id)?.accept() ?? false;
      if (accepted) changed();
      return accepted;
    },
    network: () => network.state(),
    networkSettled: (signal) => network.settled(signal),
    cutOff: (id) => network.state() === 'unreachable' && members.get(id)?.remote === true,
    networkBack: (ms, signal) => network.back(ms, signal),
    moved() {
      network.moved();
      for (const member of order) change(member, withoutConnectFailures(member.health));
    },
    dirtyHealth: () =>
      order
        .filter((member) => member.takeDirty())
        .map((member) => ({
          id: member.account.id,
          health: member.document(),
          facts: member.facts,
        })),
    close: () => network.close(),
  };
}
