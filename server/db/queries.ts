/**
 * The closed list of reads that may take long. They run in the read worker, so that a page never stalls a
 * stream; with an in-memory database, which cannot be shared, on its one handle.
 */
import { accountDetail } from './account-detail.ts';
import { accountActivity, clientActivity } from './activity.ts';
import { listAlertRows } from './alerts.ts';
import { listAudit, pageAudit } from './audit.ts';
import { conversationsIn } from './conversations.ts';
import { dailyCosts } from './daily-cost.ts';
import { listEvents } from './events.ts';
import { examineDatabase } from './examine.ts';
import { forecastUsage } from './forecasts.ts';
import { besideEachOther } from './provider-figures.ts';
import { recordedCalls } from './recorded-calls.ts';
import { requestHistogram } from './request-histogram.ts';
import { getRequest, listRequests } from './requests.ts';
import type { Db } from './schema.ts';
import { usageBreakdown } from './usage-breakdown.ts';
import { usageBurn } from './usage-burn.ts';
import { dueHours, hoursState, wrongHours } from './usage-hours.ts';
import { usageKinds } from './usage-kinds.ts';
import { usageSeries } from './usage-series.ts';
import { usageSummary } from './usage-summary.ts';

const QUERIES = {
  'accounts.activity': accountActivity,
  'accounts.detail': accountDetail,
  'alerts.list': listAlertRows,
  'audit.list': listAudit,
  'audit.page': pageAudit,
  'clients.activity': clientActivity,
  'doctor.database': examineDatabase,
  'events.list': listEvents,
  'requests.get': getRequest,
  'requests.histogram': requestHistogram,
  'requests.list': listRequests,
  'requests.recorded': recordedCalls,
  'usage.beside': besideEachOther,
  'usage.breakdown': usageBreakdown,
  'usage.burn': usageBurn,
  'usage.conversations': conversationsIn,
  'usage.daily': dailyCosts,
  'usage.due': dueHours,
  'usage.forecast': forecastUsage,
  'usage.kinds': usageKinds,
  'usage.series': usageSeries,
  'usage.summary': usageSummary,
  'usage.rolled': hoursState,
  'usage.wrong': wrongHours,
} as const;

type Queries = typeof QUERIES;
export type QueryName = keyof Queries;
export type QueryParams<Name extends QueryName> = Parameters<Queries[Name]>[1];
export type QueryResult<Name extends QueryName> = Awaited<ReturnType<Queries[Name]>>;

export function runQuery<Name extends QueryName>(
  db: Db,
  name: Name,
  params: QueryParams<Name>,
): Promise<QueryResult<Name>> {
  // The compiler cannot see that name, params and result belong together; the signature says so.
  const query = QUERIES[name] as (db: Db, params: QueryParams<Name>) => Promise<QueryResult<Name>>;
  return query(db, params);
}
