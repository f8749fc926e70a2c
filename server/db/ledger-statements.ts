/**
 * The ledger's four writes as prepared statements with positional parameters: this is the hot path, so nothing
 * is built per call but the list of values. Figures are rounded here, because a STRICT table refuses a fraction
 * of a millisecond and a refused settlement would be lost.
 */
import type { OpenedRecord, SettledRecord } from '../../lib/metering/ledger.ts';
import type { Handle } from './open.ts';

/** In `first_account_id`, of a call whose client left before any account was chosen. */
export const NO_ACCOUNT = '';

export interface EventToWrite {
  readonly atMs: number;
  readonly kind: string;
  readonly accountId: string | null;
  readonly requestId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LedgerStatements {
  /** Answers the row's number, by which it is settled. */
  open(record: OpenedRecord): number;
  /** The number of a row that is known by its id only; null when there is none. */
  numberOf(id: string): number | null;
  settle(number: number, record: SettledRecord): void;
  event(event: EventToWrite): void;
}

const OPEN = `INSERT INTO usage_records (
  id, started_at_ms, client_key_id, endpoint, model, stream, session_hash, parent_hash, user_agent,
  request_bytes, first_account_id, reserved_tokens, reserved_cost
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const SETTLE = `UPDATE usage_records SET
  ended_at_ms = ?, outcome = ?, status = ?, error_code = ?, account_id = ?, attempts = ?,
  input_tokens = ?, cached_tokens = ?, cache_write_tokens = ?, output_tokens = ?, reasoning_tokens = ?,
  audio_input_tokens = ?, audio_output_tokens = ?, image_input_tokens = ?, image_output_tokens = ?,
  total_tokens = ?, usage_flagged = ?, estimated = ?, service_tier = ?, served_model = ?, cost = ?, assumed_cost = ?, prices = ?,
  cache_write_12h_tokens = ?, web_searches = ?,
  first_token_ms = ?, duration_ms = ?, overhead_us = ?, response_bytes = ?, reasoning_dropped = ?
WHERE number = ?`;

const EXPLAIN = 'INSERT INTO call_explanations (record, explanation) VALUES (?, ?)';
const EVENT = 'INSERT INTO events (at_ms, kind, account_id, request_id, data) VALUES (?, ?, ?, ?, ?)';

export function prepareLedger(handle: Handle): LedgerStatements {
  const open = handle.prepare(OPEN);
  const settle = handle.prepare(SETTLE);
  const find = handle.prepare<[string], number>('SELECT number FROM usage_records WHERE id = ?').pluck();
  const explain = handle.prepare(EXPLAIN);
  const event = handle.prepare(EVENT);
  return {
    open(record) {
      const { lastInsertRowid } = open.run(
        record.id,
        Math.round(record.startedAtMs),
        record.clientKeyId,
        record.endpoint,
        record.model,
        record.stream ? 1 : 0,
        record.sessionHash,
        record.parentHash,
        record.userAgent,
        record.requestBytes,
        record.firstAccountId ?? NO_ACCOUNT,
        Math.ceil(record.reservedTokens),
        Math.ceil(record.reservedCost),
      );
      return Number(lastInsertRowid);
    },
    numberOf: (id) => Number(find.get(id) ?? 0) || null,
    settle(number, record) {
      settle.run(...outcomeValues(record), ...usageValues(record), ...costValues(record), number);
      explain.run(number, record.explanation);
    },
    event({ atMs, kind, accountId, requestId, data }) {
      event.run(Math.round(atMs), kind, accountId, requestId, JSON.stringify(data));
    },
  };
}

function outcomeValues(record: SettledRecord) {
  return [
    Math.round(record.endedAtMs),
    record.outcome,
    record.status,
    record.errorCode,
    record.accountId,
    record.attempts,
  ];
}

function usageValues(record: SettledRecord) {
  const { usage, estimated } = record;
  return [
    whole(usage?.inputTokens),
    whole(usage?.cachedTokens),
    whole(usage?.cacheWriteTokens),
    whole(usage?.outputTokens),
    whole(usage?.reasoningTokens),
    whole(usage?.audioInputTokens),
    whole(usage?.audioOutputTokens),
    whole(usage?.imageInputTokens),
    whole(usage?.imageOutputTokens),
    whole(allTokens(record)),
    usage?.flagged ? 1 : 0,
    estimated ? 1 : 0,
    usage?.serviceTier ?? null,
  ];
}

function costValues(record: SettledRecord) {
  return [
    record.servedModel,
    whole(record.cost),
    whole(record.assumedCost),
    record.prices && JSON.stringify(record.prices),
    whole(record.usage?.cacheWrite12hTokens),
    whole(record.usage?.webSearches),
    whole(record.firstTokenMs),
    Math.round(record.durationMs),
    whole(record.overheadUs),
    record.responseBytes,
    record.reasoningDropped ? 1 : 0,
  ];
}

/**
 * The total as reported, else the sum of what is known; null when nothing is. Our own count without an input is
 * no total: limits then go by what was reserved.
 */
export function allTokens({ usage, estimated }: Pick<SettledRecord, 'usage' | 'estimated'>): number | null {
  if (usage === null) return null;
  const { totalTokens, inputTokens, outputTokens } = usage;
  if (totalTokens !== null) return totalTokens;
  if (estimated && inputTokens === null) return null;
  return inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0);
}

function whole(figure: number | null | undefined): number | null {
  return figure === null || figure === undefined ? null : Math.round(figure);
}
