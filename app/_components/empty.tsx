/** Nothing here yet: one sentence and how it is done in a terminal. The page's primary button is the way on. */
import type { ReactNode } from 'react';

export function Empty(props: { title: string; hint?: string; action?: ReactNode; children: ReactNode }) {
  return (
    <div className="grid place-items-center px-6 py-16 text-center">
      <div className="max-w-95">
        <h2 className="text-20 font-semibold tracking-[-0.015em]">{props.title}</h2>
        <p className="pt-1 text-balance text-fg-2">{props.children}</p>
        {props.action && <div className="pt-5">{props.action}</div>}
        {props.hint && (
          <p className="pt-4 text-12 text-fg-3">
            In a terminal: <code className="font-mono text-11 text-fg-2">{props.hint}</code>
          </p>
        )}
      </div>
    </div>
  );
}
