/** What each account and each client key did today and lately, for their lists. */
import { sql } from 'kysely';
import type { AccountView, HeartbeatView } from '../../lib/wire/account-views.ts';
import type { ClientKeyView } from '../../lib/wire/views.ts';
import { countAttempts } from './attempts.ts';
import type { Db } from './schema.ts';
import { CHARGED } from './usage-parts.ts';
import { knownSum } from './usage-summary.ts';

export interface AccountActivityParams {
  readonly nowMs: number;
  readonly dayFromMs: number;
  /** The heartbeat's steps, the last of which contains the present. */
  readonly stepMs: number;
  readonly steps: number;
}

export type AccountActivity = Pick<AccountView, 'today' | 'heartbeat' | 'p95Ms' | 'lastUsedAtMs'>;
export type ClientActivity = Pick<ClientKeyView, 'today' | 'lastUsedAtMs'>;

interface TodayRow {
  readonly id: string;
  readonly requests: number;
  readonly charged: number;
  readonly tokens: number | null;
  readonly cost: number | null;
  readonly last_used_at_ms: number | null;
}

const todayColumns = sql`count(record.id) AS requests, count(record.id) FILTER (WHERE ${CHARGED}) AS charged,
  sum(record.total_tokens) AS tokens, sum(record.cost) AS cost`;

/** Every account that is not deleted, by id. */
export async function accountActivity(
  db: Db,
  params: AccountActivityParams,
): Promise<Record<string, AccountActivity>> {
  const { nowMs, dayFromMs, stepMs, steps } = params;
  const fromMs = (Math.floor(nowMs / stepMs) + 1 - steps) * stepMs;
  const toMs = fromMs + steps * stepMs;
  const beats = await countAttempts(db, { fromMs, toMs, stepMs });
  const sinceMidnight = await countAttempts(db, { fromMs: dayFromMs, toMs, stepMs: toMs - dayFromMs });
  const { rows } = await sql<TodayRow & { readonly p95: number | null }>`
    SELECT account.id, ${todayColumns},
      (SELECT max(started_at_ms) FROM usage_records WHERE account_id = account.id) AS last_used_at_ms,
      (SELECT cast(round(percentile_cont(first_token_ms, 0.95)) AS INTEGER) FROM usage_records
        WHERE account_id = account.id AND started_at_ms >= ${fromMs}) AS p95
    FROM accounts AS account
    LEFT JOIN usage_records AS record ON record.account_id = account.id
      AND record.started_at_ms >= ${dayFromMs} AND record.outcome IS NOT NULL
    WHERE account.deleted_at_ms IS NULL GROUP BY account.id`.execute(db);
  const limitedToday = new Map(
    sinceMidnight.filter((row) => row.fate === 'limited').map((row) => [row.account_id, row.attempts]),
  );
  return Object.fromEntries(
    rows.map((row) => [
      row.id,
      {
        today: { ...todayOf(row), limited: limitedToday.get(row.id) ?? 0 },
        heartbeat: { fromMs, stepMs, steps: beatsOf(row.id, beats, steps) },
        p95Ms: row.p95,
        lastUsedAtMs: row.last_used_at_ms,
      },
    ]),
  );
}

/** Every client key, revoked ones too, by id. */
export async function clientActivity(
  db: Db,
  { dayFromMs }: { readonly dayFromMs: number },
): Promise<Record<string, ClientActivity>> {
  const { rows } = await sql<TodayRow>`
    SELECT client.id, ${todayColumns},
      (SELECT max(started_at_ms) FROM usage_records WHERE client_key_id = client.id) AS last_used_at_ms
    FROM client_keys AS client
    LEFT JOIN usage_records AS record ON record.client_key_id = client.id
      AND record.started_at_ms >= ${dayFromMs} AND record.outcome IS NOT NULL
    GROUP BY client.id`.execute(db);
  return Object.fromEntries(
    rows.map((row) => [row.id, { today: todayOf(row), lastUsedAtMs: row.last_used_at_ms }]),
  );
}

function todayOf({ requests, tokens, cost, charged }: TodayRow) {
  return { requests, tokens: knownSum(tokens, charged), cost: knownSum(cost, charged) };
}

function beatsOf(
  accountId: string,
  counts: Awaited<ReturnType<typeof countAttempts>>,
  steps: number,
): HeartbeatView['steps'] {
  const beats: ({ ok: number; limited: number; failed: number } | null)[] = Array.from(
    { length: steps },
    () => null,
  );
  for (const { account_id, step, fate, attempts } of counts) {
    if (account_id !== accountId) continue;
    const beat = beats[step] ?? { ok: 0, limited: 0, failed: 0 };
    beat[fate] += attempts;
    beats[step] = beat;
  }
  return beats;
}
