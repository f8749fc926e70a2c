/** What was used over a range, with today and this month beside it. */
import type { Clock } from '../../../lib/base/time.ts';
import type { LimitWindow } from '../../../lib/metering/limit.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import type { UsageSummaryInput } from '../../../lib/wire/inputs.ts';
import type { UsageSummaryView } from '../../../lib/wire/views.ts';
import type { Settings } from '../../config.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';
import type { Readings } from '../readings.ts';

export interface SummariseUsageDeps {
  readonly readings: Pick<Readings, 'usageSummary'>;
  readonly windows: LimitWindows;
  readonly pool: Pick<Pool, 'snapshot'>;
  readonly settings: Pick<Settings, 'config'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export function summariseUsage(
  deps: SummariseUsageDeps,
  { range }: UsageSummaryInput,
): Promise<UsageSummaryView> {
  const nowMs = deps.clock.nowMs();
  const upstreams = deps.pool.snapshot();
  return deps.readings.usageSummary({
    range,
    nowMs,
    dayFromMs: deps.windows(nowMs, 'day').fromMs,
    monthFromMs: deps.windows(nowMs, 'month').fromMs,
    timeZone: deps.settings.config.limits.time_zone,
    dayLimit: spendingLimit(upstreams, 'day'),
    monthLimit: spendingLimit(upstreams, 'month'),
  });
}

/** The sum of the limits of all enabled accounts; null when one of them has none, because then nothing holds the sum. */
function spendingLimit(upstreams: readonly Upstream[], window: LimitWindow): number | null {
  let sum: number | null = null;
  for (const { account } of upstreams) {
    if (!account.enabled) continue;
    const limit = account.limits[window]?.cost;
    if (limit === undefined) return null;
    sum = (sum ?? 0) + limit;
  }
  return sum;
}
