'use client';
/** What is wrong with this installation, first, each with the command that mends it; what is well, in short lines. */
import { Check, CircleAlert, Info, RefreshCw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { DoctorReport, Finding, Severity } from '../../../../lib/doctor/finding.ts';
import { Button } from '../../../_components/button.tsx';
import { CardHead } from '../../../_components/card.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone, Loading } from '../../../_components/skeleton.tsx';
import { CommandLine } from '../../../_components/snippet.tsx';
import { Ago } from '../../../_components/times.tsx';
import { useHealth } from '../../../_data/resources.ts';
import { Diagnostics } from './diagnostics.tsx';

const LOOKS: Readonly<Record<Severity, readonly [rank: number, tile: string, word: string]>> = {
  bad: [0, 'bg-bad-soft text-bad-text', 'Bad'],
  warn: [1, 'bg-warn-soft text-warn-text', 'Warning'],
  note: [2, 'bg-raised text-fg-2', 'Note'],
  ok: [3, 'text-ok-text', 'Fine'],
};

export function HealthCheck() {
  const { data: report, problem, retry } = useHealth();
  if (problem && !report) {
    return (
      <div className="card">
        <ProblemNote title="The check could not be made" problem={problem} retry={retry} />
      </div>
    );
  }
  return (
    <>
      {report ? <Report report={report} again={retry} /> : <Bones />}
      <Diagnostics />
    </>
  );
}

function Report({ report, again }: { report: DoctorReport; again: () => void }) {
  const wrong = report.findings
    .filter(({ severity }) => severity !== 'ok')
    .sort((a, b) => LOOKS[a.severity][0] - LOOKS[b.severity][0]);
  const well = report.findings.filter(({ severity }) => severity === 'ok');
  const [unfolded, setUnfolded] = useState(false);
  return (
    <section aria-label="Health check" className="card">
      <CardHead
        title={wrong.length === 0 ? 'All is well' : `${wrong.length} to look at`}
        note={
          <>
            checked <Ago atMs={report.atMs} />
          </>
        }
      >
        <Button size="small" onClick={again}>
          <RefreshCw size={14} />
          Check again
        </Button>
      </CardHead>
      <ul className="divide-y">
        {wrong.map((finding) => (
          <Wrong key={`${finding.check} ${finding.what}`} finding={finding} />
        ))}
        {report.unchecked.map(({ check, why }) => (
          <li key={check} className="flex min-h-10 items-center gap-3 px-4 text-12 text-fg-3">
            <span className="min-w-24 first-letter:uppercase">{check}</span>
            <span className="min-w-0">Not looked at. {why}</span>
          </li>
        ))}
        {(unfolded || wrong.length === 0) &&
          well.map(({ check, what }) => (
            <li key={`${check} ${what}`} className="flex min-h-10 items-center gap-3 px-4 py-1 text-12">
              <Check size={14} className="shrink-0 text-ok-text" aria-label="Fine" />
              <span className="w-24 shrink-0 text-fg-3 first-letter:uppercase">{check}</span>
              <span className="min-w-0 break-words">{what}</span>
            </li>
          ))}
      </ul>
      {wrong.length > 0 && (
        <button
          type="button"
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
          className="hit flex h-10 w-full items-center border-t px-4 text-12 text-fg-2 hover:text-fg"
        >
          {unfolded ? 'Show only what needs attention' : `${well.length} more are fine`}
        </button>
      )}
    </section>
  );
}

function Wrong({ finding: { check, severity, what, why, mend } }: { finding: Finding }) {
  const [, tile, word] = LOOKS[severity];
  const Icon = severity === 'note' ? Info : severity === 'warn' ? TriangleAlert : CircleAlert;
  return (
    <li className="grid grid-cols-[24px_minmax(0,1fr)] gap-x-3 px-4 py-3.5">
      <span className={`grid size-6 place-items-center rounded-inner ${tile}`}>
        <Icon size={14} strokeWidth={1.75} aria-label={word} />
      </span>
      <div className="min-w-0">
        <h3 className="text-13 leading-6 font-semibold break-words">{what}</h3>
        <p className="max-w-[68ch] text-12 text-fg-3">
          <span className="inline-block text-fg-2 first-letter:uppercase">{check}</span>
          {why !== null && ` · ${why}`}
        </p>
        {mend !== null && (
          <div className="max-w-130 pt-2">
            <CommandLine code={[mend]} label={`Copy the command for: ${what}`} />
          </div>
        )}
      </div>
    </li>
  );
}

function Bones() {
  return (
    <section className="card" aria-label="Health check">
      <Loading label="The installation is being looked at" />
      <CardHead title="Looking…" />
      <div className="divide-y">
        {[0, 1, 2, 3].map((at) => (
          <div key={at} className="flex h-20 items-center px-4">
            <Bone className="h-4 w-3/5" />
          </div>
        ))}
      </div>
    </section>
  );
}
