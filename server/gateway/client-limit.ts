/**
 * The answer to a call that one of its client key's own limits is in the way of: which one, how much of it is used,
 * and when this call would fit. Clients sleep a `retry-after` in full, so only a wait of at most a minute is one.
 */
import { CamError } from '../../lib/errors.ts';
import { formatCount, formatMoney } from '../../lib/format.ts';
import { WINDOW_WORDS } from '../../lib/metering/client-limits.ts';
import { RETRY_AFTER_MAX_MS } from '../../lib/routing/judge-left-out.ts';
import type { LimitHit } from '../db/ledger.ts';

export function clientLimit(hit: LimitHit, nowMs: number): CamError {
  const { window, kind, limit, used, models, resetsAtMs } = hit;
  const waitMs = resetsAtMs - nowMs;
  const resetsAt = new Date(resetsAtMs).toISOString();
  const ofModels = models ? ` for ${models.join(', ')}` : '';
  return new CamError(
    'client_limit_reached',
    `This client key has reached its limit of ${say(kind, limit)} ${WINDOW_WORDS[window]}${ofModels}. It resets at ${resetsAt}.`,
    {
      details: { window, kind, limit, used, ...(models ? { models } : {}), resetsAtMs, resetsAt },
      ...(waitMs <= RETRY_AFTER_MAX_MS ? { retryAfterMs: Math.max(waitMs, 0) } : {}),
    },
  );
}

function say(kind: LimitHit['kind'], limit: number): string {
  return kind === 'cost' ? formatMoney(limit) : `${formatCount(limit)} ${kind}`;
}
