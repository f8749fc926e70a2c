'use client';
/** What is running, where its data is, and how to leave it. */
import { formatCount, formatSpan } from '../../../../lib/format.ts';
import { Button } from '../../../_components/button.tsx';
import { CardHead, CardRow } from '../../../_components/card.tsx';
import { CopyIcon } from '../../../_components/copy-button.tsx';
import { useLock } from '../../../_components/lock.ts';
import { ProblemLine, ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { clockTime, dayMonth } from '../../../_components/times.tsx';
import { api, forgetOriginKey } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { useTick } from '../../../_data/live.tsx';
import { useNow } from '../../../_data/now.ts';
import { useStatus } from '../../../_data/resources.ts';

export function About() {
  const { data: status, problem, retry } = useStatus();
  if (problem && !status) {
    return (
      <div className="card">
        <ProblemNote title="The status could not be read" problem={problem} retry={retry} />
      </div>
    );
  }
  return (
    <>
      <Figures />
      <section aria-label="This server" className="card">
        <CardHead title="This server" />
        <dl className="divide-y">
          {(
            [
              ['Endpoint', status?.endpoint],
              ['Data folder', status?.dataFolder],
              ['Process', status && String(status.pid)],
            ] as const
          ).map(([name, value]) => (
            <div key={name} className="flex min-h-10 items-center gap-4 px-4 py-1">
              <dt className="w-28 shrink-0 text-12 text-fg-3">{name}</dt>
              <dd className="flex min-w-0 items-center gap-1.5 font-mono text-12">
                <span className="min-w-0 break-all">{value ?? ''}</span>
                {value && <CopyIcon text={value} label={`Copy: ${name.toLowerCase()}`} />}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <Leaving />
    </>
  );
}

function Figures() {
  const { data: status } = useStatus();
  const tick = useTick();
  const nowMs = useNow();
  const figures = [
    ['Version', status?.version, 'Codex Account Manager'],
    [
      'Running',
      status && nowMs !== null ? formatSpan(nowMs - status.startedAtMs) : undefined,
      status ? `since ${dayMonth(status.startedAtMs)}, ${clockTime(status.startedAtMs)}` : '',
    ],
    [
      'In flight',
      tick ? formatCount(tick.inFlight) : undefined,
      tick ? `${tick.callsPerSecond.toFixed(1)} a second` : '',
    ],
    [
      'Network',
      tick ? (tick.network === 'ok' ? 'Fine' : 'Offline') : undefined,
      tick?.network === 'unreachable' ? 'no provider can be reached' : 'providers can be reached',
    ],
  ] as const;
  return (
    <section
      aria-label="Status"
      className="card grid grid-cols-2 overflow-hidden md:grid-cols-4 [&>*]:-mt-px [&>*]:-ml-px [&>*]:border-t [&>*]:border-l"
    >
      {figures.map(([name, value, note]) => (
        <div key={name} className="px-4 py-3.5">
          <h2 className="text-12 text-fg-2">{name}</h2>
          {value === undefined ? (
            <Bone className="my-1.5 h-4 w-14" />
          ) : (
            <p className="text-20 font-semibold tracking-[-0.02em]">{value}</p>
          )}
          <p className="truncate text-12 text-fg-3">{note}</p>
        </div>
      ))}
    </section>
  );
}

function Leaving() {
  const lock = useLock();
  const end = useAct(() => api.session.end.mutate());
  const signOut = async () => {
    if ((await end.run(undefined)) === null) return;
    forgetOriginKey();
    location.assign('/admin/unlock');
  };
  return (
    <section aria-label="Leaving" className="card">
      <CardHead title="Leaving" />
      <CardRow
        title="Sign out"
        note="This browser only. The vault stays open and clients are served as before."
      >
        <Button disabled={end.busy} onClick={() => void signOut()}>
          Sign out
        </Button>
      </CardRow>
      <CardRow
        title="Lock the vault"
        note="Everyone is signed out; calls under way may finish for up to 30 seconds, then clients get a 503 until it is unlocked."
      >
        <Button disabled={lock.busy} onClick={lock.run}>
          Lock
        </Button>
      </CardRow>
      <div className="px-4 pb-3 empty:hidden">{end.problem && <ProblemLine problem={end.problem} />}</div>
    </section>
  );
}
