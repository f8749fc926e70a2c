/**
 * By what calls were recognised as part of a conversation since the start. A client whose calls have no session
 * key loses its prompt cache at every move, and this is where that shows. One addition per call.
 */
import type { SessionKey } from '../../lib/calls/call.ts';

/** Stands for calls in which no session key was found. */
export const NO_SESSION_KEY = 'none';

export interface SessionTally {
  count(session: SessionKey | null): void;
  /** The most frequent first. */
  list(): readonly { readonly source: string; readonly calls: number }[];
}

export function createSessionTally(): SessionTally {
  // Sources are the header and field names of `lib/calls/session-key.ts`: a closed list.
  const calls = new Map<string, number>();
  return {
    count(session) {
      const source = session === null ? NO_SESSION_KEY : session.source;
      calls.set(source, (calls.get(source) ?? 0) + 1);
    },
    list: () =>
      Array.from(calls, ([source, count]) => ({ source, calls: count })).sort((a, b) => b.calls - a.calls),
  };
}
