/** A step's title and what it is for; a step's last line with the way back and the way on. */
import type { ReactNode } from 'react';

export function StepHead({ title, children }: { title: string; children: ReactNode }) {
  return (
    <header className="pb-6">
      <h1 className="text-22 font-semibold tracking-[-0.02em]">{title}</h1>
      <p className="max-w-130 pt-1.5 text-pretty text-fg-2">{children}</p>
    </header>
  );
}

export function StepFoot({ children }: { children: ReactNode }) {
  return <footer className="flex flex-wrap items-center justify-end gap-3 pt-5">{children}</footer>;
}
