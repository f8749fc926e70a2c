'use client';
/** How calls are spread: strategy, affinity, failover. Nothing is changed before Save, which says what for whom. */
import { Lock } from 'lucide-react';
import { useId } from 'react';
import { STRATEGIES } from '../../../../lib/routing/plan.ts';
import type { RoutingView } from '../../../../lib/wire/views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardHead, CardRow } from '../../../_components/card.tsx';
import { ProblemLine, ProblemNote } from '../../../_components/problem-note.tsx';
import { RadioCard } from '../../../_components/radio-card.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { Bone, Loading } from '../../../_components/skeleton.tsx';
import { STRATEGY_WORDS } from '../../../_components/strategy-words.ts';
import { api } from '../../../_data/api.ts';
import { useAct } from '../../../_data/ask.ts';
import { type Draft, useDraft } from '../../../_data/drafts.tsx';
import { useTick } from '../../../_data/live.tsx';
import { useReload } from '../../../_data/reload.ts';
import { useRouting } from '../../../_data/resources.ts';

export function Routing() {
  const { data, problem, retry } = useRouting();
  if (problem && !data) {
    return (
      <div className="card">
        <ProblemNote title="The settings could not be read" problem={problem} retry={retry} />
      </div>
    );
  }
  if (!data) {
    return (
      <>
        <Loading label="Loading the settings" />
        <Bone className="card h-70" />
        <Bone className="card h-62" />
      </>
    );
  }
  return <RoutingForm saved={data} />;
}

interface Form {
  readonly strategy: RoutingView['strategy'];
  readonly affinity: RoutingView['affinity'];
  readonly reasoningFailover: RoutingView['reasoningFailover'];
  readonly reserve: string;
  readonly attemptsMax: string;
}

const formOf = (saved: RoutingView): Form => ({
  strategy: saved.strategy,
  affinity: saved.affinity,
  reasoningFailover: saved.reasoningFailover,
  reserve: String(Math.round(saved.reserve * 100)),
  attemptsMax: String(saved.attemptsMax),
});

const inRange = (text: string, min: number, max: number): boolean =>
  /^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max;

type Parts = {
  readonly draft: Draft<Form>;
  readonly saved: RoutingView;
  readonly isFixed: (name: string) => boolean;
};

function RoutingForm({ saved }: { saved: RoutingView }) {
  const draft = useDraft('settings.routing', formOf(saved));
  const isFixed = (name: string) => saved.fixed.some((each) => each === name || each === `routing.${name}`);
  const parts = { draft, saved, isFixed };
  return (
    <>
      <StrategyCard {...parts} />
      <AffinityCard {...parts} />
      <FailoverCard {...parts} />
      <SaveBar {...parts} />
    </>
  );
}

function StrategyCard({ draft, saved, isFixed }: Parts) {
  return (
    <section aria-label="Strategy" className="card">
      <CardHead title="Strategy" note="For calls that no session decides">
        {isFixed('strategy') && <Fixed />}
      </CardHead>
      <div role="radiogroup" aria-label="Strategy" className="grid gap-3 p-4 md:grid-cols-2">
        {STRATEGIES.map((name) => (
          <RadioCard
            key={name}
            name="strategy"
            checked={draft.value.strategy === name}
            disabled={isFixed('strategy')}
            onPick={() => draft.set({ strategy: name })}
            title={STRATEGY_WORDS[name].name}
            aside={saved.strategy === name ? 'In use' : undefined}
          >
            {STRATEGY_WORDS[name].sentence}
          </RadioCard>
        ))}
      </div>
    </section>
  );
}

const AFFINITY_WORDS = {
  prefer: 'A session stays where its prompt cache is, and moves when that account cannot serve.',
  wait: 'A session stays where it is even if it has to wait for its account.',
  off: 'Every call is placed anew. Prompt caches are lost and long agent sessions cost much more.',
} as const;

function AffinityCard({ draft, isFixed }: Parts) {
  return (
    <section aria-label="Affinity" className="card">
      <CardHead title="Affinity" note="Comes before the strategy" />
      <CardRow title="Keep a session on its account" note={AFFINITY_WORDS[draft.value.affinity]}>
        {isFixed('affinity') ? (
          <Fixed />
        ) : (
          <Segmented
            label="Keep a session on its account"
            value={draft.value.affinity}
            onChange={(affinity) => draft.set({ affinity })}
            options={[
              { value: 'prefer', label: 'Prefer' },
              { value: 'wait', label: 'Wait for it' },
              { value: 'off', label: 'Off' },
            ]}
          />
        )}
      </CardRow>
      <NumberRow
        title="Keep back for sessions already there"
        note="New sessions go elsewhere once an account has less than this left."
        unit="%"
        value={draft.value.reserve}
        valid={inRange(draft.value.reserve, 0, 90)}
        fixed={isFixed('reserve')}
        onChange={(reserve) => draft.set({ reserve })}
      />
      <CardRow
        title="Stored responses and conversations"
        note="Always go to the account that made them; elsewhere they do not exist. Files and other objects all live on one fixed account."
      >
        <AlwaysOn />
      </CardRow>
    </section>
  );
}

function FailoverCard({ draft, isFixed }: Parts) {
  return (
    <section aria-label="Failover" className="card">
      <CardHead title="Failover" note="Only before the first byte" />
      <NumberRow
        title="Tries for one call"
        note="The first account and the others after it. The client sees one answer."
        unit=""
        value={draft.value.attemptsMax}
        valid={inRange(draft.value.attemptsMax, 1, 10)}
        fixed={isFixed('attempts_max') || isFixed('attemptsMax')}
        onChange={(attemptsMax) => draft.set({ attemptsMax })}
      />
      <CardRow
        title="Encrypted reasoning of another organisation"
        note={
          draft.value.reasoningFailover === 'strip'
            ? 'Is taken out, so that the call can move; the model thinks again from the visible history.'
            : 'Stops a move: the call fails rather than losing what the model had thought.'
        }
      >
        {isFixed('reasoning_failover') || isFixed('reasoningFailover') ? (
          <Fixed />
        ) : (
          <Segmented
            label="Encrypted reasoning of another organisation"
            value={draft.value.reasoningFailover}
            onChange={(reasoningFailover) => draft.set({ reasoningFailover })}
            options={[
              { value: 'strip', label: 'Take out' },
              { value: 'refuse', label: 'Do not move' },
            ]}
          />
        )}
      </CardRow>
    </section>
  );
}

function NumberRow(props: {
  title: string;
  note: string;
  unit: string;
  value: string;
  valid: boolean;
  fixed: boolean;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <CardRow title={<label htmlFor={id}>{props.title}</label>} note={props.note}>
      {props.fixed ? (
        <Fixed />
      ) : (
        <span className="relative w-24 shrink-0">
          <input
            id={id}
            inputMode="numeric"
            className={`inp text-right ${props.unit ? 'pr-7' : ''}`}
            aria-invalid={!props.valid || undefined}
            value={props.value}
            onChange={(event) => props.onChange(event.target.value)}
          />
          {props.unit && (
            <span className="absolute inset-y-0 right-2.5 grid place-items-center text-12 text-fg-3">
              {props.unit}
            </span>
          )}
        </span>
      )}
    </CardRow>
  );
}

function Fixed() {
  return (
    <span className="flex items-center gap-2 text-12 text-fg-3">
      <Lock size={13} aria-hidden="true" />
      Set by the environment or a flag
    </span>
  );
}

function AlwaysOn() {
  return (
    <span className="flex items-center gap-2 text-12 text-fg-2">
      <Lock size={13} aria-hidden="true" />
      Always on
    </span>
  );
}

function SaveBar({ draft, saved }: Parts) {
  const reload = useReload();
  const running = useTick()?.inFlight ?? 0;
  const save = useAct(api.routing.set.mutate);
  const before = formOf(saved);
  const { value } = draft;
  const changes = (Object.keys(before) as (keyof Form)[]).filter((name) => before[name] !== value[name]);
  const valid = inRange(value.reserve, 0, 90) && inRange(value.attemptsMax, 1, 10);
  if (changes.length === 0) return null;
  const submit = async () => {
    const { strategy, affinity, reasoningFailover } = value;
    const all = {
      strategy,
      affinity,
      reasoningFailover,
      reserve: Number(value.reserve) / 100,
      attemptsMax: Number(value.attemptsMax),
    };
    const patch = Object.fromEntries(changes.map((name) => [name, all[name]]));
    if ((await save.run(patch)) === null) return;
    reload('routing.get', 'status.get');
    draft.discard();
  };
  return (
    <div className="card sticky bottom-4 z-20 flex flex-wrap items-center justify-between gap-3 px-4 py-2.5 shadow-pop max-lg:bottom-20">
      <p className="min-w-0 flex-1 text-12 text-pretty text-fg-2 max-sm:basis-full">
        {save.problem ? (
          <ProblemLine problem={save.problem} />
        ) : (
          <>
            {before.strategy !== value.strategy && (
              <b className="font-medium text-fg">
                {STRATEGY_WORDS[before.strategy].name} becomes {STRATEGY_WORDS[value.strategy].name}.{' '}
              </b>
            )}
            Holds for new calls{running > 0 && `; ${running} running stay where they are`}.
          </>
        )}
      </p>
      <Button look="quiet" onClick={draft.discard}>
        Discard
      </Button>
      <Button look="primary" disabled={!valid || save.busy} onClick={() => void submit()}>
        Save
      </Button>
    </div>
  );
}
