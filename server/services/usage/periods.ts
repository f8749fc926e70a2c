/** From and until when a period or a range reaches: rolling ones end with the running hour, calendar ones begin where limits do. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { Period } from '../../../lib/wire/usage-views.ts';
import type { RangeName } from '../../../lib/wire/views.ts';
import type { Steps } from '../../db/attempts.ts';
import type { Span } from '../../db/usage-parts.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';

export function spanOf(period: Period, nowMs: number, windows: LimitWindows): Span {
  switch (period) {
    case '24h':
      return rolling(nowMs, DAY_MS);
    case '7d':
      return rolling(nowMs, 7 * DAY_MS);
    case '30d':
      return rolling(nowMs, 30 * DAY_MS);
    case 'today':
      return windows(nowMs, 'day');
    case 'yesterday':
      return windows(windows(nowMs, 'day').fromMs - 1, 'day');
    case 'month':
      return windows(nowMs, 'month');
    case 'last_month':
      return windows(windows(nowMs, 'month').fromMs - 1, 'month');
  }
}

function rolling(nowMs: number, lengthMs: number): Span {
  const toMs = (Math.floor(nowMs / HOUR_MS) + 1) * HOUR_MS;
  return { fromMs: toMs - lengthMs, toMs };
}

const RANGES: Record<RangeName, { readonly lengthMs: number; readonly stepMs: number }> = {
  '1h': { lengthMs: HOUR_MS, stepMs: MINUTE_MS },
  '24h': { lengthMs: DAY_MS, stepMs: HOUR_MS },
  '7d': { lengthMs: 7 * DAY_MS, stepMs: 6 * HOUR_MS },
  '30d': { lengthMs: 30 * DAY_MS, stepMs: DAY_MS },
};

/** Whole steps, the last of which contains the present; long ranges end with the day where the operator lives. */
export function stepsOf(range: RangeName, nowMs: number, dayToMs: number): Steps {
  const { lengthMs, stepMs } = RANGES[range];
  const toMs = lengthMs > DAY_MS ? dayToMs : (Math.floor(nowMs / stepMs) + 1) * stepMs;
  return { fromMs: toMs - lengthMs, toMs, stepMs };
}
