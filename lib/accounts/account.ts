/**
 * An Account is one credential of the user's at a Provider: its name, where it goes, what it may serve and
 * how much. The key itself is not here: it stays sealed until `server/upstream/dial` builds a header.
 * Everything in `Account` is covered by the row MAC, because all of it grants or steers something.
 */
import type { AccountId } from '../base/id.ts';
import type { LimitSet } from '../metering/limit.ts';

export type ProviderId = 'openai' | 'openai_compatible';

export interface Account {
  readonly id: AccountId;
  /** Unique without regard to case, 1–80 characters. */
  readonly name: string;
  readonly provider: ProviderId;
  /** Origin and path prefix that `/v1/...` paths are appended to without their `/v1`; no trailing slash. */
  readonly baseUrl: string;
  /** Plain http and loopback addresses are refused unless the operator switched this on. */
  readonly allowLocal: boolean;
  /** Sent as `OpenAI-Organization`; null means the key's own default. */
  readonly organizationId: string | null;
  /** Sent as `OpenAI-Project`. */
  readonly projectId: string | null;
  /** Patterns with `*`; `!` denies and wins; empty means every model. */
  readonly models: readonly string[];
  /** Lower is preferred by the `priority` strategy. 0–1000. */
  readonly priority: number;
  /** Share taken by `round_robin`. 1–100. */
  readonly weight: number;
  readonly enabled: boolean;
  readonly limits: LimitSet;
  /** Multiplies list prices (data residency, a negotiated discount). 1 is the list price. */
  readonly priceMultiplier: number;
  readonly createdAtMs: number;
}

/** The account as the pool holds it: the key is still sealed. */
export interface SealedAccount extends Account {
  readonly sealedKey: Uint8Array;
  /** False when the row MAC does not verify: the account is quarantined and never dialled. */
  readonly intact: boolean;
}

/** What we learned of an account from answers; not steering anything by itself, so not under the MAC. */
export interface AccountFacts {
  readonly organization: string | null;
  readonly project: string | null;
  /** Model ids the key can list; null when never learned. */
  readonly modelIds: readonly string[] | null;
  readonly checkedAtMs: number | null;
}

export const ACCOUNT_NAME_MAX = 80;
export const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

/** The form in which names are compared: case and Unicode composition do not tell two accounts apart. */
export function accountNameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
