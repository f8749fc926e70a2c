'use client';
/** SWR over the typed client: the key is the procedure's path and input, the fetcher is the call itself. */
import { useCallback, useState } from 'react';
import useSWR from 'swr';
import { type Problem, readProblem } from './problem.ts';
import { useSession } from './session.tsx';

export interface Answer<T> {
  /** Undefined until the first answer; afterwards the last good one. */
  readonly data: T | undefined;
  readonly problem: Problem | null;
  readonly retry: () => void;
}

/**
 * @param key procedure path first, then its input; null asks nothing
 * @param refreshMs asked again after so long; 0: not by itself. A function must be the same one each time: another
 *   one begins the wait anew
 */
export function useAsk<T>(
  key: readonly [path: string, ...input: unknown[]] | null,
  ask: () => Promise<T>,
  refreshMs: number | ((latest: T | undefined) => number) = 0,
): Answer<T> {
  const { access, endedBy } = useSession();
  const { data, error, mutate } = useSWR<T>(access.state === 'open' ? key : null, ask, {
    keepPreviousData: true,
    refreshInterval: refreshMs,
    dedupingInterval: 500,
    errorRetryCount: 3,
    onError: endedBy,
  });
  const retry = useCallback(() => void mutate(), [mutate]);
  return { data, problem: error === undefined ? null : readProblem(error), retry };
}

export interface Action<In, Out> {
  readonly run: (input: In) => Promise<Out | null>;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly clear: () => void;
}

/** One deed at a time; null is given back when it failed, and `problem` says why. */
export function useAct<In, Out>(act: (input: In) => Promise<Out>): Action<In, Out> {
  const { endedBy } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (input: In): Promise<Out | null> => {
    setBusy(true);
    setProblem(null);
    try {
      return await act(input);
    } catch (error) {
      if (!endedBy(error)) setProblem(readProblem(error));
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, problem, clear: () => setProblem(null) };
}
