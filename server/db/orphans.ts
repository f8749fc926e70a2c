/**
 * Rows that a dead process left open, settled at the next start. What they used is not known; what was reserved
 * for them is kept as an estimate, because the provider may have charged it. When they ended is not known
 * either: `ended_at_ms` says when we noticed.
 */
import type { Database } from './open-database.ts';

const SETTLE_ORPHANS = `UPDATE usage_records SET
  outcome = 'interrupted', error_code = 'server_stopped', ended_at_ms = ?, account_id = first_account_id,
  attempts = 1, total_tokens = nullif(reserved_tokens, 0), cost = nullif(reserved_cost, 0), estimated = 1
WHERE outcome IS NULL`;

/** Answers how many there were. Called once, before the first call is taken. */
export function settleOrphans(db: Pick<Database, 'ledger'>, nowMs: number): number {
  return db.ledger.prepare(SETTLE_ORPHANS).run(Math.round(nowMs)).changes;
}
