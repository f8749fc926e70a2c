'use client';
/** An error where it happened: the cause in words, a way to try again, and details to hand on. */
import { CircleAlert, RefreshCw } from 'lucide-react';
import { type Problem, problemDetails } from '../_data/problem.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';

export function ProblemNote({
  title,
  problem,
  retry,
}: {
  title: string;
  problem: Problem;
  retry?: () => void;
}) {
  return (
    <div role="alert" className="grid h-full place-items-center px-6 py-8 text-center">
      <div className="flex max-w-105 flex-col items-center">
        <span className="grid size-8 place-items-center rounded-control bg-bad-soft text-bad-text">
          <CircleAlert size={16} strokeWidth={1.75} />
        </span>
        <h3 className="pt-3 text-13 font-semibold">{title}</h3>
        <p className="pt-0.5 text-12 text-balance text-fg-2">
          {problem.message} {problem.hint}
        </p>
        <div className="flex flex-wrap justify-center gap-2 pt-3">
          {retry && (
            <Button size="small" onClick={retry}>
              <RefreshCw size={14} />
              Try again
            </Button>
          )}
          <CopyButton text={problemDetails(problem)} label="Copy details" />
        </div>
      </div>
    </div>
  );
}

/** The same in one line, beside a field or at the foot of a form. */
export function ProblemLine({ problem, id }: { problem: Problem | null; id?: string }) {
  return (
    <div role="alert" id={id} className="empty:hidden">
      {problem && (
        <p className="flex items-start gap-1.5 text-12 text-bad-text">
          <CircleAlert size={14} className="mt-px shrink-0" />
          <span>
            {problem.message} {problem.hint}
          </span>
        </p>
      )}
    </div>
  );
}
