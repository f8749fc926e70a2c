/** Settled calls since a moment, oldest first, with what a simulation needs to replay them and no more. */
import { sql } from 'kysely';
import type { RecordedCallsView, RecordedCallView } from '../../lib/wire/views.ts';
import type { Db } from './schema.ts';

export interface RecordedCallsParams {
  /** Unix milliseconds, inclusive. */
  readonly since: number;
  /** `nextAfter` of the page before. */
  readonly after: { readonly startedAtMs: number; readonly id: string } | null;
  readonly limit: number;
}

/** Pages follow (start, id), so that no call is met twice or not at all while new ones arrive. */
export async function recordedCalls(
  db: Db,
  { since, after, limit }: RecordedCallsParams,
): Promise<RecordedCallsView> {
  let query = db
    .selectFrom('usage_records')
    .select([
      'id',
      'started_at_ms as startedAtMs',
      'endpoint',
      'model',
      'client_key_id as clientKeyId',
      'session_hash as sessionHash',
      'parent_hash as parentHash',
      'request_bytes as requestBytes',
      'account_id as accountId',
      'outcome',
      'attempts',
      'input_tokens as inputTokens',
      'cached_tokens as cachedTokens',
      'output_tokens as outputTokens',
      'cost',
      'duration_ms as durationMs',
    ])
    .where('outcome', 'is not', null)
    .where('started_at_ms', '>=', since)
    .orderBy('started_at_ms')
    .orderBy('id')
    .limit(limit + 1);
  if (after !== null) {
    query = query.where(sql<boolean>`(started_at_ms, id) > (${after.startedAtMs}, ${after.id})`);
  }
  const found = await query.execute();
  const rows = found
    .slice(0, limit)
    .flatMap(({ outcome, attempts, ...row }): RecordedCallView[] =>
      outcome === null ? [] : [{ ...row, outcome, attempts: attempts ?? 0 }],
    );
  const last = rows.at(-1);
  const more = found.length > limit && last !== undefined;
  return { rows, nextAfter: more ? { startedAtMs: last.startedAtMs, id: last.id } : null };
}
