/**
 * State that keys change: several keys may come before the screen is drawn again, and each has to see what the one
 * before it did.
 */
import { useReducer, useRef } from 'react';

export interface Held<T> {
  /** As it is at this moment, also between two keys. */
  now(): T;
  set(patch: Partial<T>): void;
}

export function useHeld<T extends object>(initial: () => T): Held<T> {
  const held = useRef<T | null>(null);
  held.current ??= initial();
  const first = held.current;
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  return {
    now: () => held.current ?? first,
    set: (patch) => {
      held.current = { ...(held.current ?? first), ...patch };
      redraw();
    },
  };
}
