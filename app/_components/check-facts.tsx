'use client';
/** What a key can do, as four facts that fill from the top. What is not known yet stays a grey promise. */
import { Check, CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCount, formatDuration } from '../../lib/format.ts';
import type { AccountCheckView } from '../../lib/wire/account-views.ts';
import { hostOf } from './key-check.ts';
import { Dot } from './state-pill.tsx';

const MODELS_NAMED = 5;

export interface CheckState {
  readonly view: AccountCheckView | null;
  readonly busy: boolean;
}

export function CheckFacts({ check, baseUrl }: { check: CheckState; baseUrl: string }) {
  const { view } = check;
  const host = hostOf(baseUrl);
  return (
    <ul aria-label="What the key can do" aria-live="polite" className="bg-raised/40">
      <KeyFact view={view} busy={check.busy} host={host} />
      <Fact done={view?.ok === true && view.organization !== null} title={organisationTitle(view)}>
        {view?.ok && view.organization !== null ? (
          <span className="font-mono">{[view.organization, view.project].filter(Boolean).join(' · ')}</span>
        ) : null}
      </Fact>
      <Fact done={view?.ok === true && view.modelIds !== null} title={modelsTitle(view)}>
        {view?.ok && view.modelIds ? <span className="font-mono">{someModels(view.modelIds)}</span> : null}
      </Fact>
      <Fact done={limitsTitle(view) !== null} title={limitsTitle(view) ?? 'Limits'}>
        {view?.ok && limitsTitle(view) === null ? 'Known from the headers of the first call.' : null}
      </Fact>
    </ul>
  );
}

function KeyFact({ view, busy, host }: { view: AccountCheckView | null; busy: boolean; host: string }) {
  if (view === null) return <Fact title={busy ? `Asking ${host}` : 'Key accepted'} busy={busy} />;
  const time = view.durationMs === null ? null : formatDuration(view.durationMs);
  if (view.ok) {
    return (
      <Fact done title={`Key accepted by ${host}`} time={time}>
        {view.verdict === 'limited_scopes' ? view.message : null}
      </Fact>
    );
  }
  const status = view.status === null ? time : `${view.status} in ${time ?? 'no time'}`;
  return (
    <Fact
      failed
      title={view.verdict === 'unreachable' ? `No answer from ${host}` : `Not accepted by ${host}`}
      time={status}
    >
      {view.verdict === 'refused'
        ? 'Perhaps it was cut off when copied, or revoked, or belongs to another address.'
        : view.message}
    </Fact>
  );
}

function Fact(props: {
  title: string;
  done?: boolean;
  failed?: boolean;
  busy?: boolean;
  time?: string | null;
  children?: ReactNode;
}) {
  return (
    <li className="flex gap-2.5 border-t px-4 py-2.5">
      <span className="grid h-5 w-4 shrink-0 place-items-center">
        {props.done ? (
          <span className="grid size-4 place-items-center rounded-full bg-ok-soft text-ok-text">
            <Check size={11} strokeWidth={3} aria-label="Done" />
          </span>
        ) : props.failed ? (
          <CircleAlert size={15} className="text-bad-text" aria-label="Failed" />
        ) : (
          <Dot tone={props.busy ? 'busy' : 'idle'} pulse={props.busy ?? false} />
        )}
      </span>
      <div className="min-w-0 flex-1">
        <p className={props.done || props.failed || props.busy ? '' : 'text-fg-3'}>{props.title}</p>
        {props.children && <p className="text-11 text-pretty break-words text-fg-3">{props.children}</p>}
      </div>
      {props.time && <span className="text-11 leading-5 text-fg-3">{props.time}</span>}
    </li>
  );
}

function organisationTitle(view: AccountCheckView | null): string {
  if (!view?.ok) return 'Organisation and project';
  return view.organization === null
    ? 'Organisation not told; known after the first call'
    : 'Organisation and project';
}

function modelsTitle(view: AccountCheckView | null): string {
  if (!view?.ok) return 'Models';
  return view.modelIds === null
    ? 'Models not visible with this key'
    : `${formatCount(view.modelIds.length)} models`;
}

function limitsTitle(view: AccountCheckView | null): string | null {
  const requests = view?.headerLimits.requests?.limit ?? null;
  const tokens = view?.headerLimits.tokens?.limit ?? null;
  if (!view?.ok || (requests === null && tokens === null)) return null;
  const parts = [
    requests === null ? null : `${formatCount(requests)} requests`,
    tokens === null ? null : `${formatCount(tokens)} tokens`,
  ].filter(Boolean);
  return `${parts.join(' and ')} a minute`;
}

function someModels(ids: readonly string[]): string {
  const rest = ids.length - MODELS_NAMED;
  return ids.slice(0, MODELS_NAMED).join(', ') + (rest > 0 ? `, +${rest}` : '');
}
