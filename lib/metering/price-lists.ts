/**
 * The list prices of one model on one day, from our overrides or from the data package, before any factor.
 * This is the only file that knows the package.
 */

import type { ModelPrice } from '@pydantic/genai-prices';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { LONG_INPUT_FACTOR, LONG_OUTPUT_FACTOR } from './price-factors.ts';
import type { PriceOverride, PriceOverrides } from './price-overrides.ts';
import { overrideFor } from './price-overrides.ts';

export const PACKAGE_SOURCE = 'genai-prices 0.1.8';
const PROVIDER = 'openai';

/** Dollars per million tokens from `above` input tokens up (exclusive); null where there is no such price. */
export interface Band {
  readonly above: number;
  readonly input: number;
  readonly cached: number | null;
  readonly cacheWrite: number | null;
  readonly output: number;
  readonly audioInput: number | null;
  readonly audioOutput: number | null;
  readonly imageInput: number | null;
  readonly imageOutput: number | null;
}

export interface PriceList {
  readonly source: string;
  /** How many tokens the model takes in at most, as far as the data says. */
  readonly contextTokens: number | null;
  /** Ascending; the first begins below zero, so one always applies. */
  readonly bands: readonly Band[];
}

/** @param day `YYYY-MM-DD` */
export function listFor(model: string, day: string, overrides: PriceOverrides): PriceList | null {
  const own = overrideFor(overrides, model, day);
  if (own !== null)
    return { source: `overrides ${overrides.version}`, contextTokens: null, bands: bandsOfOverride(own) };
  const found = calcPrice({}, model, { providerId: PROVIDER, timestamp: new Date(`${day}T12:00:00Z`) });
  const bands = found === null ? null : bandsOf(found.model_price);
  if (found === null || bands === null) return null;
  return { source: PACKAGE_SOURCE, contextTokens: found.model.context_window ?? null, bands };
}

/** The ids that the package knows of the provider, for the dearest price. */
export function knownModels(): readonly string[] {
  return (findProvider({ providerId: PROVIDER })?.models ?? []).map((model) => model.id);
}

const NO_EXTRAS = { audioInput: null, audioOutput: null, imageInput: null, imageOutput: null };

function bandsOfOverride(entry: PriceOverride): readonly Band[] {
  const short: Band = {
    ...NO_EXTRAS,
    above: -1,
    input: entry.input,
    cached: entry.cached ?? null,
    cacheWrite: entry.cacheWrite ?? null,
    output: entry.output,
  };
  if (entry.longFrom === undefined) return [short];
  const times = (price: number | null) => (price === null ? null : price * LONG_INPUT_FACTOR);
  const long: Band = {
    ...short,
    above: entry.longFrom,
    input: short.input * LONG_INPUT_FACTOR,
    cached: times(short.cached),
    cacheWrite: times(short.cacheWrite),
    output: short.output * LONG_OUTPUT_FACTOR,
  };
  return [short, long];
}

/** Null where the model is not sold by the token (by the hour, by the picture). */
function bandsOf(price: ModelPrice): readonly Band[] | null {
  const free = Object.keys(price).length === 0;
  if (!free && price.input_mtok === undefined && price.output_mtok === undefined) return null;
  const starts = new Set([-1]);
  for (const part of Object.values(price)) {
    if (typeof part === 'object') for (const tier of part.tiers) starts.add(tier.start);
  }
  const ascending = [...starts].sort((a, b) => a - b);
  return ascending.map((above) => ({
    above,
    input: priceAbove(price.input_mtok, above) ?? 0,
    cached: priceAbove(price.cache_read_mtok, above),
    cacheWrite: priceAbove(price.cache_write_mtok, above),
    output: priceAbove(price.output_mtok, above) ?? 0,
    audioInput: priceAbove(price.input_audio_mtok, above),
    audioOutput: priceAbove(price.output_audio_mtok, above),
    imageInput: priceAbove(price.input_image_mtok, above),
    imageOutput: priceAbove(price.output_image_mtok, above),
  }));
}

function priceAbove(part: ModelPrice[string], above: number): number | null {
  if (part === undefined) return null;
  if (typeof part === 'number') return part;
  return part.tiers.filter((tier) => tier.start <= above).at(-1)?.price ?? part.base;
}
