/** What the screen shows, asked for once a second: the last good answer stays while a new one is on its way or fails. */
import { useEffect, useRef, useState } from 'react';
import type { AccountView } from '../../lib/wire/account-views.ts';
import type { AlertView } from '../../lib/wire/alert-views.ts';
import type { AuditRowView } from '../../lib/wire/audit-views.ts';
import type { ForecastsView, Period, UsageBreakdownView, UsageKey } from '../../lib/wire/usage-views.ts';
import type { RequestRowView, StatusView, UsageSummaryView } from '../../lib/wire/views.ts';
import type { AdminClient } from '../cli/client.ts';
import { adminError } from '../cli/client.ts';

export interface Shown {
  readonly status: StatusView;
  readonly accounts: readonly AccountView[];
  readonly calls: readonly RequestRowView[];
  readonly alerts: readonly AlertView[];
  readonly summary: UsageSummaryView;
}

export interface UsageShown {
  readonly breakdown: UsageBreakdownView;
  readonly forecast: ForecastsView;
}

export interface Fresh<T> {
  readonly data: T | null;
  /** Why the latest answer did not come; null when it did. */
  readonly problem: string | null;
  /** When the data was true. */
  readonly atMs: number;
  /** Asks at once. */
  readonly again: () => void;
}

const EVERY_MS = 1_000;
const CALLS = 200;

export async function askAll(api: AdminClient): Promise<Shown> {
  const [status, accounts, { rows }, alerts, summary] = await Promise.all([
    api.status.get.query(),
    api.accounts.list.query(),
    api.requests.list.query({ limit: CALLS }),
    api.alerts.list.query({ limit: CALLS }),
    api.usage.summary.query({ range: '24h' }),
  ]);
  return { status, accounts, calls: rows, alerts, summary };
}

export async function askUsage(api: AdminClient, period: Period, by: UsageKey): Promise<UsageShown> {
  const [breakdown, forecast] = await Promise.all([
    api.usage.breakdown.query({ period, by }),
    api.usage.forecast.query(),
  ]);
  return { breakdown, forecast };
}

export const askDeeds = async (api: AdminClient): Promise<readonly AuditRowView[]> =>
  (await api.audit.list.query({ limit: CALLS })).rows;

/** @param key another one asks at once; null asks nothing */
export function useFresh<T>(key: string | null, ask: () => Promise<T>): Fresh<T> {
  const [state, setState] = useState<{ data: T | null; problem: string | null; atMs: number }>({
    data: null,
    problem: null,
    atMs: 0,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks at once
  useEffect(() => {
    if (key === null) return;
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    const next = async (): Promise<void> => {
      try {
        const data = await latest.current();
        if (!over) setState({ data, problem: null, atMs: Date.now() });
      } catch (thrown) {
        const { message } = adminError(thrown);
        if (!over) setState((before) => ({ ...before, problem: message }));
      }
      if (!over) timer = setTimeout(() => void next(), EVERY_MS);
    };
    void next();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [key, round]);
  return { ...state, again: () => setRound((before) => before + 1) };
}
