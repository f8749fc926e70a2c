/** When the windows of limits begin and end, in the time zone that is configured at the moment. */
import type { LimitWindow } from '../../../lib/metering/limit.ts';
import { createWindows, type WindowBounds } from '../../../lib/metering/window.ts';
import type { Settings } from '../../config.ts';

export type LimitWindows = (nowMs: number, window: LimitWindow) => WindowBounds;

export function createLimitWindows(settings: Pick<Settings, 'config'>): LimitWindows {
  let timeZone = '';
  let bounds: LimitWindows = createWindows('UTC');
  return (nowMs, window) => {
    const current = settings.config.limits.time_zone;
    if (current !== timeZone) {
      bounds = createWindows(current);
      timeZone = current;
    }
    return bounds(nowMs, window);
  };
}
