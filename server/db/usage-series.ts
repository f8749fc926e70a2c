/** Sums of every hour of a time by one of the four keys. */
import { sql } from 'kysely';
import { HOUR_MS } from '../../lib/base/time.ts';
import type { UsageKey } from '../../lib/wire/usage-views.ts';
import type { Db } from './schema.ts';
import { KEY_OF_PART } from './usage-breakdown.ts';
import { partsIn, rolledUntilMs, type Span } from './usage-parts.ts';
import { knownSum } from './usage-summary.ts';

export interface HourSum {
  /** From 0, counted from the beginning of the span. */
  readonly hour: number;
  readonly key: string;
  readonly requests: number;
  readonly tokens: number | null;
  /** Nano-dollars. */
  readonly cost: number | null;
}

interface Row {
  readonly step: number;
  readonly key: string;
  readonly requests: number;
  readonly charged: number;
  readonly tokens: number | null;
  readonly cost: number | null;
}

export async function usageSeries(
  db: Db,
  { by, ...span }: Span & { readonly by: UsageKey },
): Promise<readonly HourSum[]> {
  const keys = by === 'account' ? 'account' : 'all';
  const parts = partsIn({ ...span, stepMs: HOUR_MS }, await rolledUntilMs(db), keys);
  const { rows } = await sql<Row>`
    SELECT step, ${KEY_OF_PART[by]} AS key, sum(requests) AS requests, sum(charged) AS charged,
      sum(total_tokens) AS tokens, sum(cost) AS cost
    FROM ${parts} GROUP BY 1, 2`.execute(db);
  return rows.map(({ step, key, requests, charged, tokens, cost }) => ({
    hour: step,
    key,
    requests,
    tokens: knownSum(tokens, charged),
    cost: knownSum(cost, charged),
  }));
}
