/**
 * Reading what an organisation's admin API answers, field by field: anything may be absent, and what cannot be true is
 * left out. Shapes: https://platform.openai.com/docs/api-reference/usage, …/usage/costs, …/project-rate-limits,
 * …/project-api-keys.
 */
import { NANO_PER_DOLLAR } from '../base/money.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export interface ProviderUsage {
  readonly dayMs: number;
  /** Empty where it was not told. */
  readonly model: string;
  readonly requests: number;
  /** Null where the kind of call is not reported in tokens: images, speech, transcriptions. */
  readonly inputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly outputTokens: number | null;
}

export interface ProviderCost {
  readonly dayMs: number;
  readonly model: string;
  /** Nano-dollars. */
  readonly cost: number;
}

export interface ProviderRateLimit {
  readonly model: string;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly requestsPerDay: number | null;
}

export interface ProviderSpendLimit {
  readonly dollars: number;
  readonly enforced: boolean;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** What to ask for next; null at the end. */
  readonly next: string | null;
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const FIGURE_MAX = 1e15;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
const list = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, 200) : null;
function figure(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= FIGURE_MAX ? Math.round(value) : null;
}

/** Buckets of a day: `GET /organization/usage/completions` and its kin. */
export function readUsagePage(json: unknown): Page<ProviderUsage> {
  return readBuckets(json, (row, dayMs) => {
    const requests = figure(row.num_model_requests);
    const input = figure(row.input_tokens);
    if (requests === null && input === null) return [];
    return [
      {
        dayMs,
        model: text(row.model) ?? '',
        requests: requests ?? 0,
        inputTokens: input,
        cachedTokens: figure(row.input_cached_tokens),
        // Embeddings and moderations write none, and so are told without.
        outputTokens: figure(row.output_tokens) ?? (input === null ? null : 0),
      },
    ];
  });
}

export interface ProviderBilling {
  /** Nano-dollars; each null where it is not told. */
  readonly limit: number | null;
  readonly usedThisMonth: number | null;
  readonly left: number | null;
}

/** `GET /dashboard/billing/subscription`, as relays still serve it. */
export const readSubscription = (json: unknown): number | null =>
  isObject(json) ? dollars(json.hard_limit_usd) : null;

/** `GET /dashboard/billing/usage`: in hundredths of a dollar. */
export const readBillingUsage = (json: unknown): number | null =>
  isObject(json) && typeof json.total_usage === 'number' ? dollars(json.total_usage / 100) : null;

/** `GET /dashboard/billing/credit_grants`. */
export const readCreditGrants = (json: unknown): number | null =>
  isObject(json) ? dollars(json.total_available) : null;

/** Relays say "no limit" with sums that nobody has. */
const DOLLARS_MAX = 10_000_000;
const dollars = (value: unknown): number | null =>
  typeof value === 'number' && value >= 0 && value < DOLLARS_MAX ? Math.round(value * NANO_PER_DOLLAR) : null;

/** `GET /organization/costs`, grouped by line item. Only dollars are taken. */
export function readCostsPage(json: unknown): Page<ProviderCost> {
  return readBuckets(json, (row, dayMs) => {
    const amount = isObject(row.amount) ? row.amount : {};
    const value = typeof amount.value === 'string' ? Number(amount.value) : amount.value;
    if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > 1e9) return [];
    if (String(amount.currency ?? 'usd').toLowerCase() !== 'usd') return [];
    const item = text(row.line_item) ?? '';
    const model = item.split(',')[0]?.trim() ?? '';
    return [{ dayMs, model, cost: Math.round(value * NANO_PER_DOLLAR) }];
  });
}

function readBuckets<T>(json: unknown, rowsOf: (row: JsonObject, dayMs: number) => T[]): Page<T> {
  if (!isObject(json)) return { rows: [], next: null };
  const rows = list(json.data).flatMap((bucket) => {
    const startS = figure(bucket.start_time);
    if (startS === null) return [];
    const dayMs = Math.floor((startS * SECOND_MS) / DAY_MS) * DAY_MS;
    return list(bucket.results).flatMap((row) => rowsOf(row, dayMs));
  });
  return { rows, next: json.has_more === true ? text(json.next_page) : null };
}

/** `GET /organization/projects/{id}/rate_limits`. */
export function readRateLimitsPage(json: unknown): Page<ProviderRateLimit> {
  return readList(json, (row) => {
    const model = text(row.model);
    if (model === null) return [];
    return [
      {
        model,
        requestsPerMinute: figure(row.max_requests_per_1_minute),
        tokensPerMinute: figure(row.max_tokens_per_1_minute),
        requestsPerDay: figure(row.max_requests_per_1_day),
      },
    ];
  });
}

/** `GET /organization/projects/{id}/api_keys`: id and the part of each key that is shown. */
export function readKeysPage(json: unknown): Page<{ readonly id: string; readonly shown: string }> {
  return readList(json, (row) => {
    const [id, shown] = [text(row.id), text(row.redacted_value)];
    return id === null || shown === null ? [] : [{ id, shown }];
  });
}

function readList<T>(json: unknown, rowsOf: (row: JsonObject) => T[]): Page<T> {
  if (!isObject(json)) return { rows: [], next: null };
  const next = json.has_more === true ? text(json.last_id) : null;
  return { rows: list(json.data).flatMap(rowsOf), next };
}

/** `GET …/spend_limit`; null where none is set. */
export function readSpendLimit(json: unknown): ProviderSpendLimit | null {
  if (!isObject(json)) return null;
  const dollars = figure(json.threshold_amount);
  if (dollars === null) return null;
  const enforcement = isObject(json.enforcement) ? json.enforcement.status : null;
  return { dollars, enforced: enforcement === 'enforcing' };
}

/** Which of these is a key that ends like ours; null unless it is exactly one. */
export function matchKey(
  keys: readonly { readonly id: string; readonly shown: string }[],
  lastFour: string,
): string | null {
  const found = keys.filter(({ shown }) => lastFour.length === 4 && shown.endsWith(lastFour));
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}
