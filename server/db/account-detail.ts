/** What one account did over a time, from the records themselves: only they know single minutes and attempts. */
import { sql } from 'kysely';
import { MINUTE_MS } from '../../lib/base/time.ts';
import type { FailureClass } from '../../lib/resilience/failure.ts';
import type {
  AccountCauseView,
  AccountDetailView,
  AccountModelView,
  AccountRestView,
  AccountStepView,
} from '../../lib/wire/account-detail-views.ts';
import { countAttempts, type Steps, TROUBLED } from './attempts.ts';
import type { Db } from './schema.ts';
import { CHARGED } from './usage-parts.ts';
import { knownSum } from './usage-summary.ts';

export interface AccountDetailParams extends Steps {
  readonly accountId: string;
}

export interface Moved {
  readonly accountId: string;
  readonly calls: number;
}

export interface AccountDetail
  extends Pick<AccountDetailView, 'steps' | 'rests' | 'models' | 'total' | 'causes'> {
  readonly movedAway: readonly Moved[];
  readonly takenOver: readonly Moved[];
}

const CAUSES_MAX = 50;

export async function accountDetail(db: Db, params: AccountDetailParams): Promise<AccountDetail> {
  const [total] = await modelsOf(db, params, false);
  if (total === undefined) throw new Error('an aggregate without GROUP BY has one row');
  const { model: _all, ...sums } = total;
  return {
    steps: await stepsOf(db, params),
    rests: await restsOf(db, params),
    models: await modelsOf(db, params, true),
    total: sums,
    causes: await causesOf(db, params),
    movedAway: await movedOf(db, params, 'away'),
    takenOver: await movedOf(db, params, 'here'),
  };
}

interface StepRow {
  readonly step: number;
  readonly calls: number;
  readonly charged: number;
  readonly peak_requests: number;
  readonly peak_tokens: number | null;
  readonly cost: number | null;
}

async function stepsOf(db: Db, params: AccountDetailParams): Promise<AccountStepView[]> {
  const { accountId, fromMs, toMs, stepMs } = params;
  const { rows } = await sql<StepRow>`
    SELECT step, sum(calls) AS calls, sum(charged) AS charged, max(calls) AS peak_requests,
      max(tokens) AS peak_tokens, sum(cost) AS cost
    FROM (
      SELECT cast((started_at_ms - ${fromMs}) / ${stepMs} AS INTEGER) AS step, count(*) AS calls,
        count(*) FILTER (WHERE ${CHARGED}) AS charged, sum(total_tokens) AS tokens, sum(cost) AS cost
      FROM usage_records
      WHERE account_id = ${accountId} AND started_at_ms >= ${fromMs} AND started_at_ms < ${toMs}
        AND outcome IS NOT NULL
      GROUP BY 1, cast(started_at_ms / ${MINUTE_MS} AS INTEGER)
    ) GROUP BY step`.execute(db);
  const found = new Map(rows.map((row) => [row.step, row]));
  const limited = new Map<number, number>();
  for (const row of await countAttempts(db, { fromMs, toMs, stepMs }))
    if (row.account_id === accountId && row.fate === 'limited') limited.set(row.step, row.attempts);
  return Array.from({ length: Math.round((toMs - fromMs) / stepMs) }, (_, step) => {
    const row = found.get(step);
    return {
      fromMs: fromMs + step * stepMs,
      calls: row?.calls ?? 0,
      peakRequests: row?.peak_requests ?? 0,
      peakTokens: row === undefined ? 0 : knownSum(row.peak_tokens, row.charged),
      cost: row === undefined ? 0 : knownSum(row.cost, row.charged),
      limited: limited.get(step) ?? 0,
    };
  });
}

async function restsOf(db: Db, { accountId, fromMs, toMs }: AccountDetailParams): Promise<AccountRestView[]> {
  const { rows } = await sql<{
    readonly at_ms: number;
    readonly until_ms: number;
    readonly model: string | null;
  }>`
    SELECT at_ms, json_extract(data, '$.untilMs') AS until_ms, json_extract(data, '$.model') AS model
    FROM events
    WHERE at_ms < ${toMs} AND account_id = ${accountId}
      AND kind IN ('account.cooling_down', 'account.out_of_quota')
      AND json_extract(data, '$.untilMs') > ${fromMs}
    ORDER BY at_ms`.execute(db);
  return rows.map((row) => ({ fromMs: row.at_ms, untilMs: row.until_ms, model: row.model }));
}

interface ModelRow {
  readonly model: string;
  readonly calls: number;
  readonly charged: number;
  readonly input_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly cached_of_tokens: number | null;
  readonly output_tokens: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly cost: number | null;
}

/** @param each by model; else one row of all together, also where there was no call */
async function modelsOf(db: Db, params: AccountDetailParams, each: boolean): Promise<AccountModelView[]> {
  const { accountId, fromMs, toMs } = params;
  const { rows } = await sql<ModelRow>`
    SELECT ${each ? sql`coalesce(served_model, model, '')` : sql`''`} AS model, count(*) AS calls,
      count(*) FILTER (WHERE ${CHARGED}) AS charged,
      sum(input_tokens) AS input_tokens, sum(cached_tokens) AS cached_tokens,
      sum(input_tokens) FILTER (WHERE cached_tokens IS NOT NULL) AS cached_of_tokens,
      sum(output_tokens) AS output_tokens,
      cast(round(percentile_cont(first_token_ms, 0.5)) AS INTEGER) AS p50,
      cast(round(percentile_cont(first_token_ms, 0.95)) AS INTEGER) AS p95,
      sum(cost) AS cost
    FROM usage_records
    WHERE account_id = ${accountId} AND started_at_ms >= ${fromMs} AND started_at_ms < ${toMs}
      AND outcome IS NOT NULL
    ${each ? sql`GROUP BY 1 ORDER BY cost DESC NULLS LAST, calls DESC, 1` : sql``}`.execute(db);
  return rows.map((row) => ({
    model: row.model,
    calls: row.calls,
    inputTokens: knownSum(row.input_tokens, row.charged),
    cachedShare:
      row.cached_of_tokens === null || row.cached_of_tokens === 0
        ? null
        : (row.cached_tokens ?? 0) / row.cached_of_tokens,
    outputTokens: knownSum(row.output_tokens, row.charged),
    p50Ms: row.p50,
    p95Ms: row.p95,
    cost: knownSum(row.cost, row.charged),
  }));
}

interface CauseRow {
  readonly class: FailureClass;
  readonly code: string | null;
  readonly status: number | null;
  readonly summary: string | null;
  readonly attempts: number;
  readonly last_at_ms: number;
  readonly elsewhere: number;
  readonly here: number;
  readonly gone: number;
  readonly told: number;
}

/** `summary` is that of the newest: SQLite takes a bare column from the row that has the maximum. */
async function causesOf(db: Db, params: AccountDetailParams): Promise<AccountCauseView[]> {
  const { accountId, fromMs, toMs } = params;
  const { rows } = await sql<CauseRow>`
    SELECT class, code, status, summary, max(started_at_ms) AS last_at_ms, count(*) AS attempts,
      count(*) FILTER (WHERE outcome = 'delivered' AND answered AND NOT served_here) AS elsewhere,
      count(*) FILTER (WHERE outcome = 'delivered' AND answered AND served_here) AS here,
      count(*) FILTER (WHERE outcome = 'cancelled') AS gone,
      count(*) FILTER (WHERE outcome <> 'cancelled' AND NOT (outcome = 'delivered' AND answered)) AS told
    FROM (
      SELECT record.started_at_ms, record.outcome, coalesce(record.status, 200) < 400 AS answered,
        record.account_id IS ${accountId} AS served_here,
        json_extract(item.value, '$.failure.class') AS class,
        json_extract(item.value, '$.failure.code') AS code,
        json_extract(item.value, '$.failure.summary') AS summary,
        json_extract(item.value, '$.status') AS status
      FROM usage_records AS record
      JOIN call_explanations AS why ON why.record = record.number AND json_valid(why.explanation)
      JOIN json_each(why.explanation, '$.attempts') AS item
      WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL AND ${TROUBLED}
        AND json_extract(item.value, '$.accountId') = ${accountId}
    ) WHERE class IS NOT NULL
    GROUP BY class, code, status ORDER BY attempts DESC, last_at_ms DESC LIMIT ${CAUSES_MAX}`.execute(db);
  return rows.map(({ last_at_ms, gone, code, summary, ...row }) => ({
    ...row,
    code: code ?? '',
    summary: summary ?? '',
    lastAtMs: last_at_ms,
    left: gone,
  }));
}

async function movedOf(db: Db, params: AccountDetailParams, way: 'away' | 'here'): Promise<Moved[]> {
  const { accountId, fromMs, toMs } = params;
  const [ours, theirs] =
    way === 'away' ? ['first_account_id', 'account_id'] : ['account_id', 'first_account_id'];
  const { rows } = await sql<Moved>`
    SELECT ${sql.ref(theirs)} AS "accountId", count(*) AS calls
    FROM usage_records
    WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL
      AND ${sql.ref(ours)} = ${accountId} AND first_account_id <> '' AND account_id IS NOT NULL
      AND account_id <> first_account_id
    GROUP BY 1 ORDER BY calls DESC, 1`.execute(db);
  return [...rows];
}
