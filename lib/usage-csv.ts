/** Usage by a key as CSV: ids and names, whole figures, money in dollars to the last digit. */
import { type CsvColumn, csvText } from './csv-text.ts';
import type { UsageBreakdownView, UsageGroup } from './wire/usage-views.ts';

const COLUMNS: readonly CsvColumn<UsageGroup>[] = [
  { title: 'id', value: (row) => row.key },
  { title: 'name', value: (row) => row.name },
  { title: 'requests', value: (row) => row.requests },
  { title: 'delivered', value: (row) => row.delivered },
  { title: 'failed', value: (row) => row.failed },
  { title: 'cancelled', value: (row) => row.cancelled },
  { title: 'limited', value: (row) => row.limited },
  { title: 'moved', value: (row) => row.moved },
  { title: 'input_tokens', value: (row) => row.inputTokens },
  { title: 'cached_tokens', value: (row) => row.cachedTokens },
  { title: 'cache_write_tokens', value: (row) => row.cacheWriteTokens },
  { title: 'output_tokens', value: (row) => row.outputTokens },
  { title: 'reasoning_tokens', value: (row) => row.reasoningTokens },
  { title: 'total_tokens', value: (row) => row.totalTokens },
  { title: 'cost_usd', value: (row) => dollars(row.cost) },
  { title: 'cache_saved_usd', value: (row) => dollars(row.cacheSaved) },
  { title: 'unknown_cost_calls', value: (row) => row.unknownCostCalls },
  { title: 'estimated_calls', value: (row) => row.estimatedCalls },
];

export function breakdownCsv({ groups }: UsageBreakdownView): string {
  return csvText(groups, COLUMNS);
}

const DIGITS = 9;

/** Exact: nano-dollars with a point in them. */
export function dollars(nano: number | null): string | null {
  if (nano === null) return null;
  const digits = String(Math.abs(nano)).padStart(DIGITS + 1, '0');
  return `${nano < 0 ? '-' : ''}${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`;
}
