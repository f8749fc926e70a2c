import type { ReactNode } from 'react';

/** A key of the keyboard. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-items-center rounded-[5px] border bg-raised px-1 font-mono text-11 text-fg-2">
      {children}
    </kbd>
  );
}
