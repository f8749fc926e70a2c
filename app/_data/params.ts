'use client';
/** Filters, selections and open panels live in the address, so that a reload or a link brings them back. */
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

export function useParam(name: string): readonly [string | null, (value: string | null) => void] {
  const value = useSearchParams().get(name);
  const set = useCallback((next: string | null) => setParams({ [name]: next }), [name]);
  return [value, set];
}

/** Changes several at once; null takes one away. No page is asked for: only the address changes. */
export function setParams(patch: Readonly<Record<string, string | null>>): void {
  const params = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) params.delete(name);
    else params.set(name, value);
  }
  const search = params.toString();
  history.replaceState(null, '', search === '' ? location.pathname : `${location.pathname}?${search}`);
}
