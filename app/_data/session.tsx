'use client';
/**
 * Whether this browser may see anything. Until that is known pages show their empty frames; when it ends in the
 * middle of work the pages are taken down (nothing of them stays in the document) and the unlock dialog stands
 * in front, with drafts kept.
 */
import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { api, forgetOriginKey } from './api.ts';
import { endsSession, readProblem } from './problem.ts';

export type Access =
  | { readonly state: 'checking' }
  | { readonly state: 'open' }
  | { readonly state: 'unreachable' }
  | { readonly state: 'ended'; readonly vault: 'locked' | 'unlocked'; readonly atMs: number };

export interface Session {
  readonly access: Access;
  /** Asks the server anew; pages come back when it says that we are signed in. */
  check(): void;
  /** Hands over anything thrown by the API; true when it meant that the session is over. */
  endedBy(error: unknown): boolean;
  end(vault: 'locked' | 'unlocked'): void;
  reopen(): void;
  /** Client keys made in this visit, by id, for Connect's snippets. In memory only; forgotten when the session ends. */
  readonly freshKeys: Map<string, string>;
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('this needs a SessionProvider above it');
  return session;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [access, setAccess] = useState<Access>({ state: 'checking' });
  const [freshKeys] = useState(() => new Map<string, string>());

  const check = useCallback(() => {
    api.session.status.query().then(
      (status) => {
        if (status.vault === 'uninitialised') return router.replace('/admin/setup');
        if (status.vault === 'unlocked' && status.signedIn) return setAccess({ state: 'open' });
        forgetOriginKey();
        const here = location.pathname + location.search;
        router.replace(here === '/admin' ? '/admin/unlock' : `/admin/unlock?to=${encodeURIComponent(here)}`);
      },
      () => setAccess({ state: 'unreachable' }),
    );
  }, [router]);
  useEffect(check, [check]);

  const end = useCallback(
    (vault: 'locked' | 'unlocked') => {
      freshKeys.clear();
      setAccess((now) => (now.state === 'open' ? { state: 'ended', vault, atMs: Date.now() } : now));
    },
    [freshKeys],
  );
  const endedBy = useCallback(
    (error: unknown) => {
      const problem = readProblem(error);
      if (!endsSession(problem)) return false;
      end(problem.code === 'unauthenticated' ? 'unlocked' : 'locked');
      return true;
    },
    [end],
  );
  const reopen = useCallback(() => setAccess({ state: 'open' }), []);

  const session = useMemo(
    () => ({ access, check, endedBy, end, reopen, freshKeys }),
    [access, check, endedBy, end, reopen, freshKeys],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}
