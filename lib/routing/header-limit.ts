/** One figure of `x-ratelimit-*`, with its age. */
export interface HeaderLimit {
  readonly limit: number | null;
  readonly remaining: number | null;
  /** When the provider says the bucket is full again (wall clock). */
  readonly fullAtMs: number | null;
  readonly readAtMs: number;
}
