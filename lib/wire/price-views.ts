/** Prices, as `prices.*` asks and answers. Nano-dollars per million tokens; unknown is null. */
import { z } from 'zod';
import type { UnitPrices } from '../metering/price.ts';

const model = z
  .string()
  .trim()
  .min(1, 'name a model')
  .max(200, 'a model name has at most 200 characters')
  .regex(/^[^\s*]+\*?$/, 'a model is one word; a * may stand at its end only');
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day is YYYY-MM-DD')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'there is no such day');
/** A million tokens for a million dollars are absurd. */
const figure = z
  .number()
  .int('prices are whole nano-dollars')
  .min(0, 'a price is not below 0')
  .max(1_000_000_000_000_000, 'that is more than a million dollars');

export const priceListInput = z
  .strictObject({ models: z.array(z.string().trim().min(1).max(200)).max(200).optional() })
  .default({});
export type PriceListInput = z.output<typeof priceListInput>;

export const priceSetInput = z.strictObject({
  model,
  fromDay: day.optional(),
  input: figure,
  output: figure,
  cached: figure.optional(),
  cacheWrite: figure.optional(),
  cacheWrite12h: figure.optional(),
  perRequest: figure.optional(),
});
export type PriceSetInput = z.output<typeof priceSetInput>;

export const priceRemoveInput = z.strictObject({ model, fromDay: day.optional() });
export type PriceRemoveInput = z.output<typeof priceRemoveInput>;

/** Today's price of a model at the standard tier, for an account without a factor. */
export interface ModelPriceView {
  readonly model: string;
  readonly prices: UnitPrices | null;
  /** Tokens that it takes in at most, as far as the data says. */
  readonly contextTokens: number | null;
  /** Calls of the last 30 days, and of them those whose cost is unknown. */
  readonly calls: number;
  readonly unknownCostCalls: number;
}

export interface OwnPriceView {
  readonly model: string;
  readonly fromDay: string;
  readonly input: number;
  readonly output: number;
  readonly cached: number | null;
  readonly cacheWrite: number | null;
  readonly cacheWrite12h: number | null;
  readonly perRequest: number | null;
  readonly setAtMs: number;
}

export interface PriceListView {
  /** Those asked for; else all that were used in the last 30 days or that an account serves. */
  readonly models: readonly ModelPriceView[];
  readonly own: readonly OwnPriceView[];
  /** Whose data the others are from, e.g. `genai-prices 0.1.8`, and the day of our own additions to them. */
  readonly dataSource: string;
  readonly dataDay: string;
}
