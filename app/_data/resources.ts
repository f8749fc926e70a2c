'use client';
/** One hook per resource of the admin API. Names of procedures are the keys, so a reload can name them. */
import type { DoctorReport } from '../../lib/doctor/finding.ts';
import type { LimitKind, LimitWindow } from '../../lib/metering/limit.ts';
import type { AccountDetailView } from '../../lib/wire/account-detail-views.ts';
import type { AccountView } from '../../lib/wire/account-views.ts';
import type { AlertView, TargetView } from '../../lib/wire/alert-views.ts';
import type { AuditListView, AuditVerdictView } from '../../lib/wire/audit-views.ts';
import type { BackupListView } from '../../lib/wire/moving-views.ts';
import type { PriceListView } from '../../lib/wire/price-views.ts';
import type { ProviderListView, ReconciliationView } from '../../lib/wire/provider-views.ts';
import type { ReplayView } from '../../lib/wire/route-views.ts';
import type { SettingsView } from '../../lib/wire/settings-views.ts';
import type {
  CapturedView,
  ConversationsView,
  ForecastsView,
  Period,
  SeriesStep,
  UsageBreakdownView,
  UsageBurnView,
  UsageKey,
  UsageKindsView,
  UsageSeriesView,
} from '../../lib/wire/usage-views.ts';
import type {
  ClientKeyView,
  RangeName,
  RequestHistogramView,
  RequestListView,
  RequestView,
  StatusView,
  UsageSummaryView,
  VaultView,
} from '../../lib/wire/views.ts';
import { api } from './api.ts';
import { type Answer, useAsk } from './ask.ts';

export const useStatus = (): Answer<StatusView> =>
  useAsk(['status.get'], () => api.status.get.query(), 60_000);

export const useAccounts = (): Answer<readonly AccountView[]> =>
  useAsk(['accounts.list'], () => api.accounts.list.query(), 15_000);

export const useAccountDetail = (id: string, range: RangeName): Answer<AccountDetailView> =>
  useAsk(['accounts.detail', id, range], () => api.accounts.detail.query({ ref: id, range }), 15_000);

export const useClientKeys = (): Answer<readonly ClientKeyView[]> =>
  useAsk(['clients.list'], () => api.clients.list.query(), 30_000);

export const useModels = (): Answer<readonly { id: string; accounts: readonly string[] }[]> =>
  useAsk(['models.list'], () => api.models.list.query());

/** Of all models that an account serves or that were used lately. */
export const usePrices = (): Answer<PriceListView> =>
  useAsk(['prices.list'], () => api.prices.list.query({}), 60_000);

export const useModelPrice = (model: string): Answer<PriceListView> =>
  useAsk(['prices.list', model], () => api.prices.list.query({ models: [model] }), 300_000);

export const useSettings = (): Answer<SettingsView> =>
  useAsk(['settings.list'], () => api.settings.list.query());

/** Seconds of simulation, so it is asked for seldom. */
export const useReplay = (): Answer<ReplayView> =>
  useAsk(['routing.replay'], () => api.routing.replay.query(), 600_000);

export interface AuditFilter {
  readonly before?: number;
  readonly objectId?: string;
  readonly objectKind?: 'account' | 'client_key' | 'setting' | 'vault';
}

export const useAuditLog = (filter: AuditFilter): Answer<AuditListView> =>
  useAsk(['audit.list', filter], () => api.audit.list.query({ ...filter, limit: 50 }), 15_000);

/** The whole chain is walked: seldom. */
export const useAuditVerdict = (): Answer<AuditVerdictView> =>
  useAsk(['audit.verify'], () => api.audit.verify.query({}), 60_000);

export const useHealth = (): Answer<DoctorReport> => useAsk(['doctor.check'], () => api.doctor.check.query());
export const useBackups = (): Answer<BackupListView> =>
  useAsk(['backups.list'], () => api.backups.list.query(), 60_000);

export const useVault = (): Answer<VaultView> => useAsk(['vault.get'], () => api.vault.get.query(), 60_000);

export const useUsage = (range: RangeName, refreshMs = 5_000): Answer<UsageSummaryView> =>
  useAsk(['usage.summary', range], () => api.usage.summary.query({ range }), refreshMs);

export const useBreakdown = (period: Period, by: UsageKey): Answer<UsageBreakdownView> =>
  useAsk(['usage.breakdown', period, by], () => api.usage.breakdown.query({ period, by }), 15_000);

export const useConversations = (period: Period): Answer<ConversationsView> =>
  useAsk(['usage.conversations', period], () => api.usage.conversations.query({ period, limit: 10 }), 30_000);

export const useProviders = (): Answer<ProviderListView> =>
  useAsk(['providers.list'], () => api.providers.list.query(), 60_000);

export const useReconciliation = (): Answer<ReconciliationView> =>
  useAsk(['providers.reconcile'], () => api.providers.reconcile.query({ days: 30 }), 60_000);

export const useKinds = (period: Period): Answer<UsageKindsView> =>
  useAsk(['usage.kinds', period], () => api.usage.kinds.query({ period }), 60_000);

export const useSeries = (period: Period, by: UsageKey, step: SeriesStep): Answer<UsageSeriesView> =>
  useAsk(['usage.series', period, by, step], () => api.usage.series.query({ period, by, step }), 15_000);

export const useBurn = (limit: {
  readonly kind: 'account' | 'client';
  readonly id: string;
  readonly window: LimitWindow;
  readonly amount: LimitKind;
}): Answer<UsageBurnView> => useAsk(['usage.burn', limit], () => api.usage.burn.query(limit), 60_000);

export const useForecast = (): Answer<ForecastsView> =>
  useAsk(['usage.forecast'], () => api.usage.forecast.query(), 60_000);

export const useBodies = (id: string | null): Answer<CapturedView | null> =>
  useAsk(id === null ? null : ['requests.bodies', id], () => api.requests.bodies.query({ id: id ?? '' }));

export const useAlerts = (): Answer<readonly AlertView[]> =>
  useAsk(['alerts.list'], () => api.alerts.list.query({ limit: 50 }), 30_000);

export const useAlertTargets = (): Answer<readonly TargetView[]> =>
  useAsk(['alerts.targets'], () => api.alerts.targets.query(), 60_000);

export interface RequestFilter {
  readonly accountId?: string;
  readonly clientKeyId?: string;
  readonly outcome?: 'delivered' | 'refused' | 'failed' | 'interrupted' | 'cancelled';
  readonly since?: number;
  readonly until?: number;
  readonly before?: string;
  /** See `parseSearch`. */
  readonly search?: string;
}

export const useRequests = (filter: RequestFilter, limit: number): Answer<RequestListView> =>
  useAsk(['requests.list', filter, limit], () => api.requests.list.query({ ...filter, limit }));

/** Null asks nothing. */
export const useHistogram = (filter: RequestFilter | null): Answer<RequestHistogramView> =>
  useAsk(
    filter === null ? null : ['requests.histogram', filter],
    () => api.requests.histogram.query(filter ?? {}),
    15_000,
  );

/** Asked again while the call is under way, so that its figures come by themselves. */
export const useRequest = (id: string | null): Answer<RequestView> =>
  useAsk(
    id === null ? null : ['requests.get', id],
    () => api.requests.get.query({ id: id ?? '' }),
    whileUnderWay,
  );
// SWR never begins again once it was told 0, so the wait for the first answer counts as under way.
const whileUnderWay = (call: RequestView | undefined): number =>
  call === undefined || call.outcome === null ? 500 : 0;
