/**
 * Forecasts of windows, worked out beside the data: the hours that they are based on are many, and drawing hundreds of
 * paths takes milliseconds that the thread with the calls does not have.
 */
import { sql } from 'kysely';
import { DAY_MS, HOUR_MS } from '../../lib/base/time.ts';
import { type Forecast, forecast } from '../../lib/metering/forecast.ts';
import type { LimitKind } from '../../lib/metering/limit.ts';
import { slotsIn } from '../../lib/metering/slots.ts';
import type { Db } from './schema.ts';
import { partsIn, rolledUntilMs } from './usage-parts.ts';

export interface ForecastAsk {
  /** Whose use: everybody's, an account's, a client key's. */
  readonly of: { readonly kind: 'all' } | { readonly kind: 'account' | 'client'; readonly id: string };
  readonly amount: LimitKind;
  /** In the window so far. */
  readonly used: number;
  readonly endMs: number;
  readonly limit: number | null;
}

export interface ForecastParams {
  readonly nowMs: number;
  readonly timeZone: string;
  readonly asks: readonly ForecastAsk[];
}

/** Eight weeks tell weekdays apart; older days hardly count. */
const HISTORY_MS = 56 * DAY_MS;

/** In the order of the asks; null where there is too little to go by. */
export async function forecastUsage(
  db: Db,
  { nowMs, timeZone, asks }: ForecastParams,
): Promise<readonly (Forecast | null)[]> {
  const slotOf = slotsIn(timeZone);
  const lastHourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const fromMs = lastHourMs - HISTORY_MS;
  const rows = await hourlyRows(db, fromMs, lastHourMs + HOUR_MS);
  return asks.map((ask, seed) => {
    const series = seriesOf(rows, ask, (lastHourMs - fromMs) / HOUR_MS + 1);
    if (series === null) return null;
    const { hours, first } = series;
    const { used, endMs, limit } = ask;
    return forecast({ hours, fromMs: fromMs + first * HOUR_MS, nowMs, used, endMs, slotOf, limit, seed });
  });
}

interface HourRow {
  readonly step: number;
  readonly account_id: string;
  readonly client_key_id: string;
  readonly requests: number;
  readonly tokens: number | null;
  readonly cost: number | null;
}

async function hourlyRows(db: Db, fromMs: number, toMs: number): Promise<readonly HourRow[]> {
  const parts = partsIn({ fromMs, toMs, stepMs: HOUR_MS }, await rolledUntilMs(db));
  const { rows } = await sql<HourRow>`
    SELECT step, account_id, client_key_id, sum(requests) AS requests, sum(total_tokens) AS tokens, sum(cost) AS cost
    FROM ${parts} GROUP BY step, account_id, client_key_id`.execute(db);
  return rows;
}

/** From the first hour in which anything was used; null when nothing was. */
function seriesOf(
  rows: readonly HourRow[],
  { of, amount }: ForecastAsk,
  length: number,
): { readonly hours: readonly number[]; readonly first: number } | null {
  const hours = new Array<number>(length).fill(0);
  let first = length;
  for (const row of rows) {
    if (of.kind === 'account' && row.account_id !== of.id) continue;
    if (of.kind === 'client' && row.client_key_id !== of.id) continue;
    first = Math.min(first, row.step);
    hours[row.step] = (hours[row.step] ?? 0) + (row[amount] ?? 0);
  }
  return first === length ? null : { hours: hours.slice(first), first };
}
