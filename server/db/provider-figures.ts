/** What providers say of their own, as stored; a later answer for the same days replaces an earlier one. */
import { type Selectable, sql } from 'kysely';
import type { ProviderCost, ProviderUsage } from '../../lib/introspection/read.ts';
import type { Db, ProviderSourcesTable } from './schema.ts';
import { partsIn, rolledUntilMs, type Span } from './usage-parts.ts';

export type SourceRow = Selectable<ProviderSourcesTable>;

const ROWS_AT_ONCE = 200;

export async function replaceProviderUsage(
  db: Db,
  accountId: string,
  { fromMs, toMs }: Span,
  rows: readonly ProviderUsage[],
): Promise<void> {
  await db
    .deleteFrom('provider_usage')
    .where('account_id', '=', accountId)
    .where('day_ms', '>=', fromMs)
    .where('day_ms', '<', toMs)
    .execute();
  for (const some of inGroups(rows)) {
    const values = some.map((row) => ({
      account_id: accountId,
      day_ms: row.dayMs,
      model: row.model,
      requests: row.requests,
      input_tokens: row.inputTokens,
      cached_tokens: row.cachedTokens,
      output_tokens: row.outputTokens,
    }));
    // Several kinds of calls report the same model and day.
    await db
      .insertInto('provider_usage')
      .values(values)
      .onConflict((conflict) =>
        conflict.columns(['account_id', 'day_ms', 'model']).doUpdateSet((eb) => ({
          requests: sql`provider_usage.requests + ${eb.ref('excluded.requests')}`,
          input_tokens: sumOfKnown('input_tokens'),
          cached_tokens: sumOfKnown('cached_tokens'),
          output_tokens: sumOfKnown('output_tokens'),
        })),
      )
      .execute();
  }
}

/** Unknown only where both are. */
function sumOfKnown(column: 'input_tokens' | 'cached_tokens' | 'output_tokens') {
  const before = sql.ref(`provider_usage.${column}`);
  const more = sql.ref(`excluded.${column}`);
  return sql<number | null>`coalesce(${before} + ${more}, ${before}, ${more})`;
}

export async function replaceProviderCosts(
  db: Db,
  accountId: string,
  { fromMs, toMs }: Span,
  rows: readonly ProviderCost[],
): Promise<void> {
  await db
    .deleteFrom('provider_costs')
    .where('account_id', '=', accountId)
    .where('day_ms', '>=', fromMs)
    .where('day_ms', '<', toMs)
    .execute();
  for (const some of inGroups(rows)) {
    await db
      .insertInto('provider_costs')
      .values(some.map(({ dayMs, model, cost }) => ({ account_id: accountId, day_ms: dayMs, model, cost })))
      .onConflict((conflict) =>
        conflict
          .columns(['account_id', 'day_ms', 'model'])
          .doUpdateSet((eb) => ({ cost: sql`provider_costs.cost + ${eb.ref('excluded.cost')}` })),
      )
      .execute();
  }
}

function inGroups<T>(rows: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) groups.push(rows.slice(at, at + ROWS_AT_ONCE));
  return groups;
}

/** @param data what it said; undefined leaves what it said before */
export async function noteSource(
  db: Db,
  accountId: string,
  source: string,
  outcome:
    | { readonly okAtMs: number; readonly data?: unknown }
    | { readonly error: string; readonly errorAtMs: number },
): Promise<void> {
  const change =
    'okAtMs' in outcome
      ? {
          ok_at_ms: outcome.okAtMs,
          error: null,
          error_at_ms: null,
          ...(outcome.data === undefined ? {} : { data: JSON.stringify(outcome.data) }),
        }
      : { error: outcome.error, error_at_ms: outcome.errorAtMs };
  await db
    .insertInto('provider_sources')
    .values({ ok_at_ms: null, data: null, ...change, account_id: accountId, source })
    .onConflict((conflict) => conflict.columns(['account_id', 'source']).doUpdateSet(change))
    .execute();
}

export function listSources(db: Db): Promise<SourceRow[]> {
  return db.selectFrom('provider_sources').selectAll().orderBy('account_id').orderBy('source').execute();
}

export async function forgetProvider(db: Db, accountId: string): Promise<void> {
  for (const table of ['provider_usage', 'provider_costs', 'provider_sources'] as const)
    await db.deleteFrom(table).where('account_id', '=', accountId).execute();
}

export interface BesideRow {
  readonly account_id: string;
  readonly day_ms: number;
  readonly model: string;
  readonly our_requests: number | null;
  readonly our_input: number | null;
  readonly our_output: number | null;
  readonly our_cost: number | null;
  readonly our_charged: number | null;
  readonly our_unknown: number | null;
  readonly our_estimated: number | null;
  readonly their_requests: number | null;
  readonly their_input: number | null;
  readonly their_output: number | null;
  readonly their_cost: number | null;
}

/** Ours and theirs by account, UTC day and model, of the accounts named; newest day first. */
export async function besideEachOther(
  db: Db,
  { fromMs, toMs, accountIds }: Span & { readonly accountIds: readonly string[] },
): Promise<readonly BesideRow[]> {
  if (accountIds.length === 0) return [];
  const parts = partsIn({ fromMs, toMs, stepMs: 86_400_000 }, await rolledUntilMs(db));
  const ids = sql.join(accountIds);
  const { rows } = await sql<BesideRow>`
    WITH ours AS (
      SELECT account_id, ${fromMs} + step * 86400000 AS day_ms, model, sum(requests) AS requests,
        sum(input_tokens) AS input, sum(output_tokens) AS output, sum(cost) AS cost, sum(charged) AS charged,
        sum(unknown_cost) AS unknown, sum(estimated) AS estimated
      FROM ${parts} WHERE account_id IN (${ids}) AND charged > 0 GROUP BY 1, 2, 3
    ), theirs AS (
      SELECT account_id, day_ms, model, sum(requests) AS requests, sum(input_tokens) AS input,
        sum(output_tokens) AS output, sum(cost) AS cost
      FROM (
        SELECT account_id, day_ms, model, requests, input_tokens, output_tokens, NULL AS cost FROM provider_usage
        UNION ALL
        SELECT account_id, day_ms, model, NULL, NULL, NULL, cost FROM provider_costs
      ) WHERE account_id IN (${ids}) AND day_ms >= ${fromMs} AND day_ms < ${toMs} GROUP BY 1, 2, 3
    )
    SELECT coalesce(ours.account_id, theirs.account_id) AS account_id, coalesce(ours.day_ms, theirs.day_ms) AS day_ms,
      coalesce(ours.model, theirs.model) AS model, ours.requests AS our_requests, ours.input AS our_input,
      ours.output AS our_output, ours.cost AS our_cost, ours.charged AS our_charged, ours.unknown AS our_unknown,
      ours.estimated AS our_estimated, theirs.requests AS their_requests, theirs.input AS their_input,
      theirs.output AS their_output, theirs.cost AS their_cost
    FROM ours FULL JOIN theirs USING (account_id, day_ms, model)
    ORDER BY day_ms DESC, account_id, model`.execute(db);
  return rows;
}
