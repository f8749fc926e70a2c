/**
 * How long things took, as quantiles. Counted in buckets that grow by a tenth, so that hours add up to days and a quantile
 * is the same with and without roll-ups; it is the middle of its bucket, and so at most a twentieth off.
 */
import { type RawBuilder, sql } from 'kysely';
import { HOUR_MS } from '../../lib/base/time.ts';
import type { Steps } from './attempts.ts';
import type { Db } from './schema.ts';
import { rolledTo, type Span } from './usage-parts.ts';

export const TIME_KINDS = ['first_token_ms', 'overhead_us'] as const;
export type TimeKind = (typeof TIME_KINDS)[number];

export interface HourTimes {
  readonly hour_ms: number;
  readonly kind: TimeKind;
  readonly bucket: number;
  readonly calls: number;
}

const GROWTH = 1.1;
const COLUMNS: Readonly<Record<TimeKind, RawBuilder<unknown>>> = {
  first_token_ms: sql`first_token_ms`,
  overhead_us: sql`overhead_us`,
};
/** What took less than one unit is in the first bucket. */
const bucketOf = (kind: TimeKind): RawBuilder<unknown> =>
  sql`cast(ln(max(1, ${COLUMNS[kind]})) / ln(${GROWTH}) AS INTEGER)`;

/** Of these whole hours, from the records. */
export async function timesOfRecords(db: Db, { fromMs, toMs }: Span): Promise<readonly HourTimes[]> {
  const found: HourTimes[] = [];
  for (const kind of TIME_KINDS) {
    const { rows } = await sql<HourTimes>`
      SELECT cast(started_at_ms / ${HOUR_MS} AS INTEGER) * ${HOUR_MS} AS hour_ms, ${kind} AS kind,
        ${bucketOf(kind)} AS bucket, count(*) AS calls
      FROM usage_records
      WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL
        AND ${COLUMNS[kind]} IS NOT NULL
      GROUP BY 1, 3`.execute(db);
    found.push(...rows);
  }
  return found;
}

export interface Quantiles {
  /** Of the whole time; null where nothing was measured. */
  of(share: number): number | null;
  /** Of one step. */
  inStep(step: number, share: number): number | null;
}

export async function quantilesIn(db: Db, kind: TimeKind, steps: Steps, untilMs: number): Promise<Quantiles> {
  const { fromMs, toMs, stepMs } = steps;
  const rolledMs = rolledTo(steps, untilMs);
  const { rows } = await sql<{ readonly step: number; readonly bucket: number; readonly calls: number }>`
    SELECT step, bucket, sum(calls) AS calls FROM (
      SELECT cast((hour_ms - ${fromMs}) / ${stepMs} AS INTEGER) AS step, bucket, calls
      FROM usage_hour_times WHERE hour_ms >= ${fromMs} AND hour_ms < ${rolledMs} AND kind = ${kind}
      UNION ALL
      SELECT cast((started_at_ms - ${fromMs}) / ${stepMs} AS INTEGER) AS step, ${bucketOf(kind)} AS bucket, count(*)
      FROM usage_records
      WHERE started_at_ms >= ${rolledMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL
        AND ${COLUMNS[kind]} IS NOT NULL
      GROUP BY 1, 2
    ) GROUP BY step, bucket ORDER BY bucket`.execute(db);
  const bySteps = Map.groupBy(rows, ({ step }) => step);
  return {
    of: (share) => quantile(rows, share),
    inStep: (step, share) => quantile(bySteps.get(step) ?? [], share),
  };
}

/** @param counts ascending by bucket; a bucket may stand several times */
function quantile(
  counts: readonly { readonly bucket: number; readonly calls: number }[],
  share: number,
): number | null {
  const all = counts.reduce((sum, { calls }) => sum + calls, 0);
  if (all === 0) return null;
  let upTo = 0;
  for (const { bucket, calls } of counts) {
    upTo += calls;
    if (upTo >= share * all) return Math.round(GROWTH ** (bucket + 0.5));
  }
  return null;
}
