/** How the use of one account or client key grew, step by step, over a window of a limit. */
import { sql } from 'kysely';
import type { LIMIT_KINDS, LimitKind } from '../../lib/metering/limit.ts';
import type { Steps } from './attempts.ts';
import type { Db } from './schema.ts';
import { partsIn, rolledUntilMs } from './usage-parts.ts';

export interface BurnParams extends Steps {
  readonly holder: { readonly kind: 'account' | 'client'; readonly id: string };
  readonly amount: LimitKind;
}

const COLUMNS = {
  requests: sql`requests`,
  tokens: sql`total_tokens`,
  cost: sql`cost`,
} as const satisfies Record<(typeof LIMIT_KINDS)[number], unknown>;

/** What each step added; a step in which nothing is known to have been used added 0. */
export async function usageBurn(db: Db, params: BurnParams): Promise<readonly number[]> {
  const { fromMs, toMs, stepMs, holder, amount } = params;
  const parts = partsIn(
    { fromMs, toMs, stepMs },
    await rolledUntilMs(db),
    holder.kind === 'account' ? 'account' : 'all',
  );
  const key = holder.kind === 'account' ? sql`account_id` : sql`client_key_id`;
  const { rows } = await sql<{ readonly step: number; readonly used: number | null }>`
    SELECT step, sum(${COLUMNS[amount]}) AS used FROM ${parts} WHERE ${key} = ${holder.id} GROUP BY step`.execute(
    db,
  );
  const used = new Map(rows.map(({ step, used: amountUsed }) => [step, amountUsed ?? 0]));
  return Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, (_, step) => used.get(step) ?? 0);
}
