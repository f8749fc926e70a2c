/**
 * Usage is what a provider reported for one call, in tokens. Kinds that a surface does not report are null:
 * unknown is not zero. Cached and cache-write tokens are parts of the input, reasoning a part of the output.
 */
export interface Usage {
  readonly inputTokens: number | null;
  readonly cachedTokens: number | null;
  readonly cacheWriteTokens: number | null;
  /** Part of `cacheWriteTokens`: kept for 12 hours instead of half of one. Absent where the answer tells no such part. */
  readonly cacheWrite12hTokens?: number;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly audioInputTokens: number | null;
  readonly audioOutputTokens: number | null;
  readonly imageInputTokens: number | null;
  readonly imageOutputTokens: number | null;
  readonly totalTokens: number | null;
  /** Searches that the provider did for the call. Absent where the answer tells of none. */
  readonly webSearches?: number;
  /** The tier the answer says it was billed at; null when it does not say. */
  readonly serviceTier: string | null;
  /** A figure had to be clamped because no honest provider reports it. */
  readonly flagged: boolean;
}
