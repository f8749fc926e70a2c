/**
 * What the admin API answers: plain JSON values, shared by the dashboard, the command line and the terminal UI.
 * Times are Unix milliseconds, money is whole nano-dollars, null is unknown. No key is in any of these.
 */
import type { KeyStrength } from '../base/key-strength.ts';
import type { ClientScope } from '../clients/client-key.ts';
import type { ClientLimits, LimitUse } from '../metering/client-limits.ts';
import type { Outcome } from '../metering/ledger.ts';
import type { UnitPrices } from '../metering/price.ts';
import type { Attempt } from '../routing/attempt.ts';
import type { RoutePlan, StrategyName } from '../routing/plan.ts';
import type { HeaderLimit } from '../routing/upstream.ts';
import type { AccountStateView } from './account-views.ts';

export type VaultState = 'uninitialised' | 'locked' | 'unlocked';

/** `session.status`: the only answer that needs no sign-in; it tells nothing but this. */
export interface SessionStatusView {
  readonly vault: VaultState;
  readonly signedIn: boolean;
  /** Milliseconds until another try is allowed; 0 when one is allowed now. */
  readonly throttledMs: number;
  readonly triesLeft: number;
  readonly version: string;
}

/** The vault's keys, without any of them. */
export interface VaultView {
  readonly createdAtMs: number;
  /** When the master key was last chosen. */
  readonly keySetAtMs: number;
  /** What was found of the master key then; null when that is not known. */
  readonly keyStrength: KeyStrength | null;
  readonly dekNumber: number;
  readonly dekMadeAtMs: number;
  /** A rotation was begun and not ended yet. */
  readonly rotating: boolean;
  readonly hardness: { readonly memoryMib: number; readonly passes: number; readonly lanes: number };
  /** What a rotation has to move. */
  readonly guards: { readonly accounts: number; readonly clientKeys: number };
  /** Whether the operating system's keychain holds the master key for the next start. */
  readonly keychain: boolean;
  /** The variable that decides that; null where the file may. */
  readonly keychainDecidedBy: string | null;
}

/** `session.unlock` and `setup.initialise`. `bearer` is given only to callers that asked for one (CLI, TUI). */
export interface SignInView {
  readonly originKey: string;
  readonly bearer: string | null;
  readonly expiresAtMs: number;
}

/** `status.get`. */
export interface StatusView {
  readonly version: string;
  readonly vault: VaultState;
  /** e.g. `http://127.0.0.1:8080/v1` */
  readonly endpoint: string;
  readonly adminUrl: string;
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly pid: number;
  readonly dataFolder: string;
  readonly inFlight: number;
  /** Calls that wait for an account. */
  readonly queued: number;
  /** Calls per second over the last minute. */
  readonly callsPerSecond: number;
  readonly network: 'ok' | 'unreachable';
  readonly strategy: StrategyName;
  /** Inference calls since the start by what told their conversation (`none`: nothing did); most frequent first. */
  readonly sessionSources: readonly { readonly source: string; readonly calls: number }[];
  readonly accounts: number;
  readonly clientKeys: number;
  /** False while CAM_CLIENT_KEY or a guessable key is in use is told in clients.list; this is about the master key. */
  /** A demonstration: accounts, calls and provider are made up. */
  readonly demo: boolean;
  readonly runningInProcess: boolean;
}

export interface ClientKeyView {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly guessable: boolean;
  readonly accounts: readonly string[] | null;
  readonly models: readonly string[];
  readonly scopes: readonly ClientScope[];
  readonly limits: ClientLimits;
  /** One entry for each limit that is set. */
  readonly limitUse: readonly LimitUse[];
  /** What a call may name; null for any. */
  readonly serviceTiers: readonly string[] | null;
  readonly reasoningEfforts: readonly string[] | null;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  readonly createdAtMs: number;
  readonly intact: boolean;
  readonly lastUsedAtMs: number | null;
  readonly today: { readonly requests: number; readonly tokens: number | null; readonly cost: number | null };
}

/** `clients.add`: the only time the key is seen. */
export interface ClientKeyAddedView {
  readonly clientKey: ClientKeyView;
  readonly key: string;
}

export interface UsageView {
  readonly inputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly totalTokens: number | null;
  /** Our own count, a lower bound, or what was reserved when the server stopped: the provider told nothing. */
  readonly estimated: boolean;
  /** The provider reported figures that no honest one does; they were put right as far as that goes. */
  readonly flagged: boolean;
}

/** A row of the requests list. `outcome` null is a call under way. */
export interface RequestRowView {
  readonly id: string;
  readonly startedAtMs: number;
  readonly endpoint: string;
  readonly model: string | null;
  readonly stream: boolean;
  readonly clientName: string;
  readonly clientKeyId: string;
  readonly firstAccountId: string;
  readonly firstAccountName: string;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly outcome: Outcome | null;
  readonly status: number | null;
  readonly errorCode: string | null;
  readonly attempts: number;
  readonly usage: UsageView | null;
  readonly cost: number | null;
  /** What it counts for towards money limits where its price is unknown. */
  readonly assumedCost: number | null;
  readonly firstTokenMs: number | null;
  readonly durationMs: number | null;
  readonly overheadUs: number | null;
  readonly reasoningDropped: boolean;
}

export interface RequestListView {
  readonly rows: readonly RequestRowView[];
  /** Pass as `before` to get the next page; null at the end. */
  readonly nextBefore: string | null;
}

/** Calls that began in one step, by what became of them. */
export interface RequestBarView {
  readonly fromMs: number;
  /** By the account that was asked first. */
  readonly delivered: number;
  /** By another one. */
  readonly moved: number;
  /** Refused, failed or cut off. */
  readonly failed: number;
  /** Left by their clients. */
  readonly left: number;
  readonly running: number;
}

export interface RequestHistogramView {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly bars: readonly RequestBarView[];
}

/** A settled call as `cam simulate` replays it: what was asked, and what became of it. */
export interface RecordedCallView {
  readonly id: string;
  readonly startedAtMs: number;
  readonly endpoint: string;
  readonly model: string | null;
  readonly clientKeyId: string;
  readonly sessionHash: string | null;
  readonly parentHash: string | null;
  readonly requestBytes: number;
  readonly accountId: string | null;
  readonly outcome: Outcome;
  readonly attempts: number;
  readonly inputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly outputTokens: number | null;
  readonly cost: number | null;
  readonly durationMs: number | null;
}

export interface RecordedCallsView {
  /** Oldest first. */
  readonly rows: readonly RecordedCallView[];
  /** Pass as `after` to get the next page; null at the end. */
  readonly nextAfter: { readonly startedAtMs: number; readonly id: string } | null;
}

export interface RequestView extends RequestRowView {
  /** What the client was told, of a call that was refused before any account was asked; null of others. */
  readonly errorMessage: string | null;
  readonly userAgent: string | null;
  readonly requestBytes: number;
  readonly responseBytes: number | null;
  readonly sessionHash: string | null;
  readonly parentHash: string | null;
  /** The header or field that told the conversation, `prefix`, or `none`; null while the call is under way. */
  readonly sessionSource: string | null;
  /** The name of the account where the conversation lived; null when it had no home. */
  readonly homeName: string | null;
  readonly serviceTier: string | null;
  readonly servedModel: string | null;
  readonly prices: UnitPrices | null;
  readonly plan: RoutePlan | null;
  readonly attemptList: readonly Attempt[];
  /** What it said and was answered is kept, sealed, for a while: `requests.bodies`. */
  readonly captured: boolean;
}

export type RangeName = '1h' | '24h' | '7d' | '30d';

export interface FigureTotals {
  readonly requests: number;
  readonly delivered: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly limited: number;
  readonly movedCalls: number;
  readonly inputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly outputTokens: number | null;
  readonly totalTokens: number | null;
  readonly cost: number | null;
  /** Calls whose cost is not in `cost` because it is unknown. */
  readonly unknownCostCalls: number;
  /** Calls whose tokens and cost are estimates, in these sums as they are. */
  readonly estimatedCalls: number;
  /** What the cached tokens would have cost at the full input price, less what they did. */
  readonly cacheSaved: number | null;
  readonly firstTokenP50Ms: number | null;
  readonly firstTokenP95Ms: number | null;
  readonly overheadP50Us: number | null;
}

export interface SeriesBucket {
  readonly fromMs: number;
  readonly byAccount: readonly {
    readonly accountId: string;
    readonly requests: number;
    readonly tokens: number | null;
    readonly cost: number | null;
  }[];
  readonly limited: number;
  readonly firstTokenP95Ms: number | null;
  readonly cachedShare: number | null;
}

/** `usage.summary`. Calls under way are in `inFlight` only. */
export interface UsageSummaryView {
  readonly range: RangeName;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly timeZone: string;
  readonly totals: FigureTotals;
  readonly today: { readonly cost: number | null; readonly limit: number | null };
  readonly month: { readonly cost: number | null; readonly limit: number | null };
  readonly series: readonly SeriesBucket[];
  readonly accounts: readonly { readonly id: string; readonly name: string; readonly hue: number }[];
}

/** Something that happened, for the attention strip and later for alerts. */
export interface EventView {
  readonly id: number;
  readonly atMs: number;
  readonly kind: string;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly requestId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One tick of `live.watch`, at most one a second: enough to keep every page fresh without polling. */
export interface LiveTick {
  readonly nowMs: number;
  readonly vault: VaultState;
  readonly inFlight: number;
  /** Calls that wait for an account. */
  readonly queued: number;
  readonly callsPerSecond: number;
  readonly network: 'ok' | 'unreachable';
  /** Changes when accounts, client keys or settings changed: reload those lists. */
  readonly revision: number;
  /** Calls under way and those that ended since the last tick, newest first, at most 50. */
  readonly calls: readonly RequestRowView[];
  readonly accountStates: readonly {
    readonly id: string;
    readonly state: AccountStateView;
    readonly inFlight: number;
    readonly headerLimits: Readonly<Record<string, HeaderLimit>>;
  }[];
}
