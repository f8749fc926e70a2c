/**
 * One account of a simulation: what it is, how it is, and what it has used. The simulation's counterpart of
 * `server/upstream/pool-member.ts` (health, leases, header limits) and of `server/db/limit-book.ts` (the account's
 * own limits); every change of health is made by the reducers of `lib/resilience`.
 */
import type { Account, AccountFacts } from '../../accounts/account.ts';
import { nanoDollars } from '../../base/money.ts';
import type { Call } from '../../calls/call.ts';
import {
  type ExceededLimit,
  firstExceeded,
  LIMIT_WINDOWS,
  type LimitWindow,
  type ReservationAmounts,
  type WindowUse,
  type WindowUses,
} from '../../metering/limit.ts';
import type { WindowBounds } from '../../metering/window.ts';
import { readHeaderLimits } from '../../resilience/header-limits.ts';
import { type Health, newlyOut, WELL } from '../../resilience/health.ts';
import { Ramps } from '../../resilience/ramps.ts';
import { bulkOf, type Rooms, type Sent, withFigures, withSent, withTooLarge } from '../model-room.ts';
import type { HeaderLimit, Upstream } from '../upstream.ts';

export type Windows = (nowMs: number, window: LimitWindow) => WindowBounds;

const NOTHING: WindowUse = { requests: 0, tokens: 0, cost: nanoDollars(0) };

/** What a call holds of an account's limits, and since when: it belongs to the windows of that moment. */
export interface Hold {
  readonly amounts: ReservationAmounts;
  readonly sinceMs: number;
}

export class Member {
  readonly account: Account;
  readonly ramps = new Ramps();
  readonly #windows: Windows;
  health: Health = WELL;
  credentialRefused: string | null = null;
  #facts: AccountFacts = { organization: null, project: null, modelIds: null, checkedAtMs: null };
  #headerLimits: Readonly<Record<string, HeaderLimit>> = {};
  #rooms: Rooms = {};
  #inFlight = 0;
  #lastUsedAtMs: number | null = null;
  #used: WindowUses = { day: NOTHING, month: NOTHING };
  #fromMs: Record<LimitWindow, number> = { day: Number.NEGATIVE_INFINITY, month: Number.NEGATIVE_INFINITY };
  #frozen: Upstream | null = null;

  constructor(account: Account, windows: Windows) {
    this.account = account;
    this.#windows = windows;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  setHealth(health: Health): void {
    if (health === this.health) return;
    for (const key of newlyOut(this.health, health)) this.ramps.wentOut(key);
    this.health = health;
    this.#frozen = null;
  }

  refuse(why: string): void {
    this.credentialRefused = why;
    this.#frozen = null;
  }

  /** A person has put in another key: a new start. */
  replaceKey(): void {
    this.credentialRefused = null;
    this.health = WELL;
    this.#headerLimits = {};
    this.#rooms = {};
    this.#frozen = null;
  }

  lease(nowMs: number): void {
    this.#inFlight++;
    this.#lastUsedAtMs = nowMs;
    this.#frozen = null;
  }

  release(): void {
    this.#inFlight--;
    this.#frozen = null;
  }

  /** A call of about this size is on its way: answers which of all that were sent it is. */
  sent(model: string, tokens: number): Sent | null {
    this.#rooms = withSent(this.#rooms, model, tokens);
    this.#frozen = null;
    return this.#rooms[model]?.sent ?? null;
  }

  /** A call was refused because it alone is more than the limit. */
  tooLarge(call: Pick<Call, 'model' | 'bodyBytes' | 'facts'>, nowMs: number): void {
    if (call.model === null) return;
    this.#rooms = withTooLarge(this.#rooms, call.model, bulkOf(call), nowMs);
    this.#frozen = null;
  }

  learn(
    headers: Readonly<Record<string, string>>,
    { model, place }: { readonly model: string | null; readonly place: Sent | null },
    nowMs: number,
  ): void {
    const limits = readHeaderLimits(headers, nowMs);
    if (limits !== null) this.#headerLimits = { ...this.#headerLimits, ...limits };
    if (limits !== null && model !== null && place !== null)
      this.#rooms = withFigures(this.#rooms, model, limits, place);
    const organization = headers['openai-organization'] ?? this.#facts.organization;
    const project = headers['openai-project'] ?? this.#facts.project;
    if (organization !== this.#facts.organization || project !== this.#facts.project)
      this.#facts = { ...this.#facts, organization, project };
    this.#frozen = null;
  }

  /** Null when the account's own limits allow it, and then it is held. */
  hold({ amounts, sinceMs }: Hold, nowMs: number): ExceededLimit | null {
    this.#turn(nowMs);
    const exceeded = firstExceeded(this.account.limits, this.#used, amounts);
    if (exceeded === null) this.#add(amounts, 1, sinceMs);
    return exceeded;
  }

  /** The hold is let go of, and what was really used takes its place; null counts nothing. */
  settle({ amounts, sinceMs }: Hold, actual: ReservationAmounts | null, nowMs: number): void {
    this.#turn(nowMs);
    this.#add(amounts, -1, sinceMs);
    if (actual !== null) this.#add(actual, 1, sinceMs);
  }

  upstream(nowMs: number): Upstream {
    this.#turn(nowMs);
    this.#frozen ??= {
      account: this.account,
      facts: this.#facts,
      intact: true,
      credentialRefused: this.credentialRefused,
      breakers: this.health.breakers,
      cooldowns: this.health.cooldowns,
      marks: this.health.marks,
      inFlight: this.#inFlight,
      headerLimits: this.#headerLimits,
      rooms: this.#rooms,
      used: this.#used,
      lastUsedAtMs: this.#lastUsedAtMs,
    };
    return this.#frozen;
  }

  /** Nothing was used in a window that has only now begun. */
  #turn(nowMs: number): void {
    for (const window of LIMIT_WINDOWS) {
      const { fromMs } = this.#windows(nowMs, window);
      if (fromMs === this.#fromMs[window]) continue;
      this.#fromMs[window] = fromMs;
      this.#used = { ...this.#used, [window]: NOTHING };
      this.#frozen = null;
    }
  }

  #add(amounts: ReservationAmounts, sign: 1 | -1, sinceMs: number): void {
    for (const window of LIMIT_WINDOWS) {
      if (sinceMs < this.#fromMs[window]) continue;
      const { requests, tokens, cost } = this.#used[window];
      const next: WindowUse = {
        requests: requests + sign * amounts.requests,
        tokens: tokens + sign * amounts.tokens,
        cost: nanoDollars(cost + sign * amounts.cost),
      };
      this.#used = { ...this.#used, [window]: next };
    }
    this.#frozen = null;
  }
}
