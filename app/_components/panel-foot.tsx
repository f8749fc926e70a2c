/** The foot of a side panel: the consequence, or what went wrong, and the buttons. */
import type { ReactNode } from 'react';
import type { Problem } from '../_data/problem.ts';
import { Button } from './button.tsx';
import { ProblemLine } from './problem-note.tsx';

export function PanelFoot(props: {
  note: string;
  problem: Problem | null;
  onCancel: () => void;
  children: ReactNode;
}) {
  return (
    <footer className="flex shrink-0 flex-wrap items-center justify-between gap-3 border-t px-5 py-3">
      <div className="min-w-0 flex-1 text-12 text-fg-2 max-sm:basis-full">
        {props.problem ? <ProblemLine problem={props.problem} /> : props.note}
      </div>
      <div className="flex gap-2 max-sm:grid max-sm:w-full max-sm:grid-cols-2">
        <Button onClick={props.onCancel}>Cancel</Button>
        {props.children}
      </div>
    </footer>
  );
}
