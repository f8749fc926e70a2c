/**
 * Conversations of a time, from the records: a session with the sessions that it started. Whoever served the turn before
 * has the prompt cache, so a turn served elsewhere paid in full for input that it had in common with that one.
 */
import { sql } from 'kysely';
import type { Db } from './schema.ts';
import type { Span } from './usage-parts.ts';

export interface ConversationRow {
  readonly id: string;
  readonly first_at_ms: number;
  readonly last_at_ms: number;
  readonly client_key_id: string;
  /** JSON, in the order of their first turn. */
  readonly models: string;
  readonly accounts: string;
  readonly turns: number;
  readonly helpers: number;
  readonly total_tokens: number | null;
  readonly cached_share: number | null;
  readonly cost: number | null;
  readonly switches: number;
  readonly lost: number | null;
}

export interface ConversationRows {
  readonly rows: readonly ConversationRow[];
  readonly count: number;
  readonly lost: number | null;
}

export async function conversationsIn(
  db: Db,
  { fromMs, toMs, limit }: Span & { readonly limit: number },
): Promise<ConversationRows> {
  const turns = sql`
    WITH turn AS (
      SELECT coalesce(parent_hash, session_hash) AS id, session_hash, parent_hash, client_key_id, started_at_ms, number,
        coalesce(served_model, model, '') AS model, account_id, input_tokens, cached_tokens, total_tokens, cost, prices,
        lag(account_id) OVER before AS account_before, lag(input_tokens) OVER before AS input_before
      FROM usage_records
      WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL
        AND session_hash IS NOT NULL AND account_id IS NOT NULL
      WINDOW before AS (PARTITION BY session_hash ORDER BY number)
    ), priced AS (
      SELECT *, account_before <> account_id AS switched,
        CASE WHEN account_before <> account_id THEN cast(round(
          max(0, min(input_before, input_tokens) - coalesce(cached_tokens, 0))
            * (json_extract(prices, '$.input') - json_extract(prices, '$.cached')) / 1000000.0
        ) AS INTEGER) END AS lost
      FROM turn
    )`;
  const { rows } = await sql<ConversationRow>`${turns}
    SELECT id, min(started_at_ms) AS first_at_ms, max(started_at_ms) AS last_at_ms,
      min(client_key_id) AS client_key_id,
      json_group_array(DISTINCT model ORDER BY number) AS models,
      json_group_array(DISTINCT account_id ORDER BY number) AS accounts,
      count(*) AS turns,
      count(DISTINCT CASE WHEN parent_hash IS NOT NULL THEN session_hash END) AS helpers,
      sum(total_tokens) AS total_tokens,
      sum(cached_tokens) * 1.0 / nullif(sum(input_tokens) FILTER (WHERE cached_tokens IS NOT NULL), 0) AS cached_share,
      sum(cost) AS cost, coalesce(sum(switched), 0) AS switches,
      CASE WHEN coalesce(sum(switched), 0) = 0 THEN 0 ELSE sum(lost) END AS lost
    FROM priced GROUP BY id ORDER BY cost DESC NULLS LAST, last_at_ms DESC, id LIMIT ${limit}`.execute(db);
  const all = await sql<{
    readonly count: number;
    readonly switches: number;
    readonly lost: number | null;
  }>`${turns}
    SELECT count(DISTINCT id) AS count, coalesce(sum(switched), 0) AS switches, sum(lost) AS lost FROM priced`.execute(
    db,
  );
  const { count = 0, switches = 0, lost = null } = all.rows[0] ?? {};
  return { rows, count, lost: switches === 0 ? 0 : lost };
}
