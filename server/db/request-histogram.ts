/** How many of the calls that are meant began when, by what became of them. */
import { sql } from 'kysely';
import type { RequestBarView } from '../../lib/wire/views.ts';
import type { Steps } from './attempts.ts';
import { filterCondition, type RequestFilter } from './requests.ts';
import type { Db } from './schema.ts';

export interface RequestHistogramParams extends Steps {
  readonly filter: Omit<RequestFilter, 'since' | 'until'>;
}

type Row = Omit<RequestBarView, 'fromMs'> & { readonly step: number };

/** Every step, also those in which none began. */
export async function requestHistogram(db: Db, params: RequestHistogramParams): Promise<RequestBarView[]> {
  const { fromMs, toMs, stepMs, filter } = params;
  const { rows } = await sql<Row>`
    SELECT cast((started_at_ms - ${fromMs}) / ${stepMs} AS INTEGER) AS step,
      count(*) FILTER (WHERE outcome = 'delivered' AND account_id IS first_account_id) AS delivered,
      count(*) FILTER (WHERE outcome = 'delivered' AND account_id IS NOT first_account_id) AS moved,
      count(*) FILTER (WHERE outcome IN ('refused', 'failed', 'interrupted')) AS failed,
      count(*) FILTER (WHERE outcome = 'cancelled') AS "left",
      count(*) FILTER (WHERE outcome IS NULL) AS running
    FROM usage_records AS record
    WHERE ${filterCondition({ ...filter, since: fromMs, until: toMs })}
    GROUP BY 1`.execute(db);
  const found = new Map(rows.map(({ step, ...bar }) => [step, bar]));
  return Array.from({ length: Math.round((toMs - fromMs) / stepMs) }, (_, step) => ({
    fromMs: fromMs + step * stepMs,
    ...(found.get(step) ?? NONE),
  }));
}

const NONE = { delivered: 0, moved: 0, failed: 0, left: 0, running: 0 };
