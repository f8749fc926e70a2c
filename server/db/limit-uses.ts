/** A client key's ceilings measured against what is used: which one is in the way, and how full each is. */
import {
  type ClientLimits,
  clientRules,
  isSliding,
  type LimitUse,
} from '../../lib/metering/client-limits.ts';
import {
  LIMIT_KINDS,
  type LimitKind,
  type LimitWindow,
  type ReservationAmounts,
  type WindowUse,
} from '../../lib/metering/limit.ts';
import { type Counter, concerns } from './client-counters.ts';
import type { LimitHit } from './limit-contract.ts';

/** The ceiling among these that keeps the caller waiting longest; null when the call fits under all. */
export function firstCounterHit(
  holderId: string,
  counters: readonly Counter[],
  ask: ReservationAmounts,
  model: string | null,
  nowMs: number,
): LimitHit | null {
  let last: LimitHit | null = null;
  for (const counter of counters) {
    if (!concerns(counter, model)) continue;
    const { sum, amounts, window, models } = counter;
    sum.turn(nowMs);
    const used = sum.used();
    for (const kind of LIMIT_KINDS) {
      const limit = amounts[kind];
      if (limit === undefined || used[kind] + ask[kind] <= limit) continue;
      const resetsAtMs = sum.freeAtMs((left) => left[kind] + ask[kind] <= limit);
      if (last !== null && last.resetsAtMs >= resetsAtMs) continue;
      const hit = { holderId, window, kind, limit, used: used[kind], resetsAtMs };
      last = models === null ? hit : { ...hit, models };
    }
  }
  return last;
}

interface CalendarUse {
  readonly use: WindowUse;
  readonly reserved: WindowUse;
  readonly toMs: number;
}

export interface LimitUsesInput extends Readonly<Record<LimitWindow, CalendarUse>> {
  readonly limits: ClientLimits;
  readonly counters: readonly Counter[];
  /** The open reservations of this holder. */
  readonly holds: readonly {
    readonly model: string | null;
    readonly amounts: ReservationAmounts;
    readonly sinceMs: number;
  }[];
  readonly nowMs: number;
}

export function limitUses(input: LimitUsesInput): readonly LimitUse[] {
  return clientRules(input.limits).flatMap((rule) => {
    const { window, models, amounts } = rule;
    const counter = input.counters.find((each) => each.window === window && each.amounts === amounts);
    counter?.sum.turn(input.nowMs);
    return LIMIT_KINDS.flatMap((kind): LimitUse[] => {
      const limit = amounts[kind];
      if (limit === undefined) return [];
      const place = { window, models, kind, limit };
      if (counter) return [{ ...place, ...ofCounter(counter, kind, input) }];
      if (isSliding(window)) return [];
      const { use, reserved, toMs } = input[window];
      return [{ ...place, used: use[kind], reserved: reserved[kind], freesAtMs: toMs, resetsAtMs: toMs }];
    });
  });
}

function ofCounter(counter: Counter, kind: LimitKind, { holds }: LimitUsesInput) {
  const { sum } = counter;
  const used = sum.used()[kind];
  let reserved = 0;
  for (const { model, amounts, sinceMs } of holds)
    if (concerns(counter, model) && sinceMs >= sum.fromMs()) reserved += amounts[kind];
  return {
    used,
    reserved,
    freesAtMs: used > 0 ? sum.freeAtMs((left) => left[kind] < used) : null,
    resetsAtMs: used > 0 ? sum.freeAtMs((left) => left[kind] <= 0) : null,
  };
}
