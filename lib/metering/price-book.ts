/**
 * The price in force for a call, and what a call costs. Asking the data package takes a tenth of a
 * millisecond, so each price is worked out once per model and day and kept; the memory for that is bounded.
 * Unknown is null: an unknown model, tier or token count never becomes a cost of nothing.
 */

import type { NanoDollars } from '../base/money.ts';
import { nanoDollars } from '../base/money.ts';
import { DAY_MS } from '../base/time.ts';
import type { UnitPrices } from './price.ts';
import { tierFactor } from './price-factors.ts';
import type { Band, PriceList } from './price-lists.ts';
import { knownModels, listFor } from './price-lists.ts';
import type { PriceOverrides } from './price-overrides.ts';
import { shippedOverrides } from './price-overrides.ts';
import type { Usage } from './usage.ts';

export interface PriceQuery {
  /** Input tokens reported or expected: long contexts are dearer. Null counts as short. */
  readonly inputTokens: number | null;
  /** The tier that was billed, or the one asked for; null is the standard one. */
  readonly serviceTier: string | null;
  /** The account's own factor (residency, discount); 1 for none. */
  readonly multiplier: number;
  readonly atMs: number;
}

export interface PriceBook {
  prices(model: string, query: PriceQuery): UnitPrices | null;
  /** How many tokens a model takes in at most; null where that is not known. */
  contextTokens(model: string, atMs: number): number | null;
  /** What an unknown price is taken for towards a money limit: the highest we know of every kind. */
  dearest(): UnitPrices;
  cost(usage: Usage, prices: UnitPrices): NanoDollars | null;
}

export interface PriceBookDeps {
  /** Wall-clock milliseconds. */
  readonly today: () => number;
  readonly overrides?: PriceOverrides;
  /** The operator's, before all others. What was worked out is forgotten when their version changes. */
  readonly own?: () => PriceOverrides;
}

const NONE: PriceOverrides = { version: '', models: [] };

const ENTRIES_MAX = 2_000;

export function createPriceBook({
  today,
  overrides = shippedOverrides,
  own = () => NONE,
}: PriceBookDeps): PriceBook {
  const lists = createBounded<PriceList | null>();
  const resolved = createBounded<UnitPrices | null>();
  const dearests = createBounded<UnitPrices>();

  const dayOf = createDayOf();
  let mine = own();
  const listOf = (model: string, day: string): PriceList | null => {
    if (own() !== mine) {
      mine = own();
      for (const kept of [lists, resolved, dearests]) kept.forget();
    }
    return lists.get(`${day} ${model}`, () => listFor(model, day, [mine, overrides]));
  };

  const prices = (model: string, query: PriceQuery): UnitPrices | null => {
    const day = dayOf(query.atMs);
    const list = listOf(model, day);
    if (list === null) return null;
    const index = bandIndex(list.bands, query.inputTokens ?? 0);
    const key = `${day} ${index} ${query.serviceTier ?? ''} ${query.multiplier} ${model}`;
    return resolved.get(key, () => {
      const tier = tierFactor(query.serviceTier, model);
      const band = list.bands[index];
      return tier === null || band === undefined ? null : applied(band, tier, query.multiplier, list);
    });
  };

  const dearest = () => {
    const day = dayOf(today());
    return dearests.get(day, () => {
      const named = [...mine.models, ...overrides.models].map((entry) => entry.id.replace(/\*$/, ''));
      const bands = [...knownModels(), ...named].flatMap((id) => listOf(id, day)?.bands ?? []);
      return { ...inNano(highest(bands), 1), perRequest: null, multiplier: 1, source: 'assumed' };
    });
  };

  const contextTokens = (model: string, atMs: number): number | null => {
    const day = dayOf(atMs);
    return listOf(model, day)?.contextTokens ?? null;
  };

  return { prices, contextTokens, dearest, cost };
}

/** Whether calls of this model have a price of their own, at the standard tier. */
export function hasPrice(book: Pick<PriceBook, 'prices'>, model: string, atMs: number): boolean {
  return book.prices(model, { inputTokens: null, serviceTier: null, multiplier: 1, atMs }) !== null;
}

/** The cost of what was used; null when input or output is unknown. Rounded once, to a whole nano-dollar. */
export function cost(usage: Usage, prices: UnitPrices): NanoDollars | null {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === null || outputTokens === null) return null;
  let rest = inputTokens;
  let sum = 0n;
  const charge = (tokens: number | null, price: number | null): void => {
    // A kind without a price of its own is charged with the rest.
    if (tokens === null || price === null) return;
    const taken = Math.min(tokens, rest);
    rest -= taken;
    sum += BigInt(taken) * BigInt(price);
  };
  charge(usage.cachedTokens, prices.cached);
  const kept12h = usage.cacheWrite12hTokens ?? 0;
  charge(kept12h, prices.cacheWrite12h ?? prices.cacheWrite);
  charge(usage.cacheWriteTokens === null ? null : usage.cacheWriteTokens - kept12h, prices.cacheWrite);
  charge(usage.audioInputTokens, prices.audioInput);
  charge(usage.imageInputTokens, prices.imageInput);
  charge(rest, prices.input);
  rest = outputTokens;
  charge(usage.audioOutputTokens, prices.audioOutput);
  charge(usage.imageOutputTokens, prices.imageOutput);
  charge(rest, prices.output);
  const searches = BigInt(usage.webSearches ?? 0) * BigInt(prices.webSearch ?? 0);
  const nano = (sum + 500_000n) / 1_000_000n + BigInt(prices.perRequest ?? 0) + searches;
  return nanoDollars(Number(nano > MAX ? MAX : nano));
}

const MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** The UTC day of a moment; the last one is kept, since nearly all questions are about today. */
function createDayOf(): (ms: number) => string {
  let number = Number.NaN;
  let text = '';
  return (ms) => {
    const asked = Math.floor(ms / DAY_MS);
    if (asked !== number) {
      text = new Date(asked * DAY_MS).toISOString().slice(0, 10);
      number = asked;
    }
    return text;
  };
}

function bandIndex(bands: readonly Band[], inputTokens: number): number {
  let index = 0;
  for (let i = 1; i < bands.length; i++) if (inputTokens > (bands[i]?.above ?? Infinity)) index = i;
  return index;
}

/** The recorded multiplier is what this call's input costs against the list price of a short standard one. */
function applied(band: Band, tier: number, own: number, list: PriceList): UnitPrices {
  const base = list.bands[0]?.input ?? 0;
  const long = base > 0 ? band.input / base : 1;
  return {
    ...inNano(band, tier * own),
    // Fees for a call or a search know no tiers.
    perRequest: list.perRequest === null ? null : Math.round(list.perRequest * own * 1e9),
    webSearch: Math.round(list.webSearch * own * 1e9),
    multiplier: tier * own * long,
    source: list.source,
  };
}

function inNano(band: Omit<Band, 'above'>, factor: number) {
  const nano = (dollars: number) => Math.max(0, Math.round(dollars * factor * 1e9));
  const orNull = (dollars: number | null) => (dollars === null ? null : nano(dollars));
  return {
    input: nano(band.input),
    cached: orNull(band.cached),
    cacheWrite: orNull(band.cacheWrite),
    cacheWrite12h: orNull(band.cacheWrite12h),
    output: nano(band.output),
    audioInput: orNull(band.audioInput),
    audioOutput: orNull(band.audioOutput),
    imageInput: orNull(band.imageInput),
    imageOutput: orNull(band.imageOutput),
  };
}

/** A cached part is never dearer than fresh input, so only input and output are assumed. */
function highest(bands: readonly Band[]): Omit<Band, 'above'> {
  const max = (pick: (band: Band) => number | null) => Math.max(0, ...bands.map((band) => pick(band) ?? 0));
  return {
    input: max((band) =>
      Math.max(
        band.input,
        band.imageInput ?? 0,
        band.audioInput ?? 0,
        band.cacheWrite ?? 0,
        band.cacheWrite12h ?? 0,
      ),
    ),
    cached: null,
    cacheWrite: null,
    cacheWrite12h: null,
    output: max((band) => Math.max(band.output, band.imageOutput ?? 0, band.audioOutput ?? 0)),
    audioInput: null,
    audioOutput: null,
    imageInput: null,
    imageOutput: null,
  };
}

/** A map that forgets everything when it is full: prices are cheap to find again, and a day ends anyway. */
function createBounded<T>() {
  const kept = new Map<string, { readonly value: T }>();
  return {
    get(key: string, make: () => T): T {
      const hit = kept.get(key);
      if (hit !== undefined) return hit.value;
      if (kept.size >= ENTRIES_MAX) kept.clear();
      const value = make();
      kept.set(key, { value });
      return value;
    },
    forget: () => kept.clear(),
  };
}
