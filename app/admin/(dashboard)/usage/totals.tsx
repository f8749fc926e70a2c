'use client';
/** Five figures: spent, expected, tokens, saved by caching, and how far the provider's own figure is from ours. */
import type { ReactNode } from 'react';
import { DASH, formatCountOf, formatMoney, formatPercent, formatTokens } from '../../../../lib/format.ts';
import type { UsageBreakdownView } from '../../../../lib/wire/usage-views.ts';
import { wholeMoney } from '../../../_components/account-figures.ts';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import type { Answer } from '../../../_data/ask.ts';
import { useConversations, useForecast, useReconciliation } from '../../../_data/resources.ts';
import type { ShownPeriod } from './periods.ts';

export function Totals({
  period,
  breakdown,
}: {
  period: ShownPeriod;
  breakdown: Answer<UsageBreakdownView>;
}) {
  const forecast = useForecast().data;
  const conversations = useConversations(period).data;
  const providers = useReconciliation().data;
  const total = breakdown.data?.total;
  if (breakdown.problem && !total) {
    return (
      <section aria-label="Totals" className="card min-h-25">
        <ProblemNote
          title="The figures could not be read"
          problem={breakdown.problem}
          retry={breakdown.retry}
        />
      </section>
    );
  }
  const coming = period === 'today' ? forecast?.today : period === 'month' ? forecast?.month : undefined;
  const theirs = providers?.totals.theirs.cost ?? null;
  const ours = providers?.totals.ours.cost ?? null;
  return (
    <section
      aria-label="Totals"
      className="card grid grid-cols-2 overflow-hidden sm:grid-cols-3 xl:grid-cols-5 [&>*]:-mt-px [&>*]:-ml-px [&>*]:border-t [&>*]:border-l"
    >
      <Total name="Spent" value={total && formatMoney(total.cost)}>
        {total &&
          (total.unknownCostCalls > 0
            ? `without ${formatCountOf(total.unknownCostCalls, 'call')} of unknown cost`
            : coming?.limit != null
              ? `of ${wholeMoney(coming.limit)}`
              : formatCountOf(total.requests, 'call'))}
      </Total>
      <Total
        name={period === 'today' ? 'Expected today' : 'Expected this month'}
        value={coming === undefined ? total && DASH : formatMoney(coming.expected)}
      >
        {coming === undefined
          ? 'for today and the month only'
          : coming.low === null
            ? 'after two whole days'
            : `between ${formatMoney(coming.low)} and ${formatMoney(coming.high)}`}
      </Total>
      <Total name="Tokens" value={total && formatTokens(total.totalTokens)}>
        {total && `${formatTokens(total.inputTokens)} in · ${formatTokens(total.outputTokens)} out`}
      </Total>
      <Total name="Saved by caching" value={total && formatMoney(total.cacheSaved)}>
        {total &&
          `${formatPercent(total.cachedShare)} cached · lost to moves ${formatMoney(conversations?.lostBySwitches ?? null)}`}
      </Total>
      <Total name="Against the provider" value={providers && (theirs === null ? DASH : formatMoney(theirs))}>
        {theirs === null ? 'needs an admin key' : `ours ${formatMoney(ours)}, 30 days`}
      </Total>
    </section>
  );
}

function Total({ name, value, children }: { name: string; value: string | undefined; children: ReactNode }) {
  return (
    <div className="min-h-25 px-4 py-3">
      <div className="text-12 text-fg-2">{name}</div>
      {value === undefined ? (
        <Bone className="mt-2 h-7 w-24" />
      ) : (
        <div className="pt-0.5 text-26 font-semibold tracking-[-0.03em]">{value}</div>
      )}
      <div className="truncate text-12 text-fg-3">{children}</div>
    </div>
  );
}
