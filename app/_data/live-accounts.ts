'use client';
/** The accounts with what the live link knows better: state, calls under way, limits from headers. */
import { useMemo } from 'react';
import type { AccountView } from '../../lib/wire/account-views.ts';
import type { Answer } from './ask.ts';
import { useTick } from './live.tsx';
import { useAccounts } from './resources.ts';

export function useLiveAccounts(): Answer<readonly AccountView[]> {
  const answer = useAccounts();
  const tick = useTick();
  const { data } = answer;
  const merged = useMemo(() => {
    if (!data || !tick) return data;
    const live = new Map(tick.accountStates.map((state) => [state.id, state]));
    return data.map((account) => ({ ...account, ...live.get(account.id) }));
  }, [data, tick]);
  return { ...answer, data: merged };
}
