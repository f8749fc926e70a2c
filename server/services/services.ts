/**
 * Everything an operator may do, by noun and verb: what the admin router calls and nothing else. Each verb is
 * a file of its own under `server/services/<noun>/`; `create-services.ts` hands each exactly what it needs.
 */

import type { Actor } from '../../lib/audit/actor.ts';
import type { StrengthView } from '../../lib/base/key-strength.ts';
import type { Secret } from '../../lib/base/secret.ts';
import type { LeafName } from '../../lib/config.ts';
import type { DiagnosticsBundle } from '../../lib/doctor/bundle.ts';
import type { DoctorReport } from '../../lib/doctor/finding.ts';
import type { AccountDetailView } from '../../lib/wire/account-detail-views.ts';
import type { AccountAddedView, AccountCheckView, AccountView } from '../../lib/wire/account-views.ts';
import type {
  AlertListInput,
  AlertView,
  TargetAddInput,
  TargetRefInput,
  TargetTestView,
  TargetView,
} from '../../lib/wire/alert-views.ts';
import type {
  AuditListInput,
  AuditListView,
  AuditPageInput,
  AuditPageView,
  AuditVerdictView,
  AuditVerifyInput,
} from '../../lib/wire/audit-views.ts';
import type {
  AccountAddInput,
  AccountCheckInput,
  AccountClearInput,
  AccountEditInput,
  AccountResetInput,
  ClientAddInput,
  ClientEditInput,
  ClientResetInput,
  EventListInput,
  LockInput,
  RecordedCallsInput,
  RefInput,
  RequestGetInput,
  RequestHistogramInput,
  RequestListInput,
  SetupCheckInput,
  SetupInitialiseInput,
  SetupJudgeInput,
  UnlockInput,
  VaultJudgeInput,
  VaultKeychainInput,
  VaultRekeyInput,
  VaultRotateInput,
} from '../../lib/wire/inputs.ts';
import type { ExportInput, ImportApplyInput, ImportPreviewInput } from '../../lib/wire/moving-inputs.ts';
import type {
  BackupListView,
  BackupMadeView,
  DifferenceView,
  ExportView,
  ImportedView,
} from '../../lib/wire/moving-views.ts';
import type { PlaygroundKeyInput, PlaygroundKeyView } from '../../lib/wire/playground-views.ts';
import type {
  PriceListInput,
  PriceListView,
  PriceRemoveInput,
  PriceSetInput,
} from '../../lib/wire/price-views.ts';
import type {
  AdminKeySetInput,
  ProviderListView,
  ReconcileInput,
  ReconciliationView,
  RefreshInput,
} from '../../lib/wire/provider-views.ts';
import type { DryRunInput } from '../../lib/wire/route-input.ts';
import type { DryRunView, ReplayView } from '../../lib/wire/route-views.ts';
import type { SettingsChangedView, SettingsSetInput, SettingsView } from '../../lib/wire/settings-views.ts';
import type {
  AccountDetailInput,
  ConversationsInput,
  UsageBreakdownInput,
  UsageBurnInput,
  UsageKindsInput,
  UsageSeriesInput,
  UsageSummaryInput,
} from '../../lib/wire/usage-inputs.ts';
import type {
  CapturedView,
  ConversationsView,
  ForecastsView,
  UsageBreakdownView,
  UsageBurnView,
  UsageKindsView,
  UsageSeriesView,
} from '../../lib/wire/usage-views.ts';
import type {
  ClientKeyAddedView,
  ClientKeyView,
  EventView,
  LiveTick,
  RecordedCallsView,
  RequestHistogramView,
  RequestListView,
  RequestView,
  SessionStatusView,
  StatusView,
  UsageSummaryView,
  VaultView,
} from '../../lib/wire/views.ts';
import type { Operator, SignIn } from '../vault/sessions.ts';

/** A model that at least one account serves, with the names of those accounts. */
export interface ModelView {
  readonly id: string;
  readonly accounts: readonly string[];
}

/** Whatever changes something is told who does it, for the audit log. */
export interface Services {
  readonly session: {
    status(operator: Operator | null): SessionStatusView;
    unlock(input: UnlockInput): Promise<SignIn>;
    end(operator: Operator): Promise<void>;
    lock(input: LockInput, actor: Actor): Promise<void>;
    ticket(operator: Operator): { readonly ticket: string };
    /** False once the sign-in has ended. A stream asks before each event, and being watched counts as use. */
    keepAlive(operator: Operator): boolean;
  };
  /** For this process's own doors (starting, offline commands): no procedure reaches these. */
  readonly local: {
    unlock(masterKey: Secret, actor: Actor): Promise<void>;
    /** Throws `master_key_guessable`. */
    initialise(masterKey: Secret, actor: Actor): Promise<void>;
    /** For a key that somebody insists on, or that nobody can be asked about. */
    initialiseAnyway(masterKey: Secret, actor: Actor): Promise<void>;
    /** Takes what the configuration file says by now, whole or not at all. Throws `config_invalid`. */
    rereadSettings(
      actor: Actor,
    ): Promise<{ readonly changed: readonly LeafName[]; readonly restartNeeded: readonly LeafName[] }>;
  };
  readonly setup: {
    check(input: SetupCheckInput): { readonly ok: true };
    judge(input: SetupJudgeInput): Promise<StrengthView>;
    initialise(input: SetupInitialiseInput): Promise<SignIn>;
  };
  readonly vault: {
    get(): Promise<VaultView>;
    judge(input: VaultJudgeInput): Promise<StrengthView>;
    rekey(input: VaultRekeyInput, actor: Actor): Promise<void>;
    rotate(input: VaultRotateInput, actor: Actor): Promise<VaultView>;
    keychain(input: VaultKeychainInput, actor: Actor): Promise<VaultView>;
  };
  readonly status: { get(): StatusView };
  readonly accounts: {
    list(): Promise<readonly AccountView[]>;
    get(input: RefInput): Promise<AccountView>;
    detail(input: AccountDetailInput): Promise<AccountDetailView>;
    check(input: AccountCheckInput): Promise<AccountCheckView>;
    add(input: AccountAddInput, actor: Actor): Promise<AccountAddedView>;
    edit(input: AccountEditInput, actor: Actor): Promise<AccountView>;
    remove(input: RefInput, actor: Actor): Promise<void>;
    enable(input: RefInput, actor: Actor): Promise<AccountView>;
    disable(input: RefInput, actor: Actor): Promise<AccountView>;
    test(input: RefInput, actor: Actor): Promise<AccountCheckView>;
    pause(input: RefInput, actor: Actor): Promise<AccountView>;
    resume(input: RefInput, actor: Actor): Promise<AccountView>;
    clear(input: AccountClearInput, actor: Actor): Promise<AccountView>;
    resetUse(input: AccountResetInput, actor: Actor): Promise<AccountView>;
  };
  readonly clients: {
    list(): Promise<readonly ClientKeyView[]>;
    add(input: ClientAddInput, actor: Actor): Promise<ClientKeyAddedView>;
    edit(input: ClientEditInput, actor: Actor): Promise<ClientKeyView>;
    resetUse(input: ClientResetInput, actor: Actor): Promise<ClientKeyView>;
    revoke(input: RefInput, actor: Actor): Promise<void>;
  };
  /** The dashboard's own calls. The key is in the answer and nowhere else. */
  readonly playground: {
    key(input: PlaygroundKeyInput, operator: Operator): Promise<PlaygroundKeyView>;
  };
  readonly moving: {
    export(input: ExportInput, actor: Actor): Promise<ExportView>;
    preview(input: ImportPreviewInput): Promise<DifferenceView>;
    import(input: ImportApplyInput, actor: Actor): Promise<ImportedView>;
  };
  readonly backups: {
    list(): BackupListView;
    make(actor: Actor): Promise<BackupMadeView>;
  };
  readonly requests: {
    list(input: RequestListInput): Promise<RequestListView>;
    histogram(input: RequestHistogramInput): Promise<RequestHistogramView>;
    get(input: RequestGetInput): Promise<RequestView>;
    recorded(input: RecordedCallsInput): Promise<RecordedCallsView>;
    /** Null where nothing of it was captured. */
    bodies(input: RequestGetInput): Promise<CapturedView | null>;
    /** Answers of how many calls something was kept. */
    forgetBodies(): Promise<{ readonly calls: number }>;
  };
  readonly usage: {
    summary(input: UsageSummaryInput): Promise<UsageSummaryView>;
    breakdown(input: UsageBreakdownInput): Promise<UsageBreakdownView>;
    conversations(input: ConversationsInput): Promise<ConversationsView>;
    burn(input: UsageBurnInput): Promise<UsageBurnView>;
    kinds(input: UsageKindsInput): Promise<UsageKindsView>;
    series(input: UsageSeriesInput): Promise<UsageSeriesView>;
    forecast(): Promise<ForecastsView>;
    /** Works the hourly totals out anew, as far as single calls are kept. */
    rebuild(): Promise<void>;
  };
  readonly prices: {
    list(input: PriceListInput): Promise<PriceListView>;
    set(input: PriceSetInput, actor: Actor): Promise<PriceListView>;
    remove(input: PriceRemoveInput, actor: Actor): Promise<PriceListView>;
  };
  readonly alerts: {
    list(input: AlertListInput): Promise<readonly AlertView[]>;
    targets(): Promise<readonly TargetView[]>;
    addTarget(input: TargetAddInput, actor: Actor): Promise<TargetView>;
    removeTarget(input: TargetRefInput, actor: Actor): Promise<void>;
    testTarget(input: TargetRefInput): Promise<TargetTestView>;
  };
  readonly providers: {
    list(): Promise<ProviderListView>;
    refresh(input: RefreshInput): Promise<ProviderListView>;
    reconcile(input: ReconcileInput): Promise<ReconciliationView>;
    setAdminKey(input: AdminKeySetInput, actor: Actor): Promise<ProviderListView>;
  };
  readonly events: { list(input: EventListInput): Promise<readonly EventView[]> };
  readonly models: { list(): readonly ModelView[] };
  readonly routing: {
    dryRun(input: DryRunInput): Promise<DryRunView>;
    replay(): Promise<ReplayView>;
  };
  readonly settings: {
    list(): SettingsView;
    /** Throws `config_invalid`, `conflict`, `step_up_required`, `wrong_master_key`. */
    set(input: SettingsSetInput, actor: Actor): Promise<SettingsChangedView>;
  };
  readonly audit: {
    list(input: AuditListInput): Promise<AuditListView>;
    page(input: AuditPageInput): Promise<AuditPageView>;
    verify(input: AuditVerifyInput): Promise<AuditVerdictView>;
  };
  readonly doctor: {
    check(): Promise<DoctorReport>;
    bundle(): Promise<DiagnosticsBundle>;
  };
  readonly live: { watch(signal: AbortSignal): AsyncIterable<LiveTick> };
}
