/** What single days cost, for telling an unusual one. */
import { sql } from 'kysely';
import { DAY_MS } from '../../lib/base/time.ts';
import type { Db } from './schema.ts';
import { partsIn, rolledUntilMs } from './usage-parts.ts';

/** Of the whole days before this moment, newest first; a day without a known cost is 0. */
export async function dailyCosts(
  db: Db,
  { beforeMs, days }: { readonly beforeMs: number; readonly days: number },
): Promise<readonly number[]> {
  const fromMs = beforeMs - days * DAY_MS;
  const parts = partsIn({ fromMs, toMs: beforeMs, stepMs: DAY_MS }, await rolledUntilMs(db), 'account');
  const { rows } = await sql<{ readonly step: number; readonly cost: number | null }>`
    SELECT step, sum(cost) AS cost FROM ${parts} GROUP BY step`.execute(db);
  const costs = new Map(rows.map(({ step, cost }) => [step, cost ?? 0]));
  return Array.from({ length: days }, (_, back) => costs.get(days - 1 - back) ?? 0);
}
