/**
 * What single attempts met, read from the explanations of those calls that had trouble. All other calls had one
 * attempt, which was well, so their explanations need not be looked into.
 */
import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Calls whose only attempt cannot simply be taken for well. */
export const TROUBLED = sql<boolean>`(attempts <> 1 OR outcome <> 'delivered' OR status >= 400)`;

/** Of a troubled call, `usage_records AS record`: it met the limits of at least one account, whatever became of it. */
export const LIMITED = sql<boolean>`EXISTS (
  SELECT 1 FROM call_explanations AS why, json_each(why.explanation, '$.attempts') AS item
  WHERE why.record = record.number AND json_valid(why.explanation)
    AND json_extract(item.value, '$.failure.class') IN ('rate_limit', 'quota', 'too_large_for_limit')
)`;

export interface AttemptCount {
  readonly account_id: string;
  readonly step: number;
  /** limited: the account's own limits said no · failed: anything else that was its fault. */
  readonly fate: 'ok' | 'limited' | 'failed';
  readonly attempts: number;
}

export interface Steps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

export async function countAttempts(db: Db, steps: Steps): Promise<readonly AttemptCount[]> {
  const { fromMs, toMs, stepMs } = steps;
  const { rows } = await sql<AttemptCount>`
    WITH attempt AS (
      SELECT json_extract(item.value, '$.accountId') AS account_id,
        (record.started_at_ms - ${fromMs}) / ${stepMs} AS step,
        json_extract(item.value, '$.failure.class') AS class
      FROM usage_records AS record
      JOIN call_explanations AS why ON why.record = record.number AND json_valid(why.explanation)
      JOIN json_each(why.explanation, '$.attempts') AS item
      WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL AND ${TROUBLED}
      UNION ALL
      SELECT account_id, (started_at_ms - ${fromMs}) / ${stepMs}, NULL
      FROM usage_records
      WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL AND NOT ${TROUBLED}
    )
    SELECT account_id, cast(step AS INTEGER) AS step,
      CASE
        WHEN class IS NULL OR class IN ('caller_fault', 'policy', 'state_elsewhere') THEN 'ok'
        WHEN class IN ('rate_limit', 'quota', 'too_large_for_limit') THEN 'limited'
        ELSE 'failed'
      END AS fate,
      count(*) AS attempts
    FROM attempt WHERE account_id IS NOT NULL GROUP BY 1, 2, 3`.execute(db);
  return rows;
}
