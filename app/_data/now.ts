'use client';
/** The time to the second, one timer for the whole page; null while the server renders. */
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const toSecond = (): number => Math.floor(Date.now() / 1_000) * 1_000;

export const useNow = (): number | null =>
  useSyncExternalStore<number | null>(subscribe, toSecond, () => null);
