/**
 * Prices that stand before those of the data package, in US dollars per million tokens: the operator's own, and those
 * that the package does not know yet (`price-overrides.json`). A dated id (`…-2026-09-29`) is priced as the id it dates;
 * an entry for a model that ends with `*` is for all that begin like it, and the longest beginning counts.
 */
import file from './price-overrides.json' with { type: 'json' };

export interface PriceOverride {
  readonly id: string;
  /** Day (UTC) from which the price holds; before it nothing is known. */
  readonly from: string;
  readonly input: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  /** For 12 hours; two and a half times the input where there is only `cacheWrite`. */
  readonly cacheWrite12h?: number;
  readonly output: number;
  /** Dollars for each call. */
  readonly perRequest?: number;
  /** Above this many input tokens the whole call costs twice for input and half more for output. */
  readonly longFrom?: number;
}

export interface PriceOverrides {
  readonly version: string;
  /** As it is written to the ledger; `overrides VERSION` where it is not said. */
  readonly source?: string;
  readonly models: readonly PriceOverride[];
}

export const shippedOverrides: PriceOverrides = file;

const NAME_LENGTH_MAX = 10_000;
const DATED = /-\d{4}-\d{2}-\d{2}$/;

/** @param day `YYYY-MM-DD` */
export function overrideFor(overrides: PriceOverrides, model: string, day: string): PriceOverride | null {
  const plain = model.replace(DATED, '');
  let best: PriceOverride | null = null;
  for (const entry of overrides.models) {
    if (!isFor(entry.id, model, plain) || entry.from > day) continue;
    if (best === null || rank(entry) > rank(best)) best = entry;
  }
  return best;
}

function isFor(id: string, model: string, plain: string): boolean {
  return id.endsWith('*') ? model.startsWith(id.slice(0, -1)) : id === model || id === plain;
}

/** The nearest name first, then the latest day. */
function rank({ id, from }: PriceOverride): string {
  const near = id.endsWith('*') ? id.length : NAME_LENGTH_MAX;
  return `${String(near).padStart(5, '0')} ${from}`;
}
