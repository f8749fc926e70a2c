/** What today, this month and every limit will come to, if things go on as they did. */
import type { Clock } from '../../../lib/base/time.ts';
import type { Forecast } from '../../../lib/metering/forecast.ts';
import { LIMIT_KINDS, LIMIT_WINDOWS, type LimitKind, type LimitWindow } from '../../../lib/metering/limit.ts';
import type { ForecastsView, LimitForecastView, WindowForecastView } from '../../../lib/wire/usage-views.ts';
import type { Settings } from '../../config.ts';
import type { ForecastAsk } from '../../db/forecasts.ts';
import type { LimitBook } from '../../db/ledger.ts';
import type { Reader } from '../../db/reader.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { ClientKeyring } from '../../vault/client-keyring.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';
import { spendingLimit } from './summary.ts';

export interface ForecastDeps {
  readonly reader: Pick<Reader, 'run'>;
  readonly pool: Pick<Pool, 'snapshot'>;
  readonly keyring: Pick<ClientKeyring, 'list'>;
  readonly limitBook: Pick<LimitBook, 'limitUses'>;
  readonly windows: LimitWindows;
  readonly settings: Pick<Settings, 'config'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

type Question = Omit<LimitForecastView, keyof Forecast> & { readonly ask: ForecastAsk };

export async function forecastSpending(deps: ForecastDeps): Promise<ForecastsView> {
  const nowMs = deps.clock.nowMs();
  const timeZone = deps.settings.config.limits.time_zone;
  const limits = [...accountLimits(deps, nowMs), ...clientLimits(deps, nowMs)];
  const spending = await Promise.all(LIMIT_WINDOWS.map((window) => spendingIn(deps, window, nowMs)));
  const found = await deps.reader.run('usage.forecast', {
    nowMs,
    timeZone,
    asks: [...spending.map(({ ask }) => ask), ...limits.map(({ ask }) => ask)],
  });
  const [today, month] = spending.map((one, at) => answered(one, found[at] ?? null));
  if (today === undefined || month === undefined) throw new Error('there are two windows');
  return {
    atMs: nowMs,
    timeZone,
    today,
    month,
    limits: limits.map((one, at) => {
      const { ask, ...place } = one;
      return { ...place, ...(found[spending.length + at] ?? UNKNOWN) };
    }),
  };
}

const UNKNOWN = {
  expected: null,
  low: null,
  high: null,
  runsOutMs: null,
  runsOutChance: null,
  runsOutEarliestMs: null,
  days: null,
} as const;

interface Spending {
  readonly ask: ForecastAsk;
  readonly used: number | null;
  readonly unknownCostCalls: number;
}

async function spendingIn(deps: ForecastDeps, window: LimitWindow, nowMs: number): Promise<Spending> {
  const { fromMs, toMs } = deps.windows(nowMs, window);
  const { total } = await deps.reader.run('usage.breakdown', { fromMs, toMs, by: 'endpoint' });
  return {
    used: total.cost,
    unknownCostCalls: total.unknownCostCalls,
    ask: {
      of: { kind: 'all' },
      amount: 'cost',
      used: total.cost ?? 0,
      endMs: toMs,
      limit: spendingLimit(deps.pool.snapshot(), window),
    },
  };
}

function answered({ ask, used, unknownCostCalls }: Spending, found: Forecast | null): WindowForecastView {
  return {
    used,
    unknownCostCalls,
    endMs: ask.endMs,
    limit: ask.limit,
    // Of what nobody knows the cost there is nothing to forecast.
    ...(used === null ? UNKNOWN : (found ?? UNKNOWN)),
  };
}

function accountLimits({ pool, windows }: ForecastDeps, nowMs: number): Question[] {
  return pool.snapshot().flatMap(({ account, used }) =>
    LIMIT_WINDOWS.flatMap((window) =>
      LIMIT_KINDS.flatMap((amount): Question[] => {
        const limit = account.limits[window]?.[amount];
        if (limit === undefined) return [];
        const endMs = windows(nowMs, window).toMs;
        return [question('account', account, { window, amount, limit, used: used[window][amount], endMs })];
      }),
    ),
  );
}

/** Calendar windows only: one that slides has no end, and a ceiling for some models no history of its own. */
function clientLimits({ keyring, limitBook, windows }: ForecastDeps, nowMs: number): Question[] {
  return keyring.list().flatMap(({ clientKey }) =>
    clientKey.revokedAtMs !== null
      ? []
      : limitBook.limitUses(clientKey).flatMap(({ window, models, kind, limit, used }): Question[] => {
          const calendar = LIMIT_WINDOWS.find((one) => one === window);
          if (calendar === undefined || models !== null) return [];
          const endMs = windows(nowMs, calendar).toMs;
          return [question('client', clientKey, { window: calendar, amount: kind, limit, used, endMs })];
        }),
  );
}

function question(
  kind: 'account' | 'client',
  { id, name }: { readonly id: string; readonly name: string },
  of: {
    readonly window: LimitWindow;
    readonly amount: LimitKind;
    readonly limit: number;
    readonly used: number;
    readonly endMs: number;
  },
): Question {
  const { amount, used, endMs, limit } = of;
  return { holder: { kind, id, name }, ...of, ask: { of: { kind, id }, amount, used, endMs, limit } };
}
