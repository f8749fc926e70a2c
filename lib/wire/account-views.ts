/**
 * How an account looks from outside: what it is, what it is doing, and what the last check of its key said.
 * Plain JSON values like all views; no key is in any of these.
 */
import type { ProviderId } from '../accounts/account.ts';
import type { LimitSet, LimitWindow } from '../metering/limit.ts';
import type { HeaderLimit, Mark } from '../routing/upstream.ts';

/** What an account is doing, in one word, with its reason. */
export type AccountStateWord =
  | 'healthy'
  | 'cooling_down'
  | 'out_of_quota'
  | 'near_limit'
  | 'limit_reached'
  | 'unwell'
  | 'paused'
  | 'credential_refused'
  | 'quarantined'
  | 'disabled'
  | 'unused';

export interface AccountStateView {
  readonly word: AccountStateWord;
  /** One sentence: what happened. */
  readonly reason: string | null;
  readonly untilMs: number | null;
}

/** What keeps calls for one model away from an account that may serve others. */
export interface ModelTroubleView extends AccountStateView {
  readonly model: string;
}

export interface LimitUseView {
  readonly window: LimitWindow;
  readonly kind: 'requests' | 'tokens' | 'cost';
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly resetsAtMs: number;
}

/** Ten minutes of an account's last four hours: null where nothing was asked of it. */
export interface HeartbeatView {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly steps: readonly ({
    readonly ok: number;
    readonly limited: number;
    readonly failed: number;
  } | null)[];
}

export interface AccountView {
  readonly id: string;
  readonly name: string;
  readonly provider: ProviderId;
  readonly baseUrl: string;
  readonly allowLocal: boolean;
  readonly organizationId: string | null;
  readonly projectId: string | null;
  readonly models: readonly string[];
  readonly priority: number;
  readonly weight: number;
  readonly enabled: boolean;
  readonly limits: LimitSet;
  readonly priceMultiplier: number;
  readonly createdAtMs: number;
  readonly keyLastFour: string | null;
  /** First 8 hex digits of the keyed fingerprint. */
  readonly keyFingerprint: string | null;
  /** 0–4: which of the five account hues identifies it. */
  readonly hue: number;
  readonly state: AccountStateView;
  readonly inFlight: number;
  readonly learned: {
    readonly organization: string | null;
    readonly project: string | null;
    readonly modelIds: readonly string[] | null;
    readonly checkedAtMs: number | null;
  };
  /** Names of other accounts in the same organisation and project: no help on 429. */
  readonly sharesLimitsWith: readonly string[];
  readonly headerLimits: Readonly<Record<string, HeaderLimit>>;
  readonly limitUse: readonly LimitUseView[];
  readonly today: {
    readonly requests: number;
    readonly tokens: number | null;
    readonly cost: number | null;
    readonly limited: number;
  };
  readonly heartbeat: HeartbeatView;
  readonly p95Ms: number | null;
  readonly marks: readonly Mark[];
  readonly modelTroubles: readonly ModelTroubleView[];
  readonly lastUsedAtMs: number | null;
}

/** `accounts.test`, and the check made by `accounts.add`. */
export interface AccountCheckView {
  readonly ok: boolean;
  /** `accepted`, `limited_scopes`, `refused`, `unreachable`, `skipped`. */
  readonly verdict: 'accepted' | 'limited_scopes' | 'refused' | 'unreachable' | 'skipped';
  /** What came back, for people. */
  readonly message: string;
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly organization: string | null;
  readonly project: string | null;
  readonly modelIds: readonly string[] | null;
  readonly headerLimits: Readonly<Record<string, HeaderLimit>>;
}

export interface AccountAddedView {
  readonly account: AccountView;
  readonly check: AccountCheckView;
  /** Things to know: a shared limit group, a guessable setting. */
  readonly notes: readonly string[];
}
