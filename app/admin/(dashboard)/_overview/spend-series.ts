/** The overview's bars: what each account took of the range. */
import type { UsageSummaryView } from '../../../../lib/wire/views.ts';
import { RANGE_WORDS } from '../../../_components/range-pick.tsx';
import type { SpendSeries } from '../../../_components/spend-chart.tsx';

export function spendSeries({ range, stepMs, series, accounts }: UsageSummaryView): SpendSeries {
  const seen = new Set(series.flatMap(({ byAccount }) => byAccount.map(({ accountId }) => accountId)));
  return {
    by: 'account',
    time: RANGE_WORDS[range],
    stepMs,
    running: true,
    groups: accounts.filter(({ id }) => seen.has(id)).map(({ id, ...rest }) => ({ key: id, ...rest })),
    buckets: series.map(({ fromMs, byAccount }) => ({
      fromMs,
      parts: byAccount.map(({ accountId, ...amounts }) => ({ key: accountId, ...amounts })),
    })),
  };
}
