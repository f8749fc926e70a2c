/**
 * What the ledger says was used since a moment, per account and per client key. A call counts when an account
 * served it, at that account. Where the price is unknown the assumed cost counts; where an answer told no tokens
 * or no cost, the estimate that was reserved stands
 * in, except for refusals (4xx, 5xx): those are not charged by anyone.
 */
import { type NanoDollars, nanoDollars } from '../../lib/base/money.ts';
import type { SettledRecord } from '../../lib/metering/ledger.ts';
import type { WindowUse } from '../../lib/metering/limit.ts';
import { allTokens } from './ledger-statements.ts';
import type { Handle } from './open.ts';

export interface SettledAmounts {
  /** Null keeps the estimate. */
  readonly tokens: number | null;
  readonly cost: NanoDollars | null;
  readonly counted: boolean;
}

const REFUSED_FROM_STATUS = 400;

/** The rule above for one record, as the limit book takes it; the query below is its twin. */
export function settledAmounts(record: SettledRecord): SettledAmounts {
  const tokens = allTokens(record);
  const refused = record.status !== null && record.status >= REFUSED_FROM_STATUS;
  return {
    tokens: tokens ?? (refused ? 0 : null),
    cost: record.cost ?? record.assumedCost ?? (refused ? nanoDollars(0) : null),
    counted: record.accountId !== null,
  };
}

const SUMS = `WITH counted AS (
  SELECT account_id, client_key_id,
    coalesce(total_tokens, iif(status >= ${REFUSED_FROM_STATUS}, 0, reserved_tokens)) AS tokens,
    coalesce(cost, assumed_cost, iif(status >= ${REFUSED_FROM_STATUS}, 0, reserved_cost)) AS cost
  FROM usage_records
  WHERE started_at_ms >= ? AND started_at_ms < ? AND outcome IS NOT NULL AND account_id IS NOT NULL
)
SELECT account_id AS id, count(*) AS requests, sum(tokens) AS tokens, sum(cost) AS cost
  FROM counted GROUP BY account_id
UNION ALL
SELECT client_key_id, count(*), sum(tokens), sum(cost) FROM counted GROUP BY client_key_id`;

interface SumRow extends WindowUse {
  readonly id: string;
}

export function prepareSums(handle: Handle): (fromMs: number, toMs: number) => readonly SumRow[] {
  const statement = handle.prepare<[number, number], SumRow>(SUMS);
  return (fromMs, toMs) => statement.all(fromMs, toMs);
}
