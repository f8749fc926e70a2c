'use client';
/** What is running now and what just ended: five rows, under way first. */
import { ArrowUpRight, CornerDownRight } from 'lucide-react';
import Link from 'next/link';
import { formatCallCost, formatCallTokens, formatDuration } from '../../../../lib/format.ts';
import type { RequestRowView } from '../../../../lib/wire/views.ts';
import { hueClass } from '../../../_components/account-mark.tsx';
import { CardHead } from '../../../_components/card.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { hasMoved, outcomeOf } from '../../../_components/request-words.ts';
import { Bone } from '../../../_components/skeleton.tsx';
import { Dot } from '../../../_components/state-pill.tsx';
import { useLink, useLiveNow } from '../../../_data/live.tsx';
import { useLiveCalls } from '../../../_data/live-calls.ts';
import { useAccounts, useRequests } from '../../../_data/resources.ts';

const SHOWN = 5;
const KEPT = 40;
const EVERY = () => true;
const NO_FILTER = {};

export function LiveRequests() {
  const { phase } = useLink();
  const { data, problem, retry } = useRequests(NO_FILTER, KEPT);
  const calls = useLiveCalls(data?.rows, EVERY, KEPT);
  const shown = calls && runningFirst(calls).slice(0, SHOWN);
  return (
    <section aria-label="Live requests" className="card min-h-71 min-w-0">
      <CardHead title={phase === 'live' || phase === 'connecting' ? 'Live requests' : 'Last seen requests'}>
        <Link
          href="/admin/requests"
          className="hit flex items-center gap-1 text-12 text-fg-2 underline-offset-2 hover:text-fg hover:underline"
        >
          All
          <span className="sr-only">requests</span>
          <ArrowUpRight size={13} aria-hidden="true" />
        </Link>
      </CardHead>
      {problem && !calls ? (
        <ProblemNote title="The requests could not be read" problem={problem} retry={retry} />
      ) : shown?.length === 0 ? (
        <p className="grid min-h-50 place-items-center px-6 text-center text-12 text-balance text-fg-3">
          No call yet. Point a client at this endpoint; its calls appear here as they run.
        </p>
      ) : (
        <ul>
          {shown
            ? shown.map((call) => <Row key={call.id} call={call} />)
            : BONES.map((at) => <BoneRow key={at} />)}
        </ul>
      )}
    </section>
  );
}

const BONES = [0, 1, 2, 3, 4];

const runningFirst = (calls: readonly RequestRowView[]): readonly RequestRowView[] => [
  ...calls.filter(({ outcome }) => outcome === null),
  ...calls.filter(({ outcome }) => outcome !== null),
];

function Row({ call }: { call: RequestRowView }) {
  const words = outcomeOf(call);
  const moved = hasMoved(call) || (call.outcome === null && call.attempts > 1);
  return (
    <li className="flex h-11.75 animate-slide-down items-center gap-2.5 border-t px-4 first:border-t-0">
      <Dot tone={words.tone} pulse={call.outcome === null} />
      <span className="sr-only">{words.label}</span>
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <span className="truncate font-mono text-12">{call.model ?? call.endpoint}</span>
          {moved && (
            <span className="flex shrink-0 items-center gap-0.5 rounded-[4px] bg-warn-soft px-1 text-11 leading-4 text-warn-text">
              <CornerDownRight size={10} aria-hidden="true" />
              moved
            </span>
          )}
        </p>
        <p className="truncate text-11 text-fg-3">
          <AccountWay call={call} moved={moved} /> · <bdi>{call.clientName}</bdi>
        </p>
      </div>
      <div className="shrink-0 text-right">
        {call.outcome === null ? <Running call={call} /> : <Ended call={call} />}
      </div>
    </li>
  );
}

function AccountWay({ call, moved }: { call: RequestRowView; moved: boolean }) {
  const { data: accounts } = useAccounts();
  const hue = (id: string | null) => hueClass(accounts?.find((account) => account.id === id)?.hue ?? 0);
  return (
    <>
      {moved && call.accountId !== call.firstAccountId && (
        <>
          <bdi className={`${hue(call.firstAccountId)} text-hue-text`}>{call.firstAccountName}</bdi> →{' '}
        </>
      )}
      <bdi className={`${hue(call.accountId ?? call.firstAccountId)} text-hue-text`}>
        {call.accountName ?? call.firstAccountName}
      </bdi>
    </>
  );
}

function Running({ call }: { call: RequestRowView }) {
  const nowMs = useLiveNow() ?? call.startedAtMs;
  return (
    <>
      <p className="text-12 text-acc-text">{formatDuration(Math.max(0, nowMs - call.startedAtMs))}</p>
      <p className="text-11 text-fg-3">
        {call.firstTokenMs === null ? 'waiting' : `first ${formatDuration(call.firstTokenMs)}`}
      </p>
    </>
  );
}

function Ended({ call }: { call: RequestRowView }) {
  return (
    <>
      <p className="text-12">{formatCallCost(call)}</p>
      <p className="text-11 text-fg-3">
        {formatCallTokens(call)} · {formatDuration(call.durationMs)}
      </p>
    </>
  );
}

function BoneRow() {
  return (
    <li className="flex h-11.75 items-center gap-3 border-t px-4 first:border-t-0">
      <Dot tone="idle" className="opacity-40" />
      <div className="grid flex-1 gap-2">
        <Bone className="h-2.5 w-28" />
        <Bone className="h-2 w-20" />
      </div>
      <Bone className="h-2.5 w-12" />
    </li>
  );
}
