/**
 * What a conversation's last call reported as its input. Asked only when a call broke off that continued a stored
 * conversation, so there is no index for it: the client key's latest calls are looked through, a bounded number.
 */
import type { ClientKeyId } from '../../lib/base/id.ts';
import type { Database } from './open-database.ts';

const LOOKED_BACK_ROWS = 500;

const LAST_INPUT = `SELECT input_tokens FROM (
  SELECT session_hash, input_tokens, estimated FROM usage_records
  WHERE client_key_id = ? AND started_at_ms <= ? ORDER BY started_at_ms DESC LIMIT ${LOOKED_BACK_ROWS}
) WHERE session_hash = ? AND input_tokens IS NOT NULL AND estimated = 0 LIMIT 1`;

/** Null when it is not known. */
export type LastInput = (clientKeyId: ClientKeyId, sessionHash: string, beforeMs: number) => number | null;

export function createLastInput({ ledger }: Pick<Database, 'ledger'>): LastInput {
  const statement = ledger.prepare<[string, number, string], number>(LAST_INPUT).pluck();
  return (clientKeyId, sessionHash, beforeMs) =>
    statement.get(clientKeyId, Math.round(beforeMs), sessionHash) ?? null;
}
