/** Calls as CSV: one a row, whole figures, money in dollars to the last digit, moments in UTC. Unknown is empty. */
import { type CsvColumn, csvText } from '../csv-text.ts';
import { dollars } from '../usage-csv.ts';
import type { RequestRowView } from '../wire/views.ts';

const COLUMNS: readonly CsvColumn<RequestRowView>[] = [
  { title: 'id', value: (row) => row.id },
  { title: 'started_at', value: (row) => new Date(row.startedAtMs).toISOString() },
  { title: 'outcome', value: (row) => row.outcome ?? 'running' },
  { title: 'status', value: (row) => row.status },
  { title: 'error_code', value: (row) => row.errorCode },
  { title: 'endpoint', value: (row) => row.endpoint },
  { title: 'model', value: (row) => row.model },
  { title: 'client', value: (row) => row.clientName },
  { title: 'first_account', value: (row) => (row.firstAccountId === '' ? null : row.firstAccountName) },
  { title: 'account', value: (row) => row.accountName },
  { title: 'attempts', value: (row) => row.attempts },
  { title: 'input_tokens', value: (row) => row.usage?.inputTokens ?? null },
  { title: 'cached_tokens', value: (row) => row.usage?.cachedTokens ?? null },
  { title: 'cache_write_tokens', value: (row) => row.usage?.cacheWriteTokens ?? null },
  { title: 'output_tokens', value: (row) => row.usage?.outputTokens ?? null },
  { title: 'reasoning_tokens', value: (row) => row.usage?.reasoningTokens ?? null },
  { title: 'total_tokens', value: (row) => row.usage?.totalTokens ?? null },
  { title: 'estimated', value: (row) => (row.usage === null ? null : row.usage.estimated ? 'yes' : 'no') },
  { title: 'cost_usd', value: (row) => dollars(row.cost) },
  { title: 'first_token_ms', value: (row) => row.firstTokenMs },
  { title: 'duration_ms', value: (row) => row.durationMs },
];

export const requestsCsv = (rows: readonly RequestRowView[]): string => `${csvText(rows, COLUMNS)}\r\n`;

/** One JSON object a line, as `requests.list` answers them. */
export const requestsJsonl = (rows: readonly RequestRowView[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');
