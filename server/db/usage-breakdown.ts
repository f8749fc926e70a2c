/** Sums of a time by one of the four keys, and their total; and conversations, from the records themselves. */
import { type RawBuilder, sql } from 'kysely';
import { HOUR_MS } from '../../lib/base/time.ts';
import type { UsageKey, UsageSums } from '../../lib/wire/usage-views.ts';
import type { Db } from './schema.ts';
import { partsIn, rolledUntilMs, type Span } from './usage-parts.ts';
import { knownSum } from './usage-summary.ts';

export interface BreakdownRows {
  readonly total: UsageSums;
  readonly groups: readonly (UsageSums & { readonly key: string })[];
}

/** The column of `partsIn` that a key stands for. */
export const KEY_OF_PART: Readonly<Record<UsageKey, RawBuilder<unknown>>> = {
  account: sql`account_id`,
  client: sql`client_key_id`,
  model: sql`model`,
  endpoint: sql`endpoint`,
};

interface SumsRow {
  readonly key: string;
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
  readonly cached_of_tokens: number | null;
  readonly cache_write_tokens: number | null;
  readonly output_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly total_tokens: number | null;
  readonly cost: number | null;
  readonly cache_saved: number | null;
}

const OF_PARTS = sql`
  coalesce(sum(requests), 0) AS requests, coalesce(sum(delivered), 0) AS delivered,
  coalesce(sum(cancelled), 0) AS cancelled, coalesce(sum(moved), 0) AS moved,
  coalesce(sum(limited), 0) AS limited, coalesce(sum(charged), 0) AS charged,
  coalesce(sum(unknown_cost), 0) AS unknown_cost, coalesce(sum(estimated), 0) AS estimated,
  sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
  sum(cached_of_tokens) AS cached_of_tokens, sum(cache_write_tokens) AS cache_write_tokens,
  sum(output_tokens) AS output_tokens, sum(reasoning_tokens) AS reasoning_tokens,
  sum(total_tokens) AS total_tokens, sum(cost) AS cost, sum(cache_saved) AS cache_saved`;

export async function usageBreakdown(
  db: Db,
  { by, ...span }: Span & { readonly by: UsageKey },
): Promise<BreakdownRows> {
  const keys = by === 'account' ? 'account' : 'all';
  const parts = partsIn({ ...span, stepMs: HOUR_MS }, await rolledUntilMs(db), keys);
  const total = await sql<SumsRow>`SELECT '' AS key, ${OF_PARTS} FROM ${parts}`.execute(db);
  const groups = await sql<SumsRow>`
    SELECT ${KEY_OF_PART[by]} AS key, ${OF_PARTS} FROM ${parts}
    GROUP BY 1 ORDER BY cost DESC NULLS LAST, requests DESC, key`.execute(db);
  const [all] = total.rows;
  if (all === undefined) throw new Error('an aggregate without GROUP BY has one row');
  return { total: sumsOf(all), groups: groups.rows.map((row) => ({ key: row.key, ...sumsOf(row) })) };
}

function sumsOf(row: SumsRow): UsageSums {
  const known = (sum: number | null): number | null => knownSum(sum, row.charged);
  return {
    requests: row.requests,
    delivered: row.delivered,
    failed: row.requests - row.delivered - row.cancelled,
    cancelled: row.cancelled,
    limited: row.limited,
    moved: row.moved,
    inputTokens: known(row.input_tokens),
    cachedTokens: known(row.cached_tokens),
    cacheWriteTokens: known(row.cache_write_tokens),
    outputTokens: known(row.output_tokens),
    reasoningTokens: known(row.reasoning_tokens),
    totalTokens: known(row.total_tokens),
    cachedShare:
      row.cached_of_tokens === null || row.cached_of_tokens === 0
        ? null
        : (row.cached_tokens ?? 0) / row.cached_of_tokens,
    cost: known(row.cost),
    unknownCostCalls: row.unknown_cost,
    estimatedCalls: row.estimated,
    cacheSaved: known(row.cache_saved),
  };
}
