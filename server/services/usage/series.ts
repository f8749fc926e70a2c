/** What was used in a period, hour by hour, day by day or week by week, by account, client key, model or endpoint. */
import { HOUR_MS } from '../../../lib/base/time.ts';
import type { UsageSeriesInput } from '../../../lib/wire/usage-inputs.ts';
import type { SeriesPart, SeriesStep, UsageSeriesView } from '../../../lib/wire/usage-views.ts';
import type { HourSum } from '../../db/usage-series.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';
import { type BreakdownDeps, namesOf } from './breakdown.ts';
import { spanOf } from './periods.ts';

/** As many have a colour of their own; all others are drawn as one. */
const GROUPS_MAX = 5;

export async function seriesOf(
  deps: BreakdownDeps,
  { period, by, step }: UsageSeriesInput,
): Promise<UsageSeriesView> {
  const nowMs = deps.clock.nowMs();
  const span = spanOf(period, nowMs, deps.windows);
  const timeZone = deps.settings.config.limits.time_zone;
  const untilMs = Math.min(span.toMs, nowMs + 1);
  const starts = startsOf(span.fromMs, untilMs, step, { windows: deps.windows, timeZone });
  const hours = await deps.reader.run('usage.series', { ...span, by });
  const nameOf = await namesOf(by, deps);
  const shown = dearest(hours);
  const sums = starts.map(() => new Map<string | null, SeriesPart>());
  let at = 0;
  for (const sum of [...hours].sort((a, b) => a.hour - b.hour)) {
    const hourMs = span.fromMs + sum.hour * HOUR_MS;
    while (at + 1 < starts.length && (starts[at + 1] ?? Infinity) <= hourMs) at++;
    const key = shown.has(sum.key) ? sum.key : null;
    const before = sums[at]?.get(key);
    sums[at]?.set(key, before === undefined ? { ...partOf(sum), key } : together(before, sum));
  }
  const others = hours.some(({ key }) => !shown.has(key));
  return {
    period,
    by,
    step,
    ...span,
    timeZone,
    running: span.toMs > nowMs,
    groups: [
      ...[...shown].map((key) => ({ key, name: nameOf(key) })),
      ...(others ? [{ key: null, name: 'others' }] : []),
    ],
    buckets: starts.map((fromMs, n) => ({ fromMs, parts: [...(sums[n]?.values() ?? [])] })),
  };
}

/** When every hour, day or week begins; days and weeks where the operator lives, weeks with Monday. */
function startsOf(
  fromMs: number,
  untilMs: number,
  step: SeriesStep,
  { windows, timeZone }: { readonly windows: LimitWindows; readonly timeZone: string },
): number[] {
  const weekday = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone });
  const starts = [fromMs];
  for (let atMs = fromMs; ; ) {
    atMs = step === 'hour' ? atMs + HOUR_MS : windows(atMs, 'day').toMs;
    if (atMs >= untilMs) return starts;
    if (step !== 'week' || weekday.format(atMs) === 'Mon') starts.push(atMs);
  }
}

function dearest(hours: readonly HourSum[]): ReadonlySet<string> {
  const totals = new Map<string, { cost: number; requests: number }>();
  for (const { key, cost, requests } of hours) {
    const total = totals.get(key) ?? { cost: 0, requests: 0 };
    totals.set(key, { cost: total.cost + (cost ?? 0), requests: total.requests + requests });
  }
  const order = [...totals].sort(([, a], [, b]) => b.cost - a.cost || b.requests - a.requests);
  return new Set(order.slice(0, GROUPS_MAX).map(([key]) => key));
}

const partOf = ({ requests, tokens, cost }: HourSum): Omit<SeriesPart, 'key'> => ({ requests, tokens, cost });

function together(part: SeriesPart, sum: HourSum): SeriesPart {
  return {
    key: part.key,
    requests: part.requests + sum.requests,
    tokens: added(part.tokens, sum.tokens),
    cost: added(part.cost, sum.cost),
  };
}

/** What is known of two sums: unknown only where both are. */
function added(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}
