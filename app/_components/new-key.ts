'use client';
/** An account key that is being given: the field that holds it, where it would be sent, and what its check said. */
import { type RefObject, useRef, useState } from 'react';
import { type Destination, type KeyCheck, useKeyCheck } from './key-check.ts';

export interface NewKey {
  readonly field: RefObject<HTMLInputElement | null>;
  /** Something stands in the field. */
  readonly typed: boolean;
  readonly check: KeyCheck;
  readonly good: boolean;
  readonly refused: boolean;
  /** The key itself, read at the last moment and kept nowhere. */
  readonly text: () => string;
  readonly wipe: () => void;
  /** The key, or where it goes, is another one now: what was known of it is not. */
  readonly changed: () => void;
  readonly offer: () => void;
  readonly again: () => void;
}

/** @param given the field's ref, where something else needs it too */
export function useNewKey(to: Destination, given?: RefObject<HTMLInputElement | null>): NewKey {
  const own = useRef<HTMLInputElement>(null);
  const field = given ?? own;
  const [typed, setTyped] = useState(false);
  const check = useKeyCheck();
  const text = () => field.current?.value.trim() ?? '';
  return {
    field,
    typed,
    check,
    good: check.view?.ok === true,
    refused: check.view !== null && !check.view.ok,
    text,
    wipe: () => {
      if (field.current) field.current.value = '';
    },
    changed: () => {
      setTyped(text() !== '');
      check.forget();
    },
    offer: () => check.offer(text(), to),
    again: () => void check.run(text(), to),
  };
}
