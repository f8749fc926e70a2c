/**
 * `GET /v1/usage`, answered by us: what the client key that asks has used, what it may use, and when that resets.
 * It tells nothing of accounts and asks none, so it works however they are. `docs/routing.md` has the shape.
 */
import { NANO_PER_DOLLAR } from '../../lib/base/money.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { LimitUse } from '../../lib/metering/client-limits.ts';
import type { LimitKind, WindowUse } from '../../lib/metering/limit.ts';
import type { LimitBook } from '../db/ledger.ts';

const KIND_NAMES: Readonly<Record<LimitKind, string>> = {
  requests: 'requests',
  tokens: 'tokens',
  cost: 'cost_usd',
};

export function usageAnswer(
  caller: Caller,
  limitBook: Pick<LimitBook, 'uses' | 'limitUses'>,
  timeZone: string,
  nowMs: number,
): unknown {
  const uses = limitBook.uses(caller.clientKeyId);
  const limits = limitBook.limitUses({ id: caller.clientKeyId, limits: caller.limits });
  return {
    object: 'usage',
    client_key: { id: caller.clientKeyId, name: caller.name },
    time_zone: timeZone,
    now: time(nowMs),
    used: { day: used(uses.day), month: used(uses.month) },
    limits: limits.map(limitRow),
    models: caller.models.length === 0 ? null : caller.models,
    service_tiers: caller.serviceTiers,
    reasoning_efforts: caller.reasoningEfforts,
  };
}

function used({ requests, tokens, cost }: WindowUse): object {
  return { requests, tokens, cost_usd: cost / NANO_PER_DOLLAR };
}

function limitRow({ window, models, kind, limit, used: counted, reserved, freesAtMs, resetsAtMs }: LimitUse) {
  const figure = (amount: number): number => (kind === 'cost' ? amount / NANO_PER_DOLLAR : amount);
  return {
    window,
    models,
    kind: KIND_NAMES[kind],
    limit: figure(limit),
    used: figure(counted),
    reserved: figure(reserved),
    remaining: figure(Math.max(0, limit - counted)),
    frees_at: freesAtMs === null ? null : time(freesAtMs),
    resets_at: resetsAtMs === null ? null : time(resetsAtMs),
  };
}

const time = (ms: number): string => new Date(ms).toISOString();
