/**
 * Unit prices in force for one model on one day, in nano-dollars per million tokens, and where they are from.
 */
export interface UnitPrices {
  readonly input: number;
  readonly cached: number | null;
  readonly cacheWrite: number | null;
  /** For 12 hours; absent in rows from before it was told apart. */
  readonly cacheWrite12h?: number | null;
  readonly output: number;
  readonly audioInput: number | null;
  readonly audioOutput: number | null;
  readonly imageInput: number | null;
  readonly imageOutput: number | null;
  /** Dollars × 1e9 per request, where a provider charges one. */
  readonly perRequest: number | null;
  /** Dollars × 1e9 for each search that the provider did. */
  readonly webSearch?: number | null;
  /** Service tier, residency and long-context factors already applied to the figures above, product of all. */
  readonly multiplier: number;
  /** `genai-prices 0.1.8`, `overrides 2026-11-22`, `operator`, `assumed`. */
  readonly source: string;
}
