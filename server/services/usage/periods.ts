/** From and until when a period reaches: rolling ones end with the running hour, calendar ones begin where limits do. */
import { DAY_MS, HOUR_MS } from '../../../lib/base/time.ts';
import type { Period } from '../../../lib/wire/usage-views.ts';
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
