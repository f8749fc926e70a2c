/**
 * What a simulated call is expected to use, and what it used. Mirrors `server/gateway/estimate.ts` (reservations)
 * and `server/gateway/record.ts` (usage × the price in force).
 */
import { type NanoDollars, nanoDollars } from '../../base/money.ts';
import type { Config } from '../../config.ts';
import { createEstimateBook } from '../../metering/estimate.ts';
import type { ReservationAmounts } from '../../metering/limit.ts';
import type { UnitPrices } from '../../metering/price.ts';
import type { PriceBook } from '../../metering/price-book.ts';
import type { SimulatedCall } from './planner.ts';
import { CACHE_TOKENS_MIN } from './prompt-cache.ts';

export interface Charges {
  expected(call: SimulatedCall, atMs: number): ReservationAmounts;
  /** @returns what counts towards limits, and the cost where its price is known */
  used(
    call: SimulatedCall,
    cachedTokens: number,
    atMs: number,
    /** Of the account that served it. */
    multiplier: number,
  ): { readonly amounts: ReservationAmounts; readonly cost: NanoDollars | null };
  isPriced(model: string | null, atMs: number): boolean;
  /** Whether writing to the prompt cache has a price of its own. */
  writesCost(model: string | null, atMs: number): boolean;
}

const TOKENS_PER_PRICE = 1_000_000;
/** What `limits.mode = "strict"` reserves, for calls that set no cap. */
const MODEL_OUTPUT_MAX = 128_000;

export function createCharges(prices: PriceBook, config: Pick<Config, 'limits'>): Charges {
  const estimates = createEstimateBook();
  const outputTokensMax = config.limits.mode === 'strict' ? MODEL_OUTPUT_MAX : null;
  const priceOf = (
    model: string | null,
    inputTokens: number | null,
    atMs: number,
    multiplier = 1,
  ): UnitPrices | null =>
    model === null ? null : prices.prices(model, { inputTokens, serviceTier: null, multiplier, atMs });
  const assumed = (): UnitPrices | null =>
    config.limits.unknown_price === 'assume' ? prices.dearest() : null;
  const writesCost = (model: string | null, atMs: number): boolean =>
    (priceOf(model, null, atMs)?.cacheWrite ?? null) !== null;

  return {
    writesCost,
    isPriced: (model, atMs) => priceOf(model, null, atMs) !== null,
    expected(call, atMs) {
      const { bodyBytes, model } = call;
      if (call.endpoint.treatment !== 'inference') return { requests: 1, tokens: 0, cost: nanoDollars(0) };
      const { inputTokens, outputTokens } = estimates.expect(keyOf(call), {
        bodyBytes,
        outputTokensMax,
        choices: 1,
        continues: [],
        refersIn: null,
      });
      const price = priceOf(model, inputTokens, atMs) ?? assumed();
      const cost = price === null ? 0 : part(inputTokens, price.input) + part(outputTokens, price.output);
      return { requests: 1, tokens: inputTokens + outputTokens, cost: nanoDollars(cost) };
    },
    used(call, cachedTokens, atMs, multiplier) {
      const { inputTokens, outputTokens } = call.trace;
      const { bodyBytes, model } = call;
      estimates.learn(keyOf(call), { bodyBytes, inputTokens, outputTokens });
      const known = priceOf(model, inputTokens, atMs, multiplier);
      const writes = known?.cacheWrite != null && inputTokens >= CACHE_TOKENS_MIN;
      const usage = {
        inputTokens,
        cachedTokens,
        cacheWriteTokens: writes ? inputTokens - cachedTokens : null,
        outputTokens,
        reasoningTokens: null,
        audioInputTokens: null,
        audioOutputTokens: null,
        imageInputTokens: null,
        imageOutputTokens: null,
        totalTokens: inputTokens + outputTokens,
        serviceTier: null,
        flagged: false,
      };
      const cost = known === null ? null : prices.cost(usage, known);
      const dearest = cost === null ? assumed() : null;
      const counted = cost ?? (dearest === null ? null : prices.cost(usage, dearest)) ?? nanoDollars(0);
      return { amounts: { requests: 1, tokens: inputTokens + outputTokens, cost: counted }, cost };
    },
  };
}

function keyOf({ trace, model }: SimulatedCall): string {
  return `${trace.client} ${model ?? ''}`;
}

function part(tokens: number, perMillion: number): number {
  return Math.ceil((tokens * perMillion) / TOKENS_PER_PRICE);
}
