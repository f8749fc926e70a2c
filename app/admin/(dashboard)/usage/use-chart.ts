'use client';
/** The bars of the usage page: of the same time as its tables, cut as one likes. */
import type { SeriesStep, UsageKey, UsageSeriesView } from '../../../../lib/wire/usage-views.ts';
import type { SpendSeries } from '../../../_components/spend-chart.tsx';
import type { Answer } from '../../../_data/ask.ts';
import { useAccounts, useSeries } from '../../../_data/resources.ts';
import { PERIOD_WORDS, type ShownPeriod } from './periods.ts';

const STEP_MS: Readonly<Record<SeriesStep, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
};
const BY: Readonly<Record<UsageKey, string>> = {
  account: 'account',
  client: 'client key',
  model: 'model',
  endpoint: 'endpoint',
};

export function useChart(period: ShownPeriod, by: UsageKey, step: SeriesStep): Answer<SpendSeries> {
  const accounts = useAccounts().data;
  const answer = useSeries(period, by, step);
  const hues = new Map(accounts?.map(({ id, hue }) => [id, hue]));
  return { ...answer, data: answer.data && drawn(answer.data, hues) };
}

/** Accounts have their own colours; other things take them in turn. */
function drawn(view: UsageSeriesView, hues: ReadonlyMap<string, number>): SpendSeries {
  const hueOf = (key: string | null, at: number): number | null => {
    if (key === null) return null;
    return view.by === 'account' ? (hues.get(key) ?? null) : at;
  };
  return {
    by: BY[view.by],
    time: PERIOD_WORDS[view.period],
    stepMs: STEP_MS[view.step],
    running: view.running,
    groups: view.groups.map(({ key, name }, at) => ({ key, name, hue: hueOf(key, at) })),
    buckets: view.buckets,
  };
}
