'use client';
/**
 * Where an account key is pasted. The field is not controlled: what is typed stays in it and nowhere in the
 * page's state. At rest it shows the two ends by which people know their keys. A key that looks whole is checked
 * after a paste, on Enter, or when the field is left.
 */
import { useState } from 'react';
import { type FieldParts, SecretInput } from './field.tsx';
import type { NewKey } from './new-key.ts';

const PLAUSIBLE_LENGTH = 12;

export function AccountKeyField({ newKey, parts }: { newKey: NewKey; parts: FieldParts }) {
  const [ends, setEnds] = useState<string | null>(null);
  const [shown, setShown] = useState(false);
  const masked = ends !== null && !shown;
  const offer = () => {
    if (newKey.text().length >= PLAUSIBLE_LENGTH) newKey.offer();
  };
  return (
    <div className="relative">
      <SecretInput
        {...parts}
        {...(newKey.refused ? { 'aria-invalid': true } : {})}
        ref={newKey.field}
        what="key"
        name="account-key"
        autoComplete="off"
        data-1p-ignore
        placeholder="sk-…"
        onShown={setShown}
        className={`font-mono text-12 max-sm:text-16 ${masked ? 'text-transparent!' : ''}`}
        onFocus={() => setEnds(null)}
        onBlur={() => {
          setEnds(bothEnds(newKey.text()));
          offer();
        }}
        onChange={newKey.changed}
        // The field has its new value only after this event.
        onPaste={() => requestAnimationFrame(offer)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          offer();
        }}
      />
      {masked && (
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
