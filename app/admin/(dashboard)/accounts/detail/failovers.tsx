'use client';
/** Who answered calls that were to go here, and whose calls this account answered, on one common scale. */
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCount } from '../../../../../lib/format.ts';
import type { AccountDetailView, FailoverView } from '../../../../../lib/wire/account-detail-views.ts';
import { hueClass, Swatch } from '../../../../_components/account-mark.tsx';
import { CardHead } from '../../../../_components/card.tsx';
import { ProblemNote } from '../../../../_components/problem-note.tsx';
import type { Answer } from '../../../../_data/ask.ts';

export function Failovers(props: { name: string; answer: Answer<AccountDetailView> }) {
  const { data, problem, retry } = props.answer;
  const most = Math.max(
    1,
    ...[...(data?.movedAway ?? []), ...(data?.takenOver ?? [])].map(({ calls }) => calls),
  );
  return (
    <section aria-label="Failovers" className="card min-w-0">
      <CardHead title="Failovers" />
      {problem && !data ? (
        <ProblemNote title="The failovers could not be read" problem={problem} retry={retry} />
      ) : (
        <>
          <Way
            icon={<ArrowUpRight size={14} />}
            title="Moved away"
            most={most}
            moved={data?.movedAway ?? []}
          />
          <Way
            icon={<ArrowDownLeft size={14} />}
            title="Taken over"
            most={most}
            moved={data?.takenOver ?? []}
          />
        </>
      )}
    </section>
  );
}

function Way(props: { icon: ReactNode; title: string; most: number; moved: readonly FailoverView[] }) {
  const sum = props.moved.reduce((all, { calls }) => all + calls, 0);
  return (
    <div className="border-t px-4 py-3 first-of-type:border-t-0">
      <h3 className="flex items-center gap-1.5 text-12 text-fg-2">
        {props.icon}
        {props.title}
      </h3>
      <p className="text-20 font-semibold tracking-[-0.02em]">{formatCount(sum)}</p>
      <ul className="grid gap-1.5 pt-1">
        {props.moved.map(({ accountId, name, hue, calls }) => (
          <li key={accountId} className="flex items-center gap-2 text-12">
            <Swatch hue={hue} />
            <bdi className="w-24 truncate">{name}</bdi>
            <svg className={`${hueClass(hue)} h-1 w-0 min-w-0 flex-1`} aria-hidden="true">
              <rect width="100%" height="4" rx="2" className="fill-track" />
              <rect width={`${(calls / props.most) * 100}%`} height="4" rx="2" className="fill-hue" />
            </svg>
            <span className="w-10 text-right">{formatCount(calls)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
