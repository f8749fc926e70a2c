/**
 * The roll-ups, written: which hours are due, what is put down, and what may be pruned. An hour is due once it is over
 * and each of its calls is settled. Records never change after that, so what was read in the read worker still holds
 * when it is written here, and an hour can be worked out anew at any time while its records are kept.
 */
import { sql } from 'kysely';
import { DAY_MS, HOUR_MS } from '../../lib/base/time.ts';
import type { Handle } from './open.ts';
import type { Database } from './open-database.ts';
import type { Db } from './schema.ts';
import { type HourPart, hoursOfRecords, type Span, storedHours } from './usage-parts.ts';
import { type HourTimes, timesOfRecords } from './usage-times.ts';

export interface HoursState {
  /** Every hour that ends by then is written. */
  readonly untilMs: number;
  /** Records up to this one have been looked at. */
  readonly number: number;
  /** Records of calls that began before may be gone: those hours are closed. */
  readonly prunedMs: number;
}

export interface DueHours extends Span {
  /** The newest record there is, in these hours or not. */
  readonly number: number;
  readonly parts: readonly HourPart[];
  readonly times: readonly HourTimes[];
}

/** So many hours are read at once. */
const HOURS_AT_ONCE = 24;

export async function hoursState(db: Db): Promise<HoursState | null> {
  const row = await db.selectFrom('usage_hours_state').selectAll().executeTakeFirst();
  return row === undefined ? null : { untilMs: row.until_ms, number: row.number, prunedMs: row.pruned_ms };
}

/** What is to be written next; null when nothing is due. For the read worker. */
export async function dueHours(db: Db, { nowMs }: { readonly nowMs: number }): Promise<DueHours | null> {
  const state = await hoursState(db);
  const { rows } = await sql<{ readonly number: number | null; readonly first: number | null }>`
    SELECT (SELECT max(number) FROM usage_records) AS number,
      (SELECT min(started_at_ms) FROM usage_records) AS first`.execute(db);
  const [known] = rows;
  if (known === undefined || known.number === null || known.first === null) return null;
  const fromMs = Math.max(await beginning(db, state, known.first), state?.prunedMs ?? 0);
  const endMs = Math.min(Math.floor(nowMs / HOUR_MS) * HOUR_MS, fromMs + HOURS_AT_ONCE * HOUR_MS);
  const toMs = hourOf((await firstOpen(db, fromMs, endMs)) ?? endMs);
  if (toMs <= fromMs) return null;
  const span = { fromMs, toMs };
  const [parts, times] = [await hoursOfRecords(db, span), await timesOfRecords(db, span)];
  return { ...span, number: known.number, parts, times };
}

const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS;

/** Where the last time ended, or earlier: a clock that was set back puts calls into hours that were thought over. */
async function beginning(db: Db, state: HoursState | null, firstMs: number): Promise<number> {
  if (state === null) return hourOf(firstMs);
  const { rows } = await sql<{ readonly late: number | null }>`
    SELECT min(started_at_ms) AS late FROM usage_records
    WHERE number > ${state.number} AND started_at_ms < ${state.untilMs}`.execute(db);
  const late = rows[0]?.late ?? null;
  return late === null ? state.untilMs : hourOf(late);
}

async function firstOpen(db: Db, fromMs: number, toMs: number): Promise<number | null> {
  const { rows } = await sql<{ readonly first: number | null }>`
    SELECT min(started_at_ms) AS first FROM usage_records
    WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NULL`.execute(db);
  return rows[0]?.first ?? null;
}

/** Hours since then whose roll-up is not what their records come to; for the read worker. */
export async function wrongHours(
  db: Db,
  { sinceMs }: { readonly sinceMs: number },
): Promise<readonly number[]> {
  const state = await hoursState(db);
  if (state === null) return [];
  const { rows } = await sql<{ readonly first: number | null }>`
    SELECT min(started_at_ms) AS first FROM usage_records WHERE started_at_ms >= ${Math.max(state.prunedMs, sinceMs)}`.execute(
    db,
  );
  const firstMs = rows[0]?.first ?? null;
  const wrong = new Set<number>();
  const endMs = state.untilMs;
  for (let fromMs = firstMs === null ? endMs : hourOf(firstMs); fromMs < endMs; fromMs += DAY_MS) {
    const span = { fromMs, toMs: Math.min(fromMs + DAY_MS, endMs) };
    const stored = new Set((await storedHours(db, span)).map(fingerprint));
    const right = new Set((await hoursOfRecords(db, span)).map(fingerprint));
    for (const one of stored) if (!right.has(one)) wrong.add(JSON.parse(one)[0]);
    for (const one of right) if (!stored.has(one)) wrong.add(JSON.parse(one)[0]);
  }
  return [...wrong].sort((a, b) => a - b);
}

const fingerprint = (part: HourPart): string => JSON.stringify(COLUMNS.map((name) => part[name]));

export interface UsageHours {
  write(due: DueHours): void;
  /** From there on everything is worked out anew; hours whose records may be gone stay. */
  forgetFrom(fromMs: number): void;
  /** Deletes at most so many of the oldest records of calls that began before, and what hangs on them. */
  prune(beforeMs: number, most: number): number;
}

const COLUMNS = [
  'hour_ms',
  'account_id',
  'client_key_id',
  'model',
  'endpoint',
  'requests',
  'delivered',
  'cancelled',
  'moved',
  'limited',
  'charged',
  'unknown_cost',
  'estimated',
  'input_tokens',
  'cached_tokens',
  'cached_of_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'total_tokens',
  'cost',
  'cache_saved',
] as const satisfies readonly (keyof HourPart)[];

const KEYS: readonly string[] = ['hour_ms', 'account_id', 'client_key_id', 'model', 'endpoint'];
const ADDED = COLUMNS.filter((name) => !KEYS.includes(name));

const INSERT = `INSERT INTO usage_hours (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((name) => `@${name}`).join(', ')})`;
const REMOVE = 'DELETE FROM usage_hours WHERE hour_ms >= ? AND hour_ms < ?';
const REMOVE_ACCOUNTS = 'DELETE FROM usage_account_hours WHERE hour_ms >= ? AND hour_ms < ?';
const REMOVE_TIMES = 'DELETE FROM usage_hour_times WHERE hour_ms >= ? AND hour_ms < ?';
const ADD_UP = `INSERT INTO usage_account_hours (hour_ms, account_id, ${ADDED.join(', ')})
  SELECT hour_ms, account_id, ${ADDED.map((name) => `sum(${name})`).join(', ')}
  FROM usage_hours WHERE hour_ms >= ? AND hour_ms < ? GROUP BY hour_ms, account_id`;
const INSERT_TIMES =
  'INSERT INTO usage_hour_times (hour_ms, kind, bucket, calls) VALUES (@hour_ms, @kind, @bucket, @calls)';
const STATE = `INSERT INTO usage_hours_state (id, until_ms, number, pruned_ms) VALUES (1, @untilMs, @number, 0)
  ON CONFLICT (id) DO UPDATE SET until_ms = @untilMs, number = @number`;
const REWIND = 'UPDATE usage_hours_state SET until_ms = min(until_ms, max(?, pruned_ms))';
const PRUNE = `DELETE FROM usage_records WHERE number IN (
  SELECT number FROM usage_records WHERE started_at_ms < ? AND outcome IS NOT NULL
    AND number < (SELECT max(number) FROM usage_records) ORDER BY started_at_ms LIMIT ?
)`;
// The newest stays whatever its age, so that numbers never begin anew.
const PRUNED = 'UPDATE usage_hours_state SET pruned_ms = max(pruned_ms, ?)';
const PRUNE_EVENTS = 'DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at_ms < ? LIMIT ?)';

export function createUsageHours({ ledger }: Pick<Database, 'ledger'>): UsageHours {
  const statements = prepare(ledger);
  return {
    write: ledger.transaction(({ fromMs, toMs, number, parts, times }: DueHours) => {
      for (const remove of statements.removals) remove.run(fromMs, toMs);
      for (const part of parts) statements.insert.run(part);
      statements.addUp.run(fromMs, toMs);
      for (const time of times) statements.insertTimes.run(time);
      statements.state.run({ untilMs: toMs, number });
    }),
    forgetFrom: (fromMs) => void statements.rewind.run(fromMs),
    prune: ledger.transaction((beforeMs: number, most: number) => {
      statements.pruned.run(beforeMs);
      const records = statements.prune.run(beforeMs, most).changes;
      return records + statements.pruneEvents.run(beforeMs, most).changes;
    }),
  };
}

function prepare(handle: Handle) {
  return {
    insert: handle.prepare(INSERT),
    removals: [REMOVE, REMOVE_ACCOUNTS, REMOVE_TIMES].map((statement) => handle.prepare(statement)),
    addUp: handle.prepare(ADD_UP),
    insertTimes: handle.prepare(INSERT_TIMES),
    state: handle.prepare(STATE),
    rewind: handle.prepare(REWIND),
    prune: handle.prepare(PRUNE),
    pruned: handle.prepare(PRUNED),
    pruneEvents: handle.prepare(PRUNE_EVENTS),
  };
}
