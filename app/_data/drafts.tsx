'use client';
/**
 * What was typed and not yet sent, kept above the pages so that a session that ends in the middle of work takes
 * nothing away: the page is taken down, the drafts stay. In memory only, and never a key.
 */
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

type Drafts = Map<string, unknown>;
const DraftContext = createContext<Drafts | null>(null);

export function DraftProvider({ children }: { children: ReactNode }) {
  const [drafts] = useState<Drafts>(() => new Map());
  return <DraftContext value={drafts}>{children}</DraftContext>;
}

function useDrafts(): Drafts {
  const drafts = useContext(DraftContext);
  if (!drafts) throw new Error('a draft needs a DraftProvider above it');
  return drafts;
}

export const useHasDrafts = (): boolean => useDrafts().size > 0;

export interface Draft<T> {
  readonly value: T;
  readonly changed: boolean;
  set(patch: Partial<T>): void;
  discard(): void;
}

export function useDraft<T extends object>(name: string, initial: T): Draft<T> {
  const drafts = useDrafts();
  const [patch, setPatch] = useState<Partial<T>>(() => (drafts.get(name) as Partial<T> | undefined) ?? {});
  const set = useCallback(
    (more: Partial<T>) => {
      const next = { ...(drafts.get(name) as Partial<T> | undefined), ...more };
      drafts.set(name, next);
      setPatch(next);
    },
    [drafts, name],
  );
  const discard = useCallback(() => {
    drafts.delete(name);
    setPatch({});
  }, [drafts, name]);
  return { value: { ...initial, ...patch }, changed: Object.keys(patch).length > 0, set, discard };
}
