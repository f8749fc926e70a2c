/** One account in the pool: what it is, how it is, and who holds it right now. Only the pool changes it. */
import type { AccountFacts, SealedAccount } from '../../lib/accounts/account.ts';
import type { WindowUses } from '../../lib/metering/limit.ts';
import { type Health, WELL, WHOLE } from '../../lib/resilience/health.ts';
import { giveBack, Ramps, type RampTicket } from '../../lib/resilience/ramps.ts';
import {
  type Rooms,
  withFigures,
  withoutTooLarge,
  withSent,
  withTooLarge,
} from '../../lib/routing/model-room.ts';
import type { HeaderLimit, Upstream } from '../../lib/routing/upstream.ts';
import { readHealth, writeHealth } from './health-document.ts';
import { type Lease, PoolLease } from './lease.ts';

export interface PoolEntry {
  readonly account: SealedAccount;
  readonly facts: AccountFacts;
  /** The stored health document, as the pool gave it; null for none. */
  readonly health: string | null;
}

const MODEL_IDS_MAX = 5_000;
const OWNER_LENGTH_MAX = 200;

export class PoolMember {
  account: SealedAccount;
  facts: AccountFacts;
  health: Health;
  credentialRefused: string | null;
  #refusalLasts: boolean;
  /** Where it is. */
  host: string;
  /** Elsewhere than on this machine, so that reaching it says something about the network. */
  remote: boolean;
  /** Its host has answered with this account before: what keeps it away now is less likely a wrong setting. */
  met: boolean;
  #headerLimits: Readonly<Record<string, HeaderLimit>>;
  #rooms: Rooms = {};
  #lastUsedAtMs: number | null;
  readonly #leases = new Set<PoolLease>();
  #dirty = false;
  #frozen: Upstream | null = null;
  readonly ramps = new Ramps();
  readonly #onReleased: (member: PoolMember, lease: PoolLease) => void;
  readonly #ended = (lease: PoolLease): void => {
    this.#leases.delete(lease);
    this.#frozen = null;
    giveBack(lease.tickets);
    this.#onReleased(this, lease);
  };

  constructor(entry: PoolEntry, onReleased: (member: PoolMember, lease: PoolLease) => void) {
    this.#onReleased = onReleased;
    this.account = entry.account;
    this.facts = entry.facts;
    const known = readHealth(entry.health);
    this.health = known.health;
    this.credentialRefused = known.credentialRefused;
    this.#refusalLasts = known.refusalLasts;
    this.#headerLimits = known.headerLimits;
    this.#lastUsedAtMs = known.lastUsedAtMs;
    this.host = hostOf(entry.account);
    this.remote = isRemote(this.host);
    this.met = hasAnswered(entry.facts);
  }

  get inFlight(): number {
    return this.#leases.size;
  }

  get dialable(): boolean {
    return this.account.enabled && this.account.intact && this.credentialRefused === null && !this.paused;
  }

  /** By a human. */
  get paused(): boolean {
    return this.health.breakers[WHOLE]?.state === 'isolated';
  }

  /** @param dialled the health that this dial makes, when it is a probe */
  lease(
    model: string | null,
    dialled: Health | null,
    tickets: readonly RampTicket[],
    nowMs: number,
  ): PoolLease {
    const lease = new PoolLease(this.account, model, dialled, tickets, this.#ended);
    this.#leases.add(lease);
    this.#lastUsedAtMs = nowMs;
    this.#changed();
    return lease;
  }

  revokeLeases(): void {
    for (const lease of this.#leases) lease.revoke();
  }

  /** The operator changed it. A new key, or switching it on again, is a new start. */
  replace(entry: PoolEntry, keyReplaced: boolean): void {
    const switchedOn = entry.account.enabled && !this.account.enabled;
    if (keyReplaced || !entry.account.enabled || !entry.account.intact) this.revokeLeases();
    this.account = entry.account;
    this.facts = entry.facts;
    const host = hostOf(entry.account);
    if (host !== this.host) this.met = false;
    this.host = host;
    this.remote = isRemote(this.host);
    if (keyReplaced || switchedOn) this.credentialRefused = null;
    if (switchedOn) this.ramps.wentOut(WHOLE);
    if (keyReplaced) {
      this.health = this.#onlyThePause();
      this.#headerLimits = {};
      this.#rooms = {};
    }
    this.#changed();
  }

  setHealth(health: Health): void {
    this.health = health;
    this.#changed();
  }

  /** Cleared by hand: everything inferred, told or learned; a human's own pause stays. False when nothing was. */
  clear(): boolean {
    const kept = this.#onlyThePause();
    const rooms = withoutTooLarge(this.#rooms);
    if (this.credentialRefused === null && isSame(this.health, kept) && rooms === this.#rooms) return false;
    this.#rooms = rooms;
    this.health = kept;
    this.credentialRefused = null;
    this.#changed();
    return true;
  }

  #onlyThePause(): Health {
    const whole = this.health.breakers[WHOLE];
    return whole?.state === 'isolated' ? { ...WELL, breakers: { [WHOLE]: whole } } : WELL;
  }

  refuse(why: string, lasts: boolean): void {
    this.credentialRefused = why;
    this.#refusalLasts = lasts;
    this.#changed();
  }

  /** The key works. False when it was not refused, or for a reason that this does not disprove. */
  accept(): boolean {
    if (this.credentialRefused === null || this.#refusalLasts) return false;
    this.credentialRefused = null;
    this.#changed();
    return true;
  }

  learnLimits(limits: Readonly<Record<string, HeaderLimit>>, lease?: Lease): void {
    this.#headerLimits = { ...this.#headerLimits, ...limits };
    if (lease && lease.model !== null && lease.place !== null)
      this.#rooms = withFigures(this.#rooms, lease.model, limits, lease.place);
    this.#changed();
  }

  sent(lease: Lease, tokens: number): void {
    if (lease.model === null) return;
    this.#rooms = withSent(this.#rooms, lease.model, tokens);
    lease.place = this.#rooms[lease.model]?.sent ?? null;
    this.#frozen = null;
  }

  tooLarge(model: string, bulk: number, nowMs: number): void {
    this.#rooms = withTooLarge(this.#rooms, model, bulk, nowMs);
    this.#frozen = null;
  }

  setFacts(facts: Partial<AccountFacts>): void {
    this.facts = { ...this.facts, ...facts };
    if (this.facts.modelIds && this.facts.modelIds.length > MODEL_IDS_MAX) {
      this.facts = { ...this.facts, modelIds: this.facts.modelIds.slice(0, MODEL_IDS_MAX) };
    }
    this.#changed();
  }

  /** @param headers of an answer; without any there was none */
  learnAnswer(headers: Readonly<Record<string, string>>): void {
    if (isEmpty(headers)) return;
    this.met = true;
    const organization = headers['openai-organization'] ?? null;
    const project = headers['openai-project'] ?? null;
    const changed =
      (organization !== null && organization !== this.facts.organization) ||
      (project !== null && project !== this.facts.project);
    if (!changed) return;
    this.setFacts({
      organization: organization?.slice(0, OWNER_LENGTH_MAX) ?? this.facts.organization,
      project: project?.slice(0, OWNER_LENGTH_MAX) ?? this.facts.project,
    });
  }

  upstream(used: WindowUses): Upstream {
    if (this.#frozen?.used === used) return this.#frozen;
    this.#frozen = {
      account: this.account,
      facts: this.facts,
      intact: this.account.intact,
      credentialRefused: this.credentialRefused,
      breakers: this.health.breakers,
      cooldowns: this.health.cooldowns,
      marks: this.health.marks,
      inFlight: this.#leases.size,
      headerLimits: this.#headerLimits,
      rooms: this.#rooms,
      used,
      lastUsedAtMs: this.#lastUsedAtMs,
    };
    return this.#frozen;
  }

  document(): string {
    return writeHealth({
      health: this.health,
      credentialRefused: this.credentialRefused,
      refusalLasts: this.credentialRefused !== null && this.#refusalLasts,
      headerLimits: this.#headerLimits,
      lastUsedAtMs: this.#lastUsedAtMs,
    });
  }

  #changed(): void {
    this.#dirty = true;
    this.#frozen = null;
  }

  /** True when it changed since the last time this was asked. */
  takeDirty(): boolean {
    const dirty = this.#dirty;
    this.#dirty = false;
    return dirty;
  }
}

function isSame(a: Health, b: Health): boolean {
  const size = ({ breakers, cooldowns, marks }: Health): number =>
    Object.keys(breakers).length + Object.keys(cooldowns).length + marks.length;
  return size(a) === size(b) && a.breakers[WHOLE] === b.breakers[WHOLE];
}

function isEmpty(headers: Readonly<Record<string, string>>): boolean {
  for (const _name in headers) return false;
  return true;
}

const LOOPBACK_HOST = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/** All of it is learned from answers. */
function hasAnswered({ organization, project, modelIds, checkedAtMs }: AccountFacts): boolean {
  return (organization ?? project ?? modelIds ?? checkedAtMs) !== null;
}

function hostOf({ baseUrl }: Pick<SealedAccount, 'baseUrl'>): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).hostname : '';
}

function isRemote(host: string): boolean {
  return host !== '' && !LOOPBACK_HOST.test(host);
}
