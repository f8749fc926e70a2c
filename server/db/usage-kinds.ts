/**
 * Tokens by kind and what each kind cost, from the records and the prices that stand in them. Cached and written tokens
 * are part of the input and reasoning of the output: each is counted once, as in the price of a call. What a call cost
 * beside its tokens (searches, images, audio, a price per call) is what is left of its cost.
 */
import { sql } from 'kysely';
import type { Db } from './schema.ts';
import { CHARGED, type Span } from './usage-parts.ts';

export interface UsageKinds {
  readonly input: KindSum;
  readonly cached: KindSum;
  readonly cacheWrite: KindSum;
  readonly output: KindSum;
  readonly reasoning: KindSum;
  /** Nano-dollars beside tokens; null where no cost is known. */
  readonly otherCost: number | null;
  /** Of the calls whose cost is known; null where none is. */
  readonly cost: number | null;
}

export interface KindSum {
  readonly tokens: number | null;
  /** Nano-dollars, of the calls whose price is known. */
  readonly cost: number | null;
}

interface Row {
  readonly input_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly written_tokens: number | null;
  readonly output_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly input_cost: number | null;
  readonly cached_cost: number | null;
  readonly written_cost: number | null;
  readonly output_cost: number | null;
  readonly reasoning_cost: number | null;
  readonly cost: number | null;
}

const CACHED = sql`coalesce(cached_tokens, 0)`;
const WRITTEN = sql`coalesce(cache_write_tokens, 0)`;
const REASONING = sql`coalesce(reasoning_tokens, 0)`;
const FRESH = sql`max(0, input_tokens - ${CACHED} - ${WRITTEN})`;
const SAID = sql`max(0, output_tokens - ${REASONING})`;
const price = (name: string, instead: string) =>
  sql`coalesce(json_extract(prices, ${`$.${name}`}), json_extract(prices, ${`$.${instead}`})) / 1000000.0`;
const costOf = (tokens: ReturnType<typeof sql>, name: string, instead: string) =>
  sql`cast(round(sum(${tokens} * ${price(name, instead)}) FILTER (WHERE cost IS NOT NULL)) AS INTEGER)`;

export async function usageKinds(db: Db, { fromMs, toMs }: Span): Promise<UsageKinds> {
  const { rows } = await sql<Row>`
    SELECT sum(${FRESH}) AS input_tokens, sum(cached_tokens) AS cached_tokens,
      sum(cache_write_tokens) AS written_tokens, sum(${SAID}) AS output_tokens,
      sum(reasoning_tokens) AS reasoning_tokens,
      ${costOf(FRESH, 'input', 'input')} AS input_cost,
      ${costOf(CACHED, 'cached', 'input')} AS cached_cost,
      ${costOf(WRITTEN, 'cacheWrite', 'input')} AS written_cost,
      ${costOf(SAID, 'output', 'output')} AS output_cost,
      ${costOf(REASONING, 'output', 'output')} AS reasoning_cost,
      sum(cost) AS cost
    FROM usage_records
    WHERE started_at_ms >= ${fromMs} AND started_at_ms < ${toMs} AND outcome IS NOT NULL AND ${CHARGED}`.execute(
    db,
  );
  const [row] = rows;
  if (!row) throw new Error('an aggregate without GROUP BY has one row');
  const ofTokens = [row.input_cost, row.cached_cost, row.written_cost, row.output_cost, row.reasoning_cost];
  const known = ofTokens.reduce<number>((sum, part) => sum + (part ?? 0), 0);
  return {
    input: { tokens: row.input_tokens, cost: row.input_cost },
    cached: { tokens: row.cached_tokens, cost: row.cached_cost },
    cacheWrite: { tokens: row.written_tokens, cost: row.written_cost },
    output: { tokens: row.output_tokens, cost: row.output_cost },
    reasoning: { tokens: row.reasoning_tokens, cost: row.reasoning_cost },
    otherCost: row.cost === null ? null : row.cost - known,
    cost: row.cost,
  };
}
