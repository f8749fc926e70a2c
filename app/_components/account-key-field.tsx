'use client';
/**
 * Where an account key is pasted. The field is not controlled: what is typed stays in it and nowhere in the
 * page's state. At rest it shows the two ends by which people know their keys.
 */
import { type Ref, useState } from 'react';
import { type FieldParts, SecretInput } from './field.tsx';

const PLAUSIBLE_LENGTH = 12;

export interface AccountKeyFieldProps {
  readonly field: Ref<HTMLInputElement>;
  readonly parts: FieldParts;
  /** Called with a key that looks whole: after a paste, on Enter, or on leaving the field. */
  readonly onKey: (key: string) => void;
  readonly onChange: () => void;
}

export function AccountKeyField({ field, parts, onKey, onChange }: AccountKeyFieldProps) {
  const [ends, setEnds] = useState<string | null>(null);
  const [shown, setShown] = useState(false);
  const offer = (input: HTMLInputElement) => {
    if (input.value.trim().length >= PLAUSIBLE_LENGTH) onKey(input.value.trim());
  };
  return (
    <div className="relative">
      <SecretInput
        {...parts}
        ref={field}
        what="key"
        name="account-key"
        autoComplete="off"
        data-1p-ignore
        placeholder="sk-…"
        onShown={setShown}
        className={`font-mono text-12 max-sm:text-16 ${ends !== null && !shown ? 'text-transparent!' : ''}`}
        onFocus={() => setEnds(null)}
        onBlur={(event) => {
          setEnds(bothEnds(event.target.value.trim()));
          offer(event.target);
        }}
        onChange={onChange}
        onPaste={(event) => {
          const input = event.currentTarget;
          // The field has its new value only after this event.
          queueMicrotask(() => requestAnimationFrame(() => offer(input)));
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          offer(event.currentTarget);
        }}
      />
      {ends !== null && !shown && (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-10 left-2.75 flex items-center overflow-hidden font-mono text-12 whitespace-nowrap"
        >
          {ends}
        </span>
      )}
    </div>
  );
}

/** `sk-proj-••••7Qk2`; null for what is too short to show any of. */
function bothEnds(key: string): string | null {
  if (key.length < 20) return null;
  const prefix = /^[a-z]{2,4}-(?:[a-z]{3,8}-)?/.exec(key)?.[0] ?? '';
  return `${prefix}${'•'.repeat(Math.min(28, key.length - prefix.length - 4))}${key.slice(-4)}`;
}
