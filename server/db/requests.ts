/** The requests list, newest first, and one request with its explanation. */
import { type RawBuilder, sql } from 'kysely';
import { PLAYGROUND_ID, PLAYGROUND_NAME } from '../../lib/clients/playground.ts';
import { CamError } from '../../lib/errors.ts';
import { DASH } from '../../lib/format.ts';
import type { Outcome } from '../../lib/metering/ledger.ts';
import type { UnitPrices } from '../../lib/metering/price.ts';
import type { SearchTerm } from '../../lib/requests/search.ts';
import type { Attempt } from '../../lib/routing/attempt.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { RequestListView, RequestRowView, RequestView, UsageView } from '../../lib/wire/views.ts';
import { NO_ACCOUNT } from './ledger-statements.ts';
import { type Names, searchCondition } from './request-search.ts';
import type { Db } from './schema.ts';

/** Which calls are meant. */
export interface RequestFilter {
  readonly accountId?: string | undefined;
  readonly clientKeyId?: string | undefined;
  readonly outcome?: Outcome | undefined;
  /** Unix milliseconds, inclusive. */
  readonly since?: number | undefined;
  /** Unix milliseconds, exclusive. */
  readonly until?: number | undefined;
  /** All of them have to hold. */
  readonly search?: { readonly terms: readonly SearchTerm[]; readonly names: Names } | undefined;
}

export interface RequestListParams extends RequestFilter {
  /** `nextBefore` of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** As a condition on `usage_records AS record`. */
export function filterCondition(filter: RequestFilter): RawBuilder<boolean> {
  const { accountId, clientKeyId, outcome, since, until, search } = filter;
  const all: RawBuilder<boolean>[] = [sql<boolean>`1`];
  if (accountId !== undefined) {
    all.push(sql<boolean>`(record.account_id = ${accountId}
      OR record.account_id IS NULL AND record.first_account_id = ${accountId})`);
  }
  if (clientKeyId !== undefined) all.push(sql<boolean>`record.client_key_id = ${clientKeyId}`);
  if (outcome !== undefined) all.push(sql<boolean>`record.outcome = ${outcome}`);
  if (since !== undefined) all.push(sql<boolean>`record.started_at_ms >= ${since}`);
  if (until !== undefined) all.push(sql<boolean>`record.started_at_ms < ${until}`);
  if (search !== undefined) for (const term of search.terms) all.push(searchCondition(term, search.names));
  return sql<boolean>`${sql.join(all, sql` AND `)}`;
}

/** What is gone with its whole history keeps a word in its place. */
const GONE = 'Deleted';
const CURSOR = /^(\d{1,16})_([0-9a-f-]{36})$/;

function selectRows(db: Db) {
  return db
    .selectFrom('usage_records as record')
    .leftJoin('client_keys as client', 'client.id', 'record.client_key_id')
    .leftJoin('accounts as first', 'first.id', 'record.first_account_id')
    .leftJoin('accounts as served', 'served.id', 'record.account_id')
    .selectAll('record')
    .select(['client.name as client_name', 'first.name as first_name', 'served.name as served_name']);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRows>['execute']>>[number];

/** Pages follow (start, id), so a row never shows twice or not at all while new ones arrive. */
export async function listRequests(db: Db, params: RequestListParams): Promise<RequestListView> {
  const { before, limit, ...filter } = params;
  let query = selectRows(db)
    .where(filterCondition(filter))
    .orderBy('record.started_at_ms', 'desc')
    .orderBy('record.id', 'desc');
  if (before !== undefined) {
    const { startedAtMs, id } = readCursor(before);
    query = query.where(sql<boolean>`(record.started_at_ms, record.id) < (${startedAtMs}, ${id})`);
  }
  const rows = await query.limit(limit + 1).execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map(toRowView),
    nextBefore: rows.length > limit && last ? `${last.started_at_ms}_${last.id}` : null,
  };
}

/** By id, or by the beginning of one when it is the only one. Null when there is none. */
export async function getRequest(db: Db, { id }: { readonly id: string }): Promise<RequestView | null> {
  const rows = await selectRows(db)
    .leftJoin('call_explanations as why', 'why.record', 'record.number')
    .select('why.explanation')
    .leftJoin('captures as capture', 'capture.request_id', 'record.id')
    .select('capture.expires_at_ms')
    .where('record.id', '>=', id)
    .where('record.id', '<', `${id}~`)
    .limit(2)
    .execute();
  const [row] = rows;
  if (!row || rows.length > 1) return null;
  const { session = null, plan = null, attempts = [] } = parsed<Explanation>(row.explanation) ?? {};
  return {
    ...toRowView(row),
    errorMessage: null,
    userAgent: row.user_agent,
    requestBytes: row.request_bytes,
    responseBytes: row.response_bytes,
    sessionHash: row.session_hash,
    parentHash: row.parent_hash,
    sessionSource: session,
    homeName: plan?.home ? await nameOfAccount(db, plan.home) : null,
    serviceTier: row.service_tier,
    servedModel: row.served_model,
    prices: parsed<UnitPrices>(row.prices),
    plan,
    attemptList: attempts.map((attempt) => untilTheEnd(attempt, row.duration_ms)),
    captured: row.expires_at_ms !== null,
  };
}

/** The delivered attempt is written down when its answer begins; it went on until the call ended. */
function untilTheEnd(attempt: Attempt, durationMs: number | null): Attempt {
  const delivered = attempt.failure === null && attempt.status !== null;
  return delivered && durationMs !== null && durationMs > attempt.endedMs
    ? { ...attempt, endedMs: durationMs }
    : attempt;
}

async function nameOfAccount(db: Db, id: string): Promise<string> {
  const row = await db.selectFrom('accounts').select('name').where('id', '=', id).executeTakeFirst();
  return row?.name ?? GONE;
}

interface Explanation {
  readonly session?: string;
  readonly plan?: RoutePlan | null;
  readonly attempts?: readonly Attempt[];
}

function readCursor(text: string): { readonly startedAtMs: number; readonly id: string } {
  const [, startedAtMs, id] = CURSOR.exec(text) ?? [];
  if (startedAtMs === undefined || id === undefined) {
    throw new CamError('invalid_request', 'That is not a place in the requests list.', { param: 'before' });
  }
  return { startedAtMs: Number(startedAtMs), id };
}

function toRowView(row: Row): RequestRowView {
  return {
    id: row.id,
    startedAtMs: row.started_at_ms,
    endpoint: row.endpoint,
    model: row.model,
    stream: row.stream === 1,
    clientName: row.client_name ?? (row.client_key_id === PLAYGROUND_ID ? PLAYGROUND_NAME : GONE),
    clientKeyId: row.client_key_id,
    firstAccountId: row.first_account_id,
    firstAccountName: row.first_name ?? (row.first_account_id === NO_ACCOUNT ? DASH : GONE),
    accountId: row.account_id,
    accountName: row.account_id === null ? null : (row.served_name ?? GONE),
    outcome: row.outcome,
    status: row.status,
    errorCode: row.error_code,
    attempts: row.attempts ?? 0,
    usage: toUsageView(row),
    cost: row.cost,
    assumedCost: row.assumed_cost,
    firstTokenMs: row.first_token_ms,
    durationMs: row.duration_ms,
    overheadUs: row.overhead_us,
    reasoningDropped: row.reasoning_dropped === 1,
  };
}

function toUsageView(row: Row): UsageView | null {
  const figures = {
    inputTokens: row.input_tokens,
    cachedTokens: row.cached_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    outputTokens: row.output_tokens,
    reasoningTokens: row.reasoning_tokens,
    totalTokens: row.total_tokens,
  };
  const flagged = row.usage_flagged === 1;
  const known = flagged || Object.values(figures).some((figure) => figure !== null);
  return known ? { ...figures, estimated: row.estimated === 1, flagged } : null;
}

/** JSON that we wrote ourselves; null where there is none or it was damaged. */
function parsed<T>(text: string | null): T | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
