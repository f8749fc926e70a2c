'use client';
/** Where we are in the set-up, and what came of each step that is done. */
import { Check } from 'lucide-react';
import { Logo } from '../../_components/logo.tsx';

export interface Done {
  readonly key: string | null;
  readonly account: string | null;
}

const STEPS = [
  { stage: 'key', name: 'Master key', promise: 'Seals every account key' },
  { stage: 'account', name: 'First account', promise: 'Paste a key, we check it live' },
  { stage: 'client', name: 'Connect a client', promise: 'OpenCode, Codex or your own code' },
] as const;

export function Rail({ stage, done }: { stage: string; done: Done }) {
  const at = Math.max(
    0,
    STEPS.findIndex((step) => step.stage === stage),
  );
  return (
    <aside className="flex w-75 shrink-0 flex-col justify-between border-r bg-rail p-6 max-lg:w-full max-lg:border-r-0 max-lg:border-b max-lg:p-4">
      <div>
        <div className="flex items-center gap-2.5">
          <Logo />
          <div>
            <p className="text-13 leading-4 font-semibold">Codex Accounts</p>
            <p className="text-11 text-fg-3">First run</p>
          </div>
        </div>
        <ol className="pt-7 max-lg:flex max-lg:gap-5 max-lg:pt-5">
          {STEPS.map((step, i) => {
            const result = i === 0 ? done.key : i === 1 ? done.account : null;
            return (
              <Step
                key={step.stage}
                number={i + 1}
                name={step.name}
                note={(i < at ? result : null) ?? step.promise}
                state={i < at ? 'done' : i === at ? 'here' : 'ahead'}
                last={i === STEPS.length - 1}
              />
            );
          })}
        </ol>
      </div>
      <p className="text-11 text-pretty text-fg-3 max-lg:hidden">
        This page opened by a one-time link. It stops working when set-up ends. Nothing leaves this machine
        but calls to your provider.
      </p>
    </aside>
  );
}

const CIRCLE = {
  done: 'bg-fg text-on-fg border-fg',
  here: 'bg-surface text-fg border-2 border-fg',
  ahead: 'bg-surface text-fg-3 border-line-2',
} as const;

function Step(props: {
  number: number;
  name: string;
  note: string;
  state: 'done' | 'here' | 'ahead';
  last: boolean;
}) {
  const { state } = props;
  return (
    <li aria-current={state === 'here' ? 'step' : undefined} className="relative flex gap-3 pb-7 max-lg:pb-0">
      {!props.last && (
        <span
          aria-hidden="true"
          className={`absolute top-7 bottom-0.5 left-3 w-px max-lg:hidden ${state === 'done' ? 'bg-fg-3' : 'bg-line-2'}`}
        />
      )}
      <span
        className={`grid size-6 shrink-0 place-items-center rounded-full border text-11 font-semibold ${CIRCLE[state]}`}
      >
        {state === 'done' ? <Check size={14} strokeWidth={2.25} aria-label="Done" /> : props.number}
      </span>
      <span className="max-sm:sr-only">
        <span
          className={`block leading-6 ${state === 'here' ? 'font-medium' : 'text-fg-2'} max-lg:whitespace-nowrap`}
        >
          {props.name}
        </span>
        <span className="block text-11 text-fg-3 max-lg:hidden">{props.note}</span>
      </span>
    </li>
  );
}
