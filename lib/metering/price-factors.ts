/**
 * What multiplies a list price. Only factors that the provider has published are here; for a tier or a model
 * without one the price is unknown, because a wrong figure is worse than a dash.
 */

/** Models whose priority ("fast") factor is published, dearest rule first. */
const PRIORITY: readonly (readonly [RegExp, number])[] = [
  [/^gpt-5\.5(-|$)/, 2.5],
  [/^gpt-(6\.1|5\.6|5\.4|5\.2|5\.1|5)(-|$)/, 2],
];

/** The factor on every token price, or null where none is known. */
export function tierFactor(tier: string | null, model: string): number | null {
  switch (tier) {
    case null:
    case 'auto':
    case 'default':
    case 'standard':
      return 1;
    case 'flex':
    case 'batch':
      return 0.5;
    case 'priority':
    case 'fast':
      return PRIORITY.find(([pattern]) => pattern.test(model))?.[1] ?? null;
    default:
      return null;
  }
}

/** Of the input price, for what is kept in the cache for 12 hours; half an hour costs 1.25. */
export const CACHE_12H_FACTOR = 2.5;
/** Dollars for each search of the web, where the model's own list says nothing else. */
export const WEB_SEARCH = 0.01;
export const LONG_INPUT_FACTOR = 2;
export const LONG_OUTPUT_FACTOR = 1.5;
