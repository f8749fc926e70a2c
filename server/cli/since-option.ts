/** `--since`: so long ago (`90m`, `24h`, `7d`), or a day or moment (`2026-11-01`, with a time if need be). */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/base/time.ts';
import { CamError } from '../../lib/errors.ts';

const UNITS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const AGO = /^(\d{1,6})([mhd])$/;
const DAY_OR_MOMENT = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/;

export function sinceMs(text: string, nowMs: number): number {
  const ago = AGO.exec(text);
  if (ago) return Math.max(0, nowMs - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0));
  const atMs = DAY_OR_MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(atMs)) return Math.max(0, atMs);
  throw new CamError('invalid_request', '--since is 90m, 24h, 7d or a date such as 2026-11-01.');
}
