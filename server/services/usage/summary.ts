/** What was used over a range, with today and this month beside it. */
import type { Clock } from '../../../lib/base/time.ts';
import type { LimitWindow } from '../../../lib/metering/limit.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import type { UsageSummaryInput } from '../../../lib/wire/usage-inputs.ts';
import type { UsageSummaryView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import type { Reader } from '../../db/reader.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';
import { stepsOf } from './periods.ts';

export interface SummariseUsageDeps {
  readonly reader: Pick<Reader, 'run'>;
  readonly accounts: Pick<AccountStore, 'names'>;
  readonly windows: LimitWindows;
  readonly pool: Pick<Pool, 'snapshot'>;
  readonly settings: Pick<Settings, 'config'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export async function summariseUsage(
  deps: SummariseUsageDeps,
  { range }: UsageSummaryInput,
): Promise<UsageSummaryView> {
  const nowMs = deps.clock.nowMs();
  const day = deps.windows(nowMs, 'day');
  const month = deps.windows(nowMs, 'month');
  const steps = stepsOf(range, nowMs, day.toMs);
  const found = await deps.reader.run('usage.summary', {
    ...steps,
    dayFromMs: day.fromMs,
    monthFromMs: month.fromMs,
    endMs: month.toMs,
  });
  const named = [...(await deps.accounts.names())];
  const seen = new Set(found.series.flatMap(({ byAccount }) => byAccount.map(({ accountId }) => accountId)));
  const upstreams = deps.pool.snapshot();
  return {
    range,
    ...steps,
    timeZone: deps.settings.config.limits.time_zone,
    totals: found.totals,
    today: { cost: found.todayCost, limit: spendingLimit(upstreams, 'day') },
    month: { cost: found.monthCost, limit: spendingLimit(upstreams, 'month') },
    series: found.series,
    accounts: named.filter(([id]) => seen.has(id)).map(([id, { name, hue }]) => ({ id, name, hue })),
  };
}

/** The limits of all enabled accounts together; null when one of them has none, because then nothing holds the sum. */
export function spendingLimit(upstreams: readonly Upstream[], window: LimitWindow): number | null {
  let sum: number | null = null;
  for (const { account } of upstreams) {
    if (!account.enabled) continue;
    const limit = account.limits[window]?.cost;
    if (limit === undefined) return null;
    sum = (sum ?? 0) + limit;
  }
  return sum;
}
