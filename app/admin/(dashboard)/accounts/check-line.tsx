'use client';
/** What the live check of a key said, in one line beside the field. */
import { Check, CircleAlert } from 'lucide-react';
import { formatDuration } from '../../../../lib/format.ts';
import { Button } from '../../../_components/button.tsx';
import type { NewKey } from '../../../_components/new-key.ts';
import { ProblemLine } from '../../../_components/problem-note.tsx';
import { Dot } from '../../../_components/state-pill.tsx';

export function CheckLine({ newKey, host }: { newKey: NewKey; host: string }) {
  const { check, typed } = newKey;
  const known = check.view !== null || check.problem !== null;
  return (
    <div role="status" className="flex min-h-7 items-center justify-between gap-3 pt-1.5 text-12">
      {check.problem ? <ProblemLine problem={check.problem} /> : <Verdict newKey={newKey} host={host} />}
      {typed && !check.busy && (
        <Button look="link" onClick={newKey.again}>
          {known ? 'Check again' : 'Check the key'}
        </Button>
      )}
    </div>
  );
}

function Verdict({ newKey: { check }, host }: { newKey: NewKey; host: string }) {
  const { view } = check;
  if (check.busy) {
    return (
      <span className="flex items-center gap-2 text-fg-3">
        <Dot tone="busy" pulse />
        Asking {host}
      </span>
    );
  }
  if (view === null) {
    return (
      <span className="text-11 text-fg-3">
        Checked as soon as it is pasted; nothing is stored before you add it.
      </span>
    );
  }
  if (!view.ok) {
    return (
      <span className="flex items-start gap-1.5 text-bad-text">
        <CircleAlert size={14} className="mt-px shrink-0" />
        {view.message}
      </span>
    );
  }
  return (
    <span className="flex items-center gap-1.5 text-fg-3">
      <Check size={14} className="shrink-0 text-ok-text" />
      <span>
        <b className="font-medium text-ok-text">The key works.</b> Checked in{' '}
        {formatDuration(view.durationMs)}, free of charge.
      </span>
    </span>
  );
}
