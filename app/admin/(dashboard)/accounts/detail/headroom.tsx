'use client';
/** How near to its limits it came: the busiest minute of each step, its rests, and where it was refused for limits. */
import { useState } from 'react';
import { formatCount, formatCountOf, formatLimit, formatMoney } from '../../../../../lib/format.ts';
import type { AccountDetailView, AccountStepView } from '../../../../../lib/wire/account-detail-views.ts';
import type { AccountView } from '../../../../../lib/wire/account-views.ts';
import { periodWords } from '../../../../_components/bucket-tick.ts';
import { ProblemNote } from '../../../../_components/problem-note.tsx';
import { RANGE_WORDS } from '../../../../_components/range-pick.tsx';
import { Segmented } from '../../../../_components/segmented.tsx';
import { Loading } from '../../../../_components/skeleton.tsx';
import type { Answer } from '../../../../_data/ask.ts';
import { useParam } from '../../../../_data/params.ts';
import { StepChart } from './step-chart.tsx';

type Kind = 'tokens' | 'requests' | 'cost';

const KINDS: Readonly<
  Record<
    Kind,
    {
      name: string;
      value: (step: AccountStepView) => number | null;
      read: (value: number | null) => string;
      unit: string;
      least: number;
    }
  >
> = {
  tokens: {
    name: 'Tokens / min',
    value: ({ peakTokens }) => peakTokens,
    read: formatLimit,
    unit: 'tokens in the busiest minute',
    least: 1_000,
  },
  requests: {
    name: 'Requests / min',
    value: ({ peakRequests }) => peakRequests,
    read: formatLimit,
    unit: 'requests in the busiest minute',
    least: 5,
  },
  cost: { name: 'Spend', value: ({ cost }) => cost, read: formatMoney, unit: 'spent', least: 10_000_000 },
};
const OPTIONS = (['tokens', 'requests', 'cost'] as const).map((value) => ({
  value,
  label: KINDS[value].name,
}));

export function Headroom({ account, answer }: { account: AccountView; answer: Answer<AccountDetailView> }) {
  const [param, setParam] = useParam('chart');
  const [pointed, setPointed] = useState<number | null>(null);
  const kind: Kind = param === 'requests' || param === 'cost' ? param : 'tokens';
  const { data, problem, retry } = answer;
  const limit = kind === 'cost' ? null : (account.headerLimits[kind]?.limit ?? null);
  const step = pointed === null ? undefined : data?.steps[pointed];
  return (
    <section aria-label="Headroom" className="card flex min-w-0 flex-col">
      <header className="flex min-h-13 flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3">
        <h2 className="text-13 font-semibold">Headroom</h2>
        <p className="min-w-0 text-12 text-fg-3">
          {step && data ? sayStep(step, data, kind) : data ? sayRange(data) : ''}
        </p>
        <div className="sm:ml-auto">
          <Segmented
            label="What the line shows"
            value={kind}
            onChange={(next) => setParam(next === 'tokens' ? null : next)}
            options={OPTIONS}
          />
        </div>
      </header>
      <div className="h-74 px-4 pt-4 pb-2">
        {problem && !data ? (
          <ProblemNote title="This chart could not be read" problem={problem} retry={retry} />
        ) : data ? (
          <StepChart
            label={`${KINDS[kind].name} of ${account.name} in ${RANGE_WORDS[data.range]}${limit === null ? '' : `, limit ${formatLimit(limit)}`}`}
            detail={data}
            valueOf={KINDS[kind].value}
            read={KINDS[kind].read}
            least={KINDS[kind].least}
            limit={limit}
            pointed={pointed}
            onPoint={setPointed}
            say={(at) => (data.steps[at] === undefined ? '' : sayStep(data.steps[at], data, kind))}
          />
        ) : (
          <Loading label="Loading the chart" />
        )}
      </div>
    </section>
  );
}

function sayStep(step: AccountStepView, { stepMs }: AccountDetailView, kind: Kind): string {
  const { value, read, unit } = KINDS[kind];
  const limited = step.limited > 0 ? ` · ${formatCount(step.limited)} × 429` : '';
  return `${periodWords(step.fromMs, stepMs)}: ${read(value(step))} ${unit} · ${formatCountOf(step.calls, 'call')}${limited}`;
}

function sayRange({ steps, rests }: AccountDetailView): string {
  const limited = steps.reduce((sum, step) => sum + step.limited, 0);
  if (limited === 0) return 'never refused for a limit';
  const rested = rests.length === 0 ? '' : `, ${formatCountOf(rests.length, 'rest')}`;
  return `${formatCount(limited)} × 429${rested}`;
}
