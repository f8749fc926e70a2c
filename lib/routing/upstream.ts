/**
 * An Upstream is an Account with its live health, frozen at one moment: what a RoutePlan is computed from.
 */
import type { Account, AccountFacts } from '../accounts/account.ts';
import type { WindowUses } from '../metering/limit.ts';
import type { BreakerState } from '../resilience/breaker.ts';
import type { Cooldown } from '../resilience/cooldown.ts';
import type { HeaderLimit } from './header-limit.ts';
import type { Rooms } from './model-room.ts';

export type { HeaderLimit } from './header-limit.ts';

/** Something learned about (account, model) or (account, endpoint family), with its expiry. */
export interface Mark {
  readonly kind: 'model' | 'family';
  readonly subject: string;
  readonly reason: string;
  readonly untilMs: number;
}

export interface Upstream {
  readonly account: Account;
  readonly facts: AccountFacts;
  readonly intact: boolean;
  /** Set when the credential was refused and confirmed refused; cleared by replacing the key or enabling. */
  readonly credentialRefused: string | null;
  /** Breakers by model; the empty string is the account as a whole. */
  readonly breakers: Readonly<Record<string, BreakerState>>;
  /** Cooldowns by model; the empty string is the account as a whole. */
  readonly cooldowns: Readonly<Record<string, Cooldown>>;
  readonly marks: readonly Mark[];
  readonly inFlight: number;
  /** By bucket name: `requests`, `tokens`, `project-tokens`, … */
  readonly headerLimits: Readonly<Record<string, HeaderLimit>>;
  /** What the provider's limits leave, by model; absent when it told nothing of any. */
  readonly rooms?: Rooms;
  readonly used: WindowUses;
  readonly lastUsedAtMs: number | null;
}
