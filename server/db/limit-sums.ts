/**
 * What the ledger says was used since a moment, per account and per client key. A call counts when an account
 * served it, at that account. Where the price is unknown the assumed cost counts; where an answer told no tokens or
 * no cost, or figures that no honest provider tells, the estimate that was reserved stands in, except for refusals
 * (4xx, 5xx): those are not charged by anyone.
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
  const refused = record.status !== null && record.status >= REFUSED_FROM_STATUS;
  const believed = record.usage?.flagged !== true || record.estimated;
  const tokens = believed ? allTokens(record) : null;
  const cost = believed ? (record.cost ?? record.assumedCost) : null;
  return {
    tokens: tokens ?? (refused ? 0 : null),
    cost: cost ?? (refused ? nanoDollars(0) : null),
    counted: record.accountId !== null,
  };
}

/** Told by the provider, and not counted by ourselves in its place. */
const NOT_BELIEVED = 'usage_flagged = 1 AND estimated = 0';

const COUNTED = `WITH counted AS (
  SELECT account_id, client_key_id, model, started_at_ms,
    coalesce(
      iif(${NOT_BELIEVED}, NULL, total_tokens), iif(status >= ${REFUSED_FROM_STATUS}, 0, reserved_tokens)
    ) AS tokens,
    coalesce(
      iif(${NOT_BELIEVED}, NULL, coalesce(cost, assumed_cost)),
      iif(status >= ${REFUSED_FROM_STATUS}, 0, reserved_cost)
    ) AS cost
  FROM usage_records
  WHERE started_at_ms >= @fromMs AND started_at_ms < @toMs AND outcome IS NOT NULL AND account_id IS NOT NULL`;

const SUMS = `${COUNTED}
)
SELECT account_id AS id, count(*) AS requests, sum(tokens) AS tokens, sum(cost) AS cost
  FROM counted GROUP BY account_id
UNION ALL
SELECT client_key_id, count(*), sum(tokens), sum(cost) FROM counted GROUP BY client_key_id`;

const STEPS = `${COUNTED} AND client_key_id = @clientKeyId
)
SELECT model, min(started_at_ms) AS atMs, count(*) AS requests, sum(tokens) AS tokens, sum(cost) AS cost
  FROM counted GROUP BY model, started_at_ms / @stepMs`;

/** What is known of a settled call whose settlement is not written yet. */
const OPEN_ROW = `SELECT client_key_id AS clientKeyId, model, started_at_ms AS atMs,
  reserved_tokens AS tokens, reserved_cost AS cost
FROM usage_records WHERE id = ? AND outcome IS NULL`;

interface SumRow extends WindowUse {
  readonly id: string;
}

/** What the calls of one model used in one step of a window. */
export interface StepRow extends WindowUse {
  readonly model: string | null;
  readonly atMs: number;
}

export interface UnwrittenUse extends StepRow {
  readonly accountId: string;
  readonly clientKeyId: string;
}

export interface LimitSums {
  between(fromMs: number, toMs: number): readonly SumRow[];
  /** @param stepMs the length by which the uses are told apart */
  steps(clientKeyId: string, fromMs: number, toMs: number, stepMs: number): readonly StepRow[];
  /** The same of settlements that are on their way to the disk. */
  unwritten(records: readonly SettledRecord[]): readonly UnwrittenUse[];
}

export function prepareSums(handle: Handle): LimitSums {
  const sums = handle.prepare<[{ fromMs: number; toMs: number }], SumRow>(SUMS);
  const steps = handle.prepare<
    [{ clientKeyId: string; fromMs: number; toMs: number; stepMs: number }],
    StepRow
  >(STEPS);
  const openRow = handle.prepare<[string], Omit<UnwrittenUse, 'accountId' | 'requests'>>(OPEN_ROW);
  return {
    between: (fromMs, toMs) => sums.all({ fromMs, toMs }),
    steps: (clientKeyId, fromMs, toMs, stepMs) => steps.all({ clientKeyId, fromMs, toMs, stepMs }),
    unwritten: (records) =>
      records.flatMap((record) => {
        const { tokens, cost } = settledAmounts(record);
        const row = record.accountId === null ? undefined : openRow.get(record.id);
        if (record.accountId === null || !row) return [];
        const use = { requests: 1, tokens: tokens ?? row.tokens, cost: cost ?? row.cost };
        return [{ ...row, ...use, accountId: record.accountId }];
      }),
  };
}
