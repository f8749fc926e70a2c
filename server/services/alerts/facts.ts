/** How things are, as far as alerts are about it. */
import type { AccountFact, AlertFacts, LimitFact } from '../../../lib/alerts/rules.ts';
import { MINUTE_MS } from '../../../lib/base/time.ts';
import type { AccountStateView, AccountStateWord } from '../../../lib/wire/account-views.ts';
import type { LimitForecastView } from '../../../lib/wire/usage-views.ts';
import { accountState } from '../accounts/account-state.ts';
import { type ForecastDeps, forecastSpending } from '../usage/forecast.ts';

const RECENT_MS = 15 * MINUTE_MS;
const DAYS_LOOKED_AT = 14;
/** Fewer days that cost anything tell nothing of what is usual. */
const DAYS_MIN = 3;

const OUT: readonly AccountStateWord[] = ['credential_refused', 'quarantined'];
const COOLING: readonly AccountStateWord[] = ['cooling_down', 'out_of_quota', 'unwell'];

/** @param coolingSince since when each account is seen cooling; kept up to date here */
export async function alertFacts(deps: ForecastDeps, coolingSince: Map<string, number>): Promise<AlertFacts> {
  const nowMs = deps.clock.nowMs();
  const day = deps.windows(nowMs, 'day');
  const recent = await deps.reader.run('usage.breakdown', {
    fromMs: nowMs - RECENT_MS,
    toMs: nowMs,
    by: 'endpoint',
  });
  const costs = await deps.reader.run('usage.daily', { beforeMs: day.fromMs, days: DAYS_LOOKED_AT });
  const forecasts = await forecastSpending(deps);
  const spent = costs.filter((cost) => cost > 0);
  return {
    nowMs,
    accounts: accountFacts(deps, nowMs, coolingSince),
    limits: forecasts.limits.map((limit) => limitFact(limit, deps, nowMs)),
    recent: { asked: recent.total.requests - recent.total.cancelled, failed: recent.total.failed },
    spending: {
      dayFromMs: day.fromMs,
      today: forecasts.today.used,
      dearestDay: spent.length < DAYS_MIN ? null : Math.max(...spent),
    },
  };
}

function accountFacts(
  { pool, windows }: ForecastDeps,
  nowMs: number,
  coolingSince: Map<string, number>,
): AccountFact[] {
  const upstreams = pool.snapshot();
  const there = new Set(upstreams.map(({ account }) => account.id as string));
  for (const id of coolingSince.keys()) if (!there.has(id)) coolingSince.delete(id);
  return upstreams.map((upstream) => {
    const { id, name } = upstream.account;
    const state = accountState(upstream, (window) => windows(nowMs, window).toMs, nowMs);
    if (!COOLING.includes(state.word)) coolingSince.delete(id);
    else if (!coolingSince.has(id)) coolingSince.set(id, nowMs);
    return { id, name, out: outReason(state), coolingSinceMs: coolingSince.get(id) ?? null };
  });
}

function outReason({ word, reason }: AccountStateView): string | null {
  return OUT.includes(word) ? (reason ?? 'its key is not accepted.') : null;
}

function limitFact(
  { holder, window, amount, limit, used, endMs, runsOutMs }: LimitForecastView,
  { windows }: ForecastDeps,
  nowMs: number,
): LimitFact {
  const windowFromMs = windows(nowMs, window).fromMs;
  return { holder, window, amount, limit, used, windowFromMs, runsOutMs, endMs };
}
