/**
 * The list prices of one model on one day, from our overrides or from the data package, before any factor.
 * This is the only file that knows the package.
 */

import type { ModelPrice } from '@pydantic/genai-prices';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { CACHE_12H_FACTOR, LONG_INPUT_FACTOR, LONG_OUTPUT_FACTOR, WEB_SEARCH } from './price-factors.ts';
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
  readonly cacheWrite12h: number | null;
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
  /** Dollars for each call; null where there is no such price. */
  readonly perRequest: number | null;
  /** Dollars for each search of the web. */
  readonly webSearch: number;
  /** Ascending; the first begins below zero, so one always applies. */
  readonly bands: readonly Band[];
}

/**
 * @param day `YYYY-MM-DD`
 * @param layers looked at in turn before the data package
 */
export function listFor(model: string, day: string, layers: readonly PriceOverrides[]): PriceList | null {
  for (const overrides of layers) {
    const own = overrideFor(overrides, model, day);
    if (own === null) continue;
    const source = overrides.source ?? `overrides ${overrides.version}`;
    return {
      source,
      contextTokens: null,
      perRequest: own.perRequest ?? null,
      webSearch: WEB_SEARCH,
      bands: bandsOfOverride(own),
    };
  }
  const found = calcPrice({}, model, { providerId: PROVIDER, timestamp: new Date(`${day}T12:00:00Z`) });
  const bands = found === null ? null : bandsOf(found.model_price);
  if (found === null || bands === null) return null;
  const contextTokens = found.model.context_window ?? null;
  const thousand = found.model_price.web_searches_kcount;
  const webSearch = typeof thousand === 'number' ? thousand / 1_000 : WEB_SEARCH;
  return { source: PACKAGE_SOURCE, contextTokens, perRequest: null, webSearch, bands };
}

/** The ids that the package knows of the provider, for the dearest price. */
export function knownModels(): readonly string[] {
  return (findProvider({ providerId: PROVIDER })?.models ?? []).map((model) => model.id);
}

/** Published is "more than 272,000"; for some models the package begins a token earlier. */
const LONG_FROM = 272_000;
const LONG_FROM_AS_SOME_HAVE_IT = 271_999;

const NO_EXTRAS = { audioInput: null, audioOutput: null, imageInput: null, imageOutput: null };

function bandsOfOverride(entry: PriceOverride): readonly Band[] {
  const short: Band = {
    ...NO_EXTRAS,
    above: -1,
    input: entry.input,
    cached: entry.cached ?? null,
    cacheWrite: entry.cacheWrite ?? null,
    cacheWrite12h:
      entry.cacheWrite12h ?? (entry.cacheWrite === undefined ? null : entry.input * CACHE_12H_FACTOR),
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
    cacheWrite12h: times(short.cacheWrite12h),
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
    above: above === LONG_FROM_AS_SOME_HAVE_IT ? LONG_FROM : above,
    input: priceAbove(price.input_mtok, above) ?? 0,
    cached: priceAbove(price.cache_read_mtok, above),
    cacheWrite: priceAbove(price.cache_write_mtok, above),
    // The package knows one kind of writing only.
    cacheWrite12h:
      price.cache_write_mtok === undefined
        ? null
        : (priceAbove(price.input_mtok, above) ?? 0) * CACHE_12H_FACTOR,
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
