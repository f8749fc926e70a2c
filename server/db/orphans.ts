/**
 * Rows that a dead process left open, settled at the next start. What they used is not known; what was reserved
 * for them is kept as an estimate, because the provider may have charged it. Where the price of the model is not
 * known the cost stays unknown, and what was reserved counts as the assumed one. When they ended is not known
 * either: `ended_at_ms` says when we noticed.
 *
 * An index of open rows would cost every call two pages, so the rows that can be open are found otherwise: a dead
 * process left them among its last, and no call lasts longer than a few hours.
 */
import { DAY_MS } from '../../lib/base/time.ts';
import type { Database } from './open-database.ts';

const ORPHANED = `outcome IS NULL AND (
  number > (SELECT max(number) FROM usage_records) - @rows
  OR started_at_ms > (SELECT max(started_at_ms) FROM usage_records) - @ms
)`;

const MODELS = `SELECT DISTINCT model FROM usage_records WHERE ${ORPHANED}`;

const SETTLE_ORPHANS = `UPDATE usage_records SET
  outcome = 'interrupted', error_code = 'server_stopped', ended_at_ms = @nowMs, account_id = nullif(first_account_id, ''),
  attempts = 1, total_tokens = nullif(reserved_tokens, 0), estimated = 1,
  cost = iif(model IN (SELECT value FROM json_each(@priced)), nullif(reserved_cost, 0), NULL),
  assumed_cost = iif(model IN (SELECT value FROM json_each(@priced)), NULL, nullif(reserved_cost, 0))
WHERE ${ORPHANED}`;

/** Four hours is the longest that `upstream.total_ms` allows; the rest is for clocks that were set. */
const LOOKED_BACK = { ms: DAY_MS, rows: 100_000 };

/**
 * Answers how many there were. Called once, before the first call is taken.
 *
 * @param hasPrice whether what was reserved for calls of this model came from its own price
 */
export function settleOrphans(
  db: Pick<Database, 'ledger'>,
  nowMs: number,
  hasPrice: (model: string) => boolean,
): number {
  const models = db.ledger.prepare<object, string | null>(MODELS).pluck().all(LOOKED_BACK);
  if (models.length === 0) return 0;
  const priced = JSON.stringify(models.filter((model) => model !== null && hasPrice(model)));
  return db.ledger.prepare(SETTLE_ORPHANS).run({ ...LOOKED_BACK, nowMs: Math.round(nowMs), priced }).changes;
}
