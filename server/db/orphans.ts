/**
 * Rows that a dead process left open, settled at the next start. What they used is not known; what was reserved
 * for them is kept as an estimate, because the provider may have charged it. When they ended is not known
 * either: `ended_at_ms` says when we noticed.
 *
 * An index of open rows would cost every call two pages, so the rows that can be open are found otherwise: a dead
 * process left them among its last, and no call lasts longer than a few hours.
 */
import { DAY_MS } from '../../lib/base/time.ts';
import type { Database } from './open-database.ts';

const SETTLE_ORPHANS = `UPDATE usage_records SET
  outcome = 'interrupted', error_code = 'server_stopped', ended_at_ms = @nowMs, account_id = first_account_id,
  attempts = 1, total_tokens = nullif(reserved_tokens, 0), cost = nullif(reserved_cost, 0), estimated = 1
WHERE outcome IS NULL AND (
  number > (SELECT max(number) FROM usage_records) - @rows
  OR started_at_ms > (SELECT max(started_at_ms) FROM usage_records) - @ms
)`;

/** Four hours is the longest that `upstream.total_ms` allows; the rest is for clocks that were set. */
const LOOKED_BACK = { ms: DAY_MS, rows: 100_000 };

/** Answers how many there were. Called once, before the first call is taken. */
export function settleOrphans(db: Pick<Database, 'ledger'>, nowMs: number): number {
  return db.ledger.prepare(SETTLE_ORPHANS).run({ ...LOOKED_BACK, nowMs: Math.round(nowMs) }).changes;
}
