'use client';
/** One call explained: what came of it, whom it was tried with, why this account, and what it cost. */
import type { ReactNode } from 'react';
import {
  DASH,
  formatBytes,
  formatCallCost,
  formatCallTokens,
  formatDuration,
} from '../../../../lib/format.ts';
import { waitedMs } from '../../../../lib/routing/attempt.ts';
import { sayRefusal, sayWhereLeft } from '../../../../lib/routing/left-words.ts';
import { saySessionSource } from '../../../../lib/routing/plan-words.ts';
import type { RequestView } from '../../../../lib/wire/views.ts';
import { CopyIcon } from '../../../_components/copy-button.tsx';
import { DockedPanel, SidePanel } from '../../../_components/dialog.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { outcomeOf } from '../../../_components/request-words.ts';
import { Bone } from '../../../_components/skeleton.tsx';
import { Dot } from '../../../_components/state-pill.tsx';
import { clockTime, dayMonthYear } from '../../../_components/times.tsx';
import { useRequest } from '../../../_data/resources.ts';
import { Attempts } from './attempts.tsx';
import { Bodies } from './bodies.tsx';
import { Plan } from './plan.tsx';
import { UsageAndPrice } from './usage-and-price.tsx';

export function RequestPanel(props: {
  id: string | null;
  /** Beside the list instead of over it. */
  docked: boolean;
  onClose: () => void;
  /** Opens the next older (1) or newer (-1) one. */
  onStep: (by: 1 | -1) => void;
}) {
  const { id, docked, onClose, onStep } = props;
  const { data, problem, retry } = useRequest(id);
  const call = data?.id === id || (id !== null && data?.id.startsWith(id)) ? data : undefined;
  const words = call && outcomeOf(call);
  const title = (
    <span className="flex items-center gap-2.5">
      {words && <Dot tone={words.tone} />}
      {words?.label ?? 'Request'}
    </span>
  );
  const content = (
    <>
      {problem && !call ? (
        <ProblemNote title="This call could not be read" problem={problem} retry={retry} />
      ) : call ? (
        <Explained call={call} />
      ) : (
        <div className="grid gap-4 p-5">
          <Bone className="h-4 w-64" />
          <Bone className="h-12" />
          <Bone className="h-40" />
        </div>
      )}
    </>
  );
  if (docked) {
    return (
      id !== null && (
        <DockedPanel title={title} label="The call" onClose={onClose} onStep={onStep}>
          {content}
        </DockedPanel>
      )
    );
  }
  return (
    <SidePanel open={id !== null} onClose={onClose} title={title}>
      {content}
    </SidePanel>
  );
}

function Explained({ call }: { call: RequestView }) {
  return (
    <section
      className="min-h-0 flex-1 divide-y overflow-y-auto outline-none"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Details"
    >
      <div className="px-5 py-4">
        <p className="flex flex-wrap items-center gap-x-2 text-11 text-fg-3">
          <span className="flex items-center font-mono">
            {call.id.slice(0, 13)}
            <CopyIcon text={call.id} label="Copy the id" />
          </span>
          · {dayMonthYear(call.startedAtMs)} {clockTime(call.startedAtMs)} ·
          <span className="font-mono text-fg-2">{call.model ?? call.endpoint}</span>·{' '}
          <bdi>{call.clientName}</bdi>
        </p>
        <dl className="grid grid-cols-4 pt-2">
          <Figure name="Total" value={formatDuration(call.durationMs)} />
          <Figure name="First token" value={formatDuration(call.firstTokenMs)} />
          <Figure name="Tokens" value={formatCallTokens(call)} />
          <Figure name="Cost" value={formatCallCost(call)} />
        </dl>
      </div>
      {(call.outcome === 'refused' || call.outcome === 'cancelled') && (
        <p className="px-5 py-4 text-12 text-pretty text-fg-2">
          {call.outcome === 'refused'
            ? `Refused: ${sayRefusal(call.plan, call.errorMessage)}`
            : `The client left ${sayWhereLeft(call.plan, call.attemptList)}.`}
        </p>
      )}
      <Section title="Attempts">
        <Attempts call={call} />
      </Section>
      {call.plan && (
        <Section title="Why this account">
          <Plan plan={call.plan} call={call} />
        </Section>
      )}
      <Section title="Usage and price" note={call.prices?.source}>
        <UsageAndPrice call={call} />
      </Section>
      <Section title="Conversation">
        <FactList facts={conversationOf(call)} />
      </Section>
      <Section title="Request">
        <Facts call={call} />
      </Section>
      {call.captured && (
        <Section title="What was said" note="captured, sealed, expiring">
          <Bodies key={call.id} call={call} />
        </Section>
      )}
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="border-l pl-3 first:border-l-0 first:pl-0">
      <dt className="text-11 text-fg-3">{name}</dt>
      <dd className="font-semibold">{value}</dd>
    </div>
  );
}

function Section({
  title,
  note,
  children,
}: {
  title: string;
  note?: string | undefined;
  children: ReactNode;
}) {
  return (
    <section className="px-5 py-4">
      <header className="flex items-baseline justify-between gap-3 pb-2">
        <h3 className="font-semibold">{title}</h3>
        {note && <span className="text-11 text-fg-3">{note}</span>}
      </header>
      {children}
    </section>
  );
}

function Facts({ call }: { call: RequestView }) {
  const waited = waitedMs(call.attemptList, call.plan);
  const facts = [
    ['Endpoint', call.endpoint],
    ['Client program', call.userAgent],
    ['Sent', formatBytes(call.requestBytes)],
    ['Received', formatBytes(call.responseBytes)],
    ['Answered as', call.servedModel],
    ['Service tier', call.serviceTier],
    ['Error', call.errorCode],
    ['Waited', waited === 0 ? null : formatDuration(waited)],
    ['Our own time', call.overheadUs === null ? null : formatDuration(call.overheadUs / 1000)],
  ] as const;
  return (
    <>
      <FactList facts={facts} />
      {call.reasoningDropped && (
        <p className="pt-1.5 text-12 text-fg-2">
          Encrypted reasoning of another organisation was taken out before the move.
        </p>
      )}
    </>
  );
}

type FactRow = readonly [name: string, value: string | null];

/** What is not known of a call has no line. */
function FactList({ facts }: { facts: readonly FactRow[] }) {
  return (
    <dl className="grid gap-1.5 text-12">
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div key={name} className="grid grid-cols-[116px_minmax(0,1fr)]">
            <dt className="text-fg-3">{name}</dt>
            <dd className="font-mono text-11 leading-4 break-words">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

const conversationOf = (call: RequestView): readonly FactRow[] => [
  ['Recognised by', call.sessionSource === null ? DASH : saySessionSource(call.sessionSource)],
  ['Home then', call.plan && call.sessionHash ? (call.homeName ?? 'none yet') : null],
  ['Session', call.sessionHash],
  ['Started by', call.parentHash],
];
