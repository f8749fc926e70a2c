'use client';
/** Asks again for what a deed has just changed, without waiting for the live link to say so. */
import { useCallback } from 'react';
import { useSWRConfig } from 'swr';

export function useReload(): (...paths: readonly string[]) => void {
  const { mutate } = useSWRConfig();
  return useCallback(
    (...paths) => void mutate((key) => Array.isArray(key) && paths.includes(String(key[0]))),
    [mutate],
  );
}
