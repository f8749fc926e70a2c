'use client';
/** What prompt caching saved on each account, and how often calls left the account that held their cache. */
import { formatCount, formatMoney, formatPercent, formatTokens } from '../../../../lib/format.ts';
import type { UsageGroup } from '../../../../lib/wire/usage-views.ts';
import { Swatch } from '../../../_components/account-mark.tsx';
import { CardFoot, CardHead } from '../../../_components/card.tsx';
import { type FigureColumn, FigureTable } from '../../../_components/figure-table.tsx';
import { ProblemNote } from '../../../_components/problem-note.tsx';
import { useAccounts, useBreakdown, useConversations } from '../../../_data/resources.ts';
import type { ShownPeriod } from './periods.ts';

const ALL = 'all';

export function CacheScoreboard({ period }: { period: ShownPeriod }) {
  const { data, problem, retry } = useBreakdown(period, 'account');
  const lost = useConversations(period).data?.lostBySwitches ?? null;
  const accounts = useAccounts().data;
  const hues = new Map(accounts?.map(({ id, hue }) => [id, hue]));
  const served = data?.groups.filter(({ key, inputTokens }) => key !== '' && inputTokens !== null) ?? [];
  const rows: readonly UsageGroup[] = data ? [...served, { ...data.total, key: ALL, name: 'All' }] : [];
  const columns: readonly FigureColumn<UsageGroup>[] = [
    {
      name: 'Account',
      words: true,
      cell: ({ key, name }) => (
        <span className="flex items-center gap-2">
          {key !== ALL && <Swatch hue={hues.get(key) ?? null} />}
          <bdi className="max-w-48 truncate">{name}</bdi>
        </span>
      ),
    },
    {
      name: 'Cached share',
      cell: ({ cachedShare }) => (
        <span className="flex items-center justify-end gap-2.5">
          {cachedShare !== null && (
            <span aria-hidden="true" className="h-1 w-12 overflow-hidden rounded-full bg-track">
              <span className="block h-full bg-fg-3" style={{ width: `${cachedShare * 100}%` }} />
            </span>
          )}
          <span className="w-9">{formatPercent(cachedShare)}</span>
        </span>
      ),
    },
    { name: 'Cached tokens', cell: ({ cachedTokens }) => formatTokens(cachedTokens) },
    { name: 'Saved', cell: ({ cacheSaved }) => formatMoney(cacheSaved) },
    { name: 'Moves', cell: ({ moved }) => formatCount(moved) },
  ];
  return (
    <section aria-label="Cache" className="card min-w-0">
      <CardHead title="Cache" note="saved, and lost to moves" />
      {problem && !data ? (
        <ProblemNote title="The figures could not be read" problem={problem} retry={retry} />
      ) : served.length === 0 ? (
        <p className="px-4 py-6 text-center text-12 text-fg-3">
          No call of that time told what came from a cache.
        </p>
      ) : (
        <>
          <FigureTable
            label="Cache by account"
            rows={rows}
            columns={columns}
            keyOf={({ key }) => key}
            summed
          />
          <CardFoot>
            <span>
              {lost === null
                ? 'What conversations lost by moving to another account is not known.'
                : lost === 0
                  ? 'No conversation lost a cache by moving to another account.'
                  : `Conversations that moved to another account read ${formatMoney(lost)} of tokens anew.`}
            </span>
          </CardFoot>
        </>
      )}
    </section>
  );
}
