/**
 * CircuitBreaker: *we inferred* that an account is unwell. A pure reducer over a state; time is handed in.
 * closed → open after `failures` within `windowMs` → half_open after `openMs` with one probe → closed.
 * `isolated` is a human's pause and ends only by a human.
 */
export type BreakerState =
  | { readonly state: 'closed'; readonly failuresAtMs: readonly number[] }
  | { readonly state: 'open'; readonly openedAtMs: number; readonly untilMs: number; readonly streak: number }
  | { readonly state: 'half_open'; readonly probeAtMs: number | null; readonly streak: number }
  | { readonly state: 'isolated'; readonly sinceMs: number };
