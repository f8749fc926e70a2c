/**
 * The latest calls that were refused before any account was asked, so that they can be explained too: no account
 * could take them, or their client key's own limits, scopes or rules forbade them. In memory and bounded: an agent
 * that repeats a refused call for a night must not fill a disk, and what matters of a refusal is that it is recent.
 */
import type { RefusedCall } from '../../lib/routing/refused-call.ts';

export interface Refusals {
  note(refused: RefusedCall): void;
  /** By id, or by the beginning of one when it is the only one. */
  find(id: string): RefusedCall | null;
  /** The latest; null when there is none. */
  newest(): RefusedCall | null;
}

const KEPT = 200;

export function createRefusals(): Refusals {
  const kept = new Map<string, RefusedCall>();
  let newest: RefusedCall | null = null;
  return {
    note(refused) {
      kept.set(refused.id, refused);
      newest = refused;
      if (kept.size <= KEPT) return;
      const oldest = kept.keys().next();
      if (!oldest.done) kept.delete(oldest.value);
    },
    find(id) {
      const exact = kept.get(id);
      if (exact) return exact;
      const begun = [...kept.keys()].filter((known) => known.startsWith(id));
      const [only] = begun;
      return only !== undefined && begun.length === 1 ? (kept.get(only) ?? null) : null;
    },
    newest: () => newest,
  };
}
