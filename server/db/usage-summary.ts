/**
 * Sums for the overview. Settled calls only. A figure is null when there were calls that could have one and none
 * did: unknown is not zero, but nothing asked is.
 */
import { sql } from 'kysely';
import { HOUR_MS } from '../../lib/base/time.ts';
import type { FigureTotals, SeriesBucket } from '../../lib/wire/views.ts';
import type { Steps } from './attempts.ts';
import { NO_ACCOUNT } from './ledger-statements.ts';
import type { Db } from './schema.ts';
import { partsIn, rolledUntilMs } from './usage-parts.ts';
import { quantilesIn } from './usage-times.ts';

export interface UsageSummaryParams extends Steps {
  readonly dayFromMs: number;
  readonly monthFromMs: number;
  /** When the running day and month end at the latest: nothing later belongs to them. */
  readonly endMs: number;
}

export interface UsageSummary {
  readonly totals: FigureTotals;
  readonly todayCost: number | null;
  readonly monthCost: number | null;
  /** Every step of the range, also those in which nothing happened. */
  readonly series: readonly SeriesBucket[];
}

export async function usageSummary(db: Db, params: UsageSummaryParams): Promise<UsageSummary> {
  const { fromMs, toMs, stepMs, dayFromMs, monthFromMs, endMs } = params;
  const steps = { fromMs, toMs, stepMs };
  const untilMs = await rolledUntilMs(db);
  return {
    totals: await totalsOf(db, steps, untilMs),
    todayCost: await costIn(db, dayFromMs, endMs, untilMs),
    monthCost: await costIn(db, monthFromMs, endMs, untilMs),
    series: await seriesOf(db, steps, untilMs),
  };
}

interface TotalsRow {
  readonly requests: number;
  readonly delivered: number;
  readonly cancelled: number;
  readonly moved: number;
  readonly limited: number;
  readonly charged: number;
  readonly unknown_cost: number;
  readonly estimated: number;
  readonly input_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly output_tokens: number | null;
  readonly total_tokens: number | null;
  readonly cost: number | null;
  readonly cache_saved: number | null;
}

async function totalsOf(db: Db, steps: Steps, untilMs: number): Promise<FigureTotals> {
  const totals = await sql<TotalsRow>`
    SELECT coalesce(sum(requests), 0) AS requests, coalesce(sum(delivered), 0) AS delivered,
      coalesce(sum(cancelled), 0) AS cancelled, coalesce(sum(moved), 0) AS moved,
      coalesce(sum(limited), 0) AS limited, coalesce(sum(charged), 0) AS charged,
      coalesce(sum(unknown_cost), 0) AS unknown_cost, coalesce(sum(estimated), 0) AS estimated,
      sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
      sum(output_tokens) AS output_tokens, sum(total_tokens) AS total_tokens, sum(cost) AS cost,
      sum(cache_saved) AS cache_saved
    FROM ${partsIn(steps, untilMs, 'account')}`.execute(db);
  const firstToken = await quantilesIn(db, 'first_token_ms', steps, untilMs);
  const overhead = await quantilesIn(db, 'overhead_us', steps, untilMs);
  const [row] = totals.rows;
  if (!row) throw new Error('an aggregate without GROUP BY has one row');
  return {
    requests: row.requests,
    delivered: row.delivered,
    failed: row.requests - row.delivered - row.cancelled,
    cancelled: row.cancelled,
    limited: row.limited,
    movedCalls: row.moved,
    inputTokens: knownSum(row.input_tokens, row.charged),
    cachedTokens: knownSum(row.cached_tokens, row.charged),
    outputTokens: knownSum(row.output_tokens, row.charged),
    totalTokens: knownSum(row.total_tokens, row.charged),
    cost: knownSum(row.cost, row.charged),
    unknownCostCalls: row.unknown_cost,
    estimatedCalls: row.estimated,
    cacheSaved: knownSum(row.cache_saved, row.charged),
    firstTokenP50Ms: firstToken.of(0.5),
    firstTokenP95Ms: firstToken.of(0.95),
    overheadP50Us: overhead.of(0.5),
  };
}

async function costIn(db: Db, fromMs: number, toMs: number, untilMs: number): Promise<number | null> {
  const { rows } = await sql<{ readonly cost: number | null; readonly charged: number }>`
    SELECT sum(cost) AS cost, coalesce(sum(charged), 0) AS charged
    FROM ${partsIn({ fromMs, toMs, stepMs: HOUR_MS }, untilMs, 'account')}`.execute(db);
  return knownSum(rows[0]?.cost ?? null, rows[0]?.charged ?? 0);
}

interface BucketRow {
  readonly step: number;
  readonly limited: number;
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

async function seriesOf(db: Db, steps: Steps, untilMs: number): Promise<readonly SeriesBucket[]> {
  const { fromMs, toMs, stepMs } = steps;
  const parts = partsIn(steps, untilMs, 'account');
  const buckets = await sql<BucketRow>`
    SELECT step, sum(limited) AS limited,
      sum(cached_tokens) * 1.0 / nullif(sum(cached_of_tokens), 0) AS cached_share
    FROM ${parts} GROUP BY step`.execute(db);
  const firstToken = await quantilesIn(db, 'first_token_ms', steps, untilMs);
  const byAccount = await sql<AccountBucketRow>`
    SELECT step, account_id, sum(requests) AS requests, sum(charged) AS charged,
      sum(total_tokens) AS tokens, sum(cost) AS cost
    FROM ${parts} WHERE account_id <> ${NO_ACCOUNT} GROUP BY step, account_id`.execute(db);
  const accountsIn = Map.groupBy(byAccount.rows, (row) => row.step);
  const bucketAt = new Map(buckets.rows.map((row) => [row.step, row]));
  return Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, (_, at) => ({
    fromMs: fromMs + at * stepMs,
    byAccount: (accountsIn.get(at) ?? []).map((row) => ({
      accountId: row.account_id,
      requests: row.requests,
      tokens: knownSum(row.tokens, row.charged),
      cost: knownSum(row.cost, row.charged),
    })),
    limited: bucketAt.get(at)?.limited ?? 0,
    firstTokenP95Ms: firstToken.inStep(at, 0.95),
    cachedShare: bucketAt.get(at)?.cached_share ?? null,
  }));
}

/** A sum that found nothing is zero where nothing could be found, and unknown otherwise. */
export function knownSum(sum: number | null, charged: number): number | null {
  return sum ?? (charged === 0 ? 0 : null);
}
