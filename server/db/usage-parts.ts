/**
 * Sums of settled calls over a time, by hour, account, client key, model and endpoint: what every total is added up
 * from. Whole hours that are rolled up come from `usage_hours`, the rest from the records themselves, so that the
 * answer is the same with and without roll-ups. A sum is null where there were calls and nobody knows.
 */
import { type RawBuilder, sql } from 'kysely';
import { HOUR_MS } from '../../lib/base/time.ts';
import { LIMITED, type Steps, TROUBLED } from './attempts.ts';
import type { Db } from './schema.ts';

/** Calls that somebody charges for: an account answered, and not with a refusal. */
export const CHARGED = sql<boolean>`(account_id IS NOT NULL AND coalesce(status, 200) < 400)`;

/** One hour's, or one step's, of one account, client key, model and endpoint. */
export interface UsagePart {
  readonly account_id: string;
  readonly client_key_id: string;
  /** As billed; empty where the call named none. */
  readonly model: string;
  readonly endpoint: string;
  readonly requests: number;
  readonly delivered: number;
  readonly cancelled: number;
  /** Served by another account than the first that was asked. */
  readonly moved: number;
  /** Met the limits of at least one account. */
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

/** What settled records come to, under the names of `UsagePart` and behind their keys. */
const SUMS_OF_RECORDS = sql`
  count(*) AS requests,
  count(*) FILTER (WHERE outcome = 'delivered') AS delivered,
  count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled,
  count(*) FILTER (WHERE account_id <> first_account_id) AS moved,
  count(*) FILTER (WHERE ${TROUBLED} AND ${LIMITED}) AS limited,
  count(*) FILTER (WHERE ${CHARGED}) AS charged,
  count(*) FILTER (WHERE ${CHARGED} AND cost IS NULL) AS unknown_cost,
  count(*) FILTER (WHERE estimated = 1) AS estimated,
  sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
  sum(input_tokens) FILTER (WHERE cached_tokens IS NOT NULL) AS cached_of_tokens,
  sum(cache_write_tokens) AS cache_write_tokens, sum(output_tokens) AS output_tokens,
  sum(reasoning_tokens) AS reasoning_tokens, sum(total_tokens) AS total_tokens, sum(cost) AS cost,
  sum(cast(round(
    cached_tokens * (json_extract(prices, '$.input') - json_extract(prices, '$.cached')) / 1000000.0
  ) AS INTEGER)) AS cache_saved`;

const KEYS_OF_RECORDS = sql`coalesce(account_id, first_account_id) AS account_id, client_key_id,
  coalesce(served_model, model, '') AS model, endpoint`;
const ACCOUNT_OF_RECORDS = sql`coalesce(account_id, first_account_id) AS account_id`;

const SUMS_OF_HOURS = sql`requests, delivered, cancelled, moved, limited, charged,
  unknown_cost, estimated, input_tokens, cached_tokens, cached_of_tokens, cache_write_tokens, output_tokens,
  reasoning_tokens, total_tokens, cost, cache_saved`;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface HourPart extends UsagePart {
  readonly hour_ms: number;
}

/** What these whole hours come to, from the records alone. */
export async function hoursOfRecords(db: Db, { fromMs, toMs }: Span): Promise<readonly HourPart[]> {
  const { rows } = await sql<HourPart>`
    SELECT cast(started_at_ms / ${HOUR_MS} AS INTEGER) * ${HOUR_MS} AS hour_ms, ${KEYS_OF_RECORDS}, ${SUMS_OF_RECORDS}
    FROM usage_records AS record
    WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5`.execute(db);
  return rows;
}

/** What is stored of these hours. */
export async function storedHours(db: Db, { fromMs, toMs }: Span): Promise<readonly HourPart[]> {
  const { rows } = await sql<HourPart>`
    SELECT hour_ms, account_id, client_key_id, model, endpoint, ${SUMS_OF_HOURS}
    FROM usage_hours WHERE hour_ms >= ${fromMs} AND hour_ms < ${toMs}`.execute(db);
  return rows;
}

/** Up to when whole hours are rolled up; 0 for none. */
export async function rolledUntilMs(db: Db): Promise<number> {
  const row = await db.selectFrom('usage_hours_state').select('until_ms').executeTakeFirst();
  return row?.until_ms ?? 0;
}

/**
 * A table expression of parts with the number of their step (`step`, from 0). Steps that are no whole hours, or do not
 * begin with one, are read from the records alone.
 * @param keys `account`: of all client keys, models and endpoints together, and without their columns
 */
export function partsIn(steps: Steps, untilMs: number, keys: 'account' | 'all' = 'all'): RawBuilder<unknown> {
  const { fromMs, toMs, stepMs } = steps;
  const rolledMs = rolledTo(steps, untilMs);
  const [table, stored, ofRecords, grouped] =
    keys === 'all'
      ? [
          sql`usage_hours`,
          sql`account_id, client_key_id, model, endpoint`,
          KEYS_OF_RECORDS,
          sql`1, 2, 3, 4, 5`,
        ]
      : [sql`usage_account_hours`, sql`account_id`, ACCOUNT_OF_RECORDS, sql`1, 2`];
  return sql`(
    SELECT cast((hour_ms - ${fromMs}) / ${stepMs} AS INTEGER) AS step, ${stored}, ${SUMS_OF_HOURS}
    FROM ${table} WHERE hour_ms >= ${fromMs} AND hour_ms < ${rolledMs}
    UNION ALL
    SELECT cast((started_at_ms - ${fromMs}) / ${stepMs} AS INTEGER) AS step, ${ofRecords}, ${SUMS_OF_RECORDS}
    FROM usage_records AS record
    WHERE started_at_ms >= ${rolledMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL
    GROUP BY ${grouped}
  )`;
}

/** Up to where this time can be read from whole hours; its beginning where it cannot. */
export function rolledTo({ fromMs, toMs, stepMs }: Steps, untilMs: number): number {
  const inHours = fromMs % HOUR_MS === 0 && stepMs % HOUR_MS === 0;
  if (!inHours) return fromMs;
  return Math.max(fromMs, Math.min(untilMs, Math.floor(toMs / HOUR_MS) * HOUR_MS));
}
