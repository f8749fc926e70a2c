/**
 * Sums for the overview. Settled calls only. A figure is null when there were calls that could have one and none
 * did: unknown is not zero, but nothing asked is.
 */
import { sql } from 'kysely';
import type { FigureTotals, SeriesBucket } from '../../lib/wire/views.ts';
import { countLimitedCalls, type LimitedCalls, type Steps } from './attempts.ts';
import { NO_ACCOUNT } from './ledger-statements.ts';
import type { Db } from './schema.ts';

export interface UsageSummaryParams extends Steps {
  readonly dayFromMs: number;
  readonly monthFromMs: number;
}

export interface UsageSummary {
  readonly totals: FigureTotals;
  readonly todayCost: number | null;
  readonly monthCost: number | null;
  /** Every step of the range, also those in which nothing happened. */
  readonly series: readonly SeriesBucket[];
}

/** Calls that somebody charges for: an account answered, and not with a refusal. */
export const CHARGED = sql<boolean>`(account_id IS NOT NULL AND coalesce(status, 200) < 400)`;

export async function usageSummary(db: Db, params: UsageSummaryParams): Promise<UsageSummary> {
  const { fromMs, toMs, stepMs, dayFromMs, monthFromMs } = params;
  const steps = { fromMs, toMs, stepMs };
  const limited = await countLimitedCalls(db, steps);
  return {
    totals: await totalsOf(db, steps, limited),
    todayCost: await costSince(db, dayFromMs),
    monthCost: await costSince(db, monthFromMs),
    series: await seriesOf(db, steps, limited),
  };
}

interface TotalsRow {
  readonly requests: number;
  readonly delivered: number;
  readonly cancelled: number;
  readonly moved: number;
  readonly charged: number;
  readonly unknown_cost: number;
  readonly estimated: number;
  readonly input_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly output_tokens: number | null;
  readonly total_tokens: number | null;
  readonly cost: number | null;
  readonly cache_saved: number | null;
  readonly first_token_p50: number | null;
  readonly first_token_p95: number | null;
  readonly overhead_p50: number | null;
}

async function totalsOf(
  db: Db,
  { fromMs, toMs }: Steps,
  limited: readonly LimitedCalls[],
): Promise<FigureTotals> {
  const { rows } = await sql<TotalsRow>`
    SELECT count(*) AS requests,
      count(*) FILTER (WHERE outcome = 'delivered') AS delivered,
      count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled,
      count(*) FILTER (WHERE account_id <> first_account_id) AS moved,
      count(*) FILTER (WHERE ${CHARGED}) AS charged,
      count(*) FILTER (WHERE ${CHARGED} AND cost IS NULL) AS unknown_cost,
      count(*) FILTER (WHERE estimated = 1) AS estimated,
      sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
      sum(output_tokens) AS output_tokens, sum(total_tokens) AS total_tokens, sum(cost) AS cost,
      cast(round(sum(
        cached_tokens * (json_extract(prices, '$.input') - json_extract(prices, '$.cached')) / 1000000.0
      )) AS INTEGER) AS cache_saved,
      cast(round(percentile_cont(first_token_ms, 0.5)) AS INTEGER) AS first_token_p50,
      cast(round(percentile_cont(first_token_ms, 0.95)) AS INTEGER) AS first_token_p95,
      cast(round(percentile_cont(overhead_us, 0.5)) AS INTEGER) AS overhead_p50
    FROM usage_records
    WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('an aggregate without GROUP BY has one row');
  return {
    requests: row.requests,
    delivered: row.delivered,
    failed: row.requests - row.delivered - row.cancelled,
    cancelled: row.cancelled,
    limited: limited.reduce((sum, { calls }) => sum + calls, 0),
    movedCalls: row.moved,
    inputTokens: knownSum(row.input_tokens, row.charged),
    cachedTokens: knownSum(row.cached_tokens, row.charged),
    outputTokens: knownSum(row.output_tokens, row.charged),
    totalTokens: knownSum(row.total_tokens, row.charged),
    cost: knownSum(row.cost, row.charged),
    unknownCostCalls: row.unknown_cost,
    estimatedCalls: row.estimated,
    cacheSaved: knownSum(row.cache_saved, row.charged),
    firstTokenP50Ms: row.first_token_p50,
    firstTokenP95Ms: row.first_token_p95,
    overheadP50Us: row.overhead_p50,
  };
}

async function costSince(db: Db, fromMs: number): Promise<number | null> {
  const { rows } = await sql<{ readonly cost: number | null; readonly charged: number }>`
    SELECT sum(cost) AS cost, count(*) FILTER (WHERE ${CHARGED}) AS charged
    FROM usage_records WHERE started_at_ms >= ${fromMs} AND outcome IS NOT NULL`.execute(db);
  return knownSum(rows[0]?.cost ?? null, rows[0]?.charged ?? 0);
}

interface BucketRow {
  readonly step: number;
  readonly first_token_p95: number | null;
  readonly cached_share: number | null;
}

interface AccountBucketRow {
  readonly step: number;
  readonly account_id: string;
  readonly requests: number;
  readonly charged: number;
  readonly tokens: number | null;
  readonly cost: number | null;
}

async function seriesOf(
  db: Db,
  { fromMs, toMs, stepMs }: Steps,
  limited: readonly LimitedCalls[],
): Promise<readonly SeriesBucket[]> {
  const settled = sql`started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL`;
  const step = sql`cast((started_at_ms - ${fromMs}) / ${stepMs} AS INTEGER)`;
  const buckets = await sql<BucketRow>`
    SELECT ${step} AS step, cast(round(percentile_cont(first_token_ms, 0.95)) AS INTEGER) AS first_token_p95,
      sum(cached_tokens) * 1.0
        / nullif(sum(input_tokens) FILTER (WHERE cached_tokens IS NOT NULL), 0) AS cached_share
    FROM usage_records WHERE ${settled} GROUP BY 1`.execute(db);
  const byAccount = await sql<AccountBucketRow>`
    SELECT ${step} AS step, coalesce(account_id, first_account_id) AS account_id, count(*) AS requests,
      count(*) FILTER (WHERE ${CHARGED}) AS charged, sum(total_tokens) AS tokens, sum(cost) AS cost
    FROM usage_records WHERE ${settled} AND coalesce(account_id, first_account_id) <> ${NO_ACCOUNT}
    GROUP BY 1, 2`.execute(db);
  const accountsIn = Map.groupBy(byAccount.rows, (row) => row.step);
  const bucketAt = new Map(buckets.rows.map((row) => [row.step, row]));
  const limitedAt = new Map(limited.map((row) => [row.step, row.calls]));
  return Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, (_, at) => ({
    fromMs: fromMs + at * stepMs,
    byAccount: (accountsIn.get(at) ?? []).map((row) => ({
      accountId: row.account_id,
      requests: row.requests,
      tokens: knownSum(row.tokens, row.charged),
      cost: knownSum(row.cost, row.charged),
    })),
    limited: limitedAt.get(at) ?? 0,
    firstTokenP95Ms: bucketAt.get(at)?.first_token_p95 ?? null,
    cachedShare: bucketAt.get(at)?.cached_share ?? null,
  }));
}

/** A sum that found nothing is zero where nothing could be found, and unknown otherwise. */
export function knownSum(sum: number | null, charged: number): number | null {
  return sum ?? (charged === 0 ? 0 : null);
}
