'use client';
/** What was used and what it costs, by whom, what is to come, and what the provider says of it. */
import { Download } from 'lucide-react';
import { breakdownCsv } from '../../../../lib/usage-csv.ts';
import type { SeriesStep, UsageBreakdownView } from '../../../../lib/wire/usage-views.ts';
import { Button } from '../../../_components/button.tsx';
import { saveFile } from '../../../_components/file-bytes.ts';
import { LiveLine } from '../../../_components/live-line.tsx';
import { Page } from '../../../_components/page.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { SpendChart } from '../../../_components/spend-chart.tsx';
import { useParam } from '../../../_data/params.ts';
import {
  useBreakdown,
  useConversations,
  useForecast,
  useKinds,
  useReconciliation,
} from '../../../_data/resources.ts';
import { Breakdown } from './breakdown.tsx';
import { CacheScoreboard } from './cache-scoreboard.tsx';
import { Conversations } from './conversations.tsx';
import { Kinds } from './kinds.tsx';
import { PeriodPick } from './period-pick.tsx';
import { BEFORE, choiceOf, PERIOD_NAMES, STEPS_OF, shownPeriod } from './periods.ts';
import { Providers } from './providers.tsx';
import { RunsOut } from './runs-out.tsx';
import { Totals } from './totals.tsx';
import { useChart } from './use-chart.ts';

const KEYS = [
  { value: 'account', label: 'Account' },
  { value: 'model', label: 'Model' },
  { value: 'client', label: 'Client key' },
  { value: 'endpoint', label: 'Endpoint' },
] as const;

const STEP_NAMES: Readonly<Record<SeriesStep, string>> = { hour: 'Hours', day: 'Days', week: 'Weeks' };

export function Usage() {
  const [periodText, setPeriod] = useParam('period');
  const [byText, setBy] = useParam('by');
  const [stepText, setStep] = useParam('step');
  const period = shownPeriod(periodText);
  const steps = STEPS_OF[choiceOf(period)];
  const step = steps.find((one) => one === stepText) ?? steps[0] ?? 'day';
  const by = KEYS.find(({ value }) => value === byText)?.value ?? 'account';
  const breakdown = useBreakdown(period, by);
  const before = useBreakdown(BEFORE[period] ?? period, by);
  const chart = useChart(period, by, step);
  // Tables of unknown length come all at once, in their final shape: nothing on the page jumps.
  const kinds = useKinds(period);
  const known = [
    breakdown,
    kinds,
    useBreakdown(period, 'account'),
    useForecast(),
    useConversations(period),
    useReconciliation(),
  ].every(({ data, problem }) => data !== undefined || problem !== null);
  return (
    <Page
      title="Usage & cost"
      note={<LiveLine />}
      tools={
        <>
          <PeriodPick value={period} onChange={(next) => setPeriod(next === 'month' ? null : next)} />
          <Export view={breakdown.data} />
        </>
      }
    >
      <div className="grid grid-cols-1 gap-4">
        <Totals period={period} breakdown={breakdown} />
        <SpendChart
          series={chart}
          tools={
            steps.length > 1 && (
              <Segmented
                label="Bars of"
                value={step}
                options={steps.map((value) => ({ value, label: STEP_NAMES[value] }))}
                onChange={(next) => setStep(next === steps[0] ? null : next)}
              />
            )
          }
        />
        {known ? (
          <>
            <RunsOut />
            <div className="grid grid-cols-1 gap-4 xl:grid-cols-[minmax(0,1fr)_480px] xl:items-start">
              <Breakdown
                answer={breakdown}
                before={BEFORE[period] ? { name: PERIOD_NAMES[BEFORE[period]], view: before.data } : null}
                pick={
                  <Segmented
                    label="Group by"
                    value={by}
                    options={KEYS}
                    onChange={(next) => setBy(next === 'account' ? null : next)}
                  />
                }
              />
              <div className="grid grid-cols-1 gap-4">
                <Kinds answer={kinds} />
                <CacheScoreboard period={period} />
              </div>
            </div>
            <Conversations period={period} />
            <Providers />
          </>
        ) : (
          <Bone className="card h-75" />
        )}
      </div>
    </Page>
  );
}

function Export({ view }: { view: UsageBreakdownView | undefined }) {
  const save = (shown: UsageBreakdownView): void => {
    const bytes = new TextEncoder().encode(`${breakdownCsv(shown)}\r\n`);
    saveFile(`usage-${shown.period}-by-${shown.by}.csv`, bytes, 'text/csv');
  };
  return (
    <Button disabled={view === undefined} onClick={() => view && save(view)}>
      <Download size={14} />
      Export
    </Button>
  );
}
