/**
 * A Strategy orders the candidates of a call that belongs nowhere. It is pure: the same candidates and context
 * give the same order. The reserve, affinity and probes are not its business.
 */
import type { Upstream } from '../upstream.ts';

/** An upstream that may serve the call, with what ordering needs to know of it. */
export interface Scored {
  readonly upstream: Upstream;
  /** Its utilisation in whole hundredths; nothing known counts as unused: that is how it becomes known. */
  readonly hundredths: number;
  /** A hash of its account's id. */
  readonly lot: number;
}

export interface StrategyContext {
  /** How many calls `round_robin` has placed before this one. */
  readonly turn: number;
  /** The session's hash, or null for a call that belongs to no conversation. */
  readonly session: string | null;
  /** Breaks ties; the only randomness, handed in. */
  readonly seed: number;
}

/** Answers what it was given, in another order. */
export type Strategy = <T extends Scored>(candidates: readonly T[], context: StrategyContext) => T[];

/** Negative when `a` comes first. Only for strategies that rank by properties of the candidates. */
export type Compare = (a: Scored, b: Scored) => number;

/** FNV-1a over UTF-16 units, finished so that near inputs end far apart. */
export function mixHash(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return finished(hash);
}

/** Spreads a hash over all its bits: MurmurHash3's finaliser. */
export function finished(mixed: number): number {
  let hash = mixed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
