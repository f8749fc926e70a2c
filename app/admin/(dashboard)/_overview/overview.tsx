'use client';
/** Is it serving, who is unwell and until when, how much is left, what does it cost, what is running now. */
import { Plus } from 'lucide-react';
import { useAccountDeeds } from '../../../_components/account-deeds.tsx';
import { AccountList } from '../../../_components/account-list.tsx';
import { groupSummary } from '../../../_components/account-words.ts';
import { ButtonLink } from '../../../_components/button.tsx';
import { CardHead } from '../../../_components/card.tsx';
import { LiveLine } from '../../../_components/live-line.tsx';
import { Page } from '../../../_components/page.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { RangePick, useRange } from '../../../_components/range-pick.tsx';
import { SpendChart } from '../../../_components/spend-chart.tsx';
import { STRATEGY_WORDS } from '../../../_components/strategy-words.ts';
import { useLiveAccounts } from '../../../_data/live-accounts.ts';
import { useStatus, useUsage } from '../../../_data/resources.ts';
import { AttentionStrip } from './attention-strip.tsx';
import { FigureStrip } from './figure-strip.tsx';
import { LiveRequests } from './live-requests.tsx';
import { NoAccountYet } from './no-account-yet.tsx';
import { spendSeries } from './spend-series.ts';

export function Overview() {
  const [range, setRange] = useRange();
  const usage = useUsage(range);
  const { data: accounts, problem, retry } = useLiveAccounts();
  const { menu, dialogs } = useAccountDeeds();
  const empty = accounts?.length === 0;
  const pending = (!accounts && !problem) || (!usage.data && !usage.problem);
  return (
    <Page
      title="Overview"
      pending={pending}
      lead={<AttentionStrip accounts={accounts} usage={usage.data} />}
      note={<LiveLine {...(empty ? { idle: 'Running, nothing to serve with' } : {})} />}
      tools={empty ? undefined : <RangePick value={range} onChange={setRange} />}
      primary={
        empty ? undefined : (
          <ButtonLink href="/admin/accounts?add=1" look="primary">
            <Plus size={15} />
            Add account
          </ButtonLink>
        )
      }
    >
      <div className="grid grid-cols-1 gap-4">
        <FigureStrip usage={usage} empty={empty} />
        {empty ? (
          <NoAccountYet />
        ) : (
          <>
            <div className="grid grid-cols-1 gap-4 xl:grid-cols-[minmax(0,1fr)_352px]">
              <SpendChart series={{ ...usage, data: usage.data && spendSeries(usage.data) }} />
              <LiveRequests />
            </div>
            <section aria-label="Accounts" className="card">
              <CardHead title="Accounts" note={accounts ? groupSummary(accounts) : ''}>
                <StrategyLink />
              </CardHead>
              {problem && !accounts ? (
                <ProblemNote title="The accounts could not be read" problem={problem} retry={retry} />
              ) : (
                <AccountList accounts={accounts} menu={menu} />
              )}
              {dialogs}
            </section>
          </>
        )}
      </div>
    </Page>
  );
}

function StrategyLink() {
  const { data } = useStatus();
  if (!data) return null;
  return (
    <ButtonLink href="/admin/settings" size="small">
      {STRATEGY_WORDS[data.strategy].name}
    </ButtonLink>
  );
}
