/**
 * Prices that our price data do not know yet, in US dollars per million tokens: `price-overrides.json`. They
 * are looked at before the data package. A dated id (`…-2026-09-29`) is priced as the id it dates.
 */
import file from './price-overrides.json' with { type: 'json' };

export interface PriceOverride {
  readonly id: string;
  /** Day (UTC) from which the price holds; before it nothing is known. */
  readonly from: string;
  readonly input: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  /** Above this many input tokens the whole call costs twice for input and half more for output. */
  readonly longFrom?: number;
}

export interface PriceOverrides {
  readonly version: string;
  readonly models: readonly PriceOverride[];
}

export const shippedOverrides: PriceOverrides = file;

const DATED = /-\d{4}-\d{2}-\d{2}$/;

/** @param day `YYYY-MM-DD` */
export function overrideFor(overrides: PriceOverrides, model: string, day: string): PriceOverride | null {
  const plain = model.replace(DATED, '');
  let best: PriceOverride | null = null;
  for (const entry of overrides.models) {
    if (entry.id !== model && entry.id !== plain) continue;
    if (entry.from <= day && (best === null || entry.from >= best.from)) best = entry;
  }
  return best;
}
