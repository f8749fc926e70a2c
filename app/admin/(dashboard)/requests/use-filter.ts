'use client';
/** The filters of the requests list as the address carries them. */
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { OUTCOMES, type Outcome } from '../../../../lib/metering/ledger.ts';
import { matchesSearch, parseSearch } from '../../../../lib/requests/search.ts';
import type { RequestRowView } from '../../../../lib/wire/views.ts';
import type { RequestFilter } from '../../../_data/resources.ts';

const SINCE_MS: Readonly<Record<string, number>> = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
};

export const SINCE_NAMES = Object.keys(SINCE_MS);

export function useFilter(): { filter: RequestFilter; isFiltered: boolean } {
  const params = useSearchParams();
  const account = params.get('account');
  const client = params.get('client');
  const since = params.get('since');
  const search = params.get('q');
  const from = momentIn(params.get('from'));
  const to = momentIn(params.get('to'));
  const outcome: Outcome | undefined = OUTCOMES.find((each) => each === params.get('outcome'));
  return useMemo(() => {
    const spanMs = since === null ? undefined : SINCE_MS[since];
    const filter: RequestFilter = {
      ...(account === null ? {} : { accountId: account }),
      ...(client === null ? {} : { clientKeyId: client }),
      ...(outcome === undefined ? {} : { outcome }),
      // What is not understood asks nothing; the field says what is wrong with it.
      ...(search === null || parseSearch(search).faults.length > 0 ? {} : { search }),
      // To the minute, so that the question stays the same from one second to the next.
      ...(to === null ? {} : { until: to }),
      ...(from === null ? {} : { since: from }),
      ...(from !== null || spanMs === undefined
        ? {}
        : { since: Math.floor((Date.now() - spanMs) / 60_000) * 60_000 }),
    };
    return { filter, isFiltered: search !== null || Object.keys(filter).length > 0 };
  }, [account, client, since, search, from, to, outcome]);
}

/** A moment of the address: Unix milliseconds. */
function momentIn(text: string | null): number | null {
  const atMs = text === null || !/^\d{1,15}$/.test(text) ? Number.NaN : Number(text);
  return Number.isNaN(atMs) ? null : atMs;
}

/** Whether a call that just came in or ended belongs to the filtered list. */
export function matchesFilter(call: RequestRowView, filter: RequestFilter): boolean {
  if (filter.accountId && call.accountId !== filter.accountId && call.firstAccountId !== filter.accountId)
    return false;
  if (filter.clientKeyId && call.clientKeyId !== filter.clientKeyId) return false;
  if (filter.until && call.startedAtMs >= filter.until) return false;
  if (filter.since && call.startedAtMs < filter.since) return false;
  if (filter.outcome !== undefined && call.outcome !== filter.outcome) return false;
  return filter.search === undefined || matchesSearch(parseSearch(filter.search).terms, call);
}
