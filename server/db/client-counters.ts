/**
 * The counters of client keys that days and months of all models do not cover: windows that slide, and ceilings
 * that are bound to models. A counter is there while a limit asks for it; a new one is filled from the ledger, so
 * an edited limit counts what was used before it was set.
 */
import { modelAllowed } from '../../lib/accounts/models-scope.ts';
import {
  type ClientLimits,
  type ClientRule,
  type ClientWindow,
  clientRules,
  isSliding,
} from '../../lib/metering/client-limits.ts';
import type { WindowUse } from '../../lib/metering/limit.ts';
import type { WindowSum } from '../../lib/metering/window-sum.ts';

export interface Counter extends ClientRule {
  readonly sum: WindowSum;
}

export interface ClientCounters {
  /** What these limits ask for; filled when they are new. The hot path: one look-up while nothing changed. */
  of(holder: { readonly id: string; readonly limits: ClientLimits }): readonly Counter[];
  /** A use or a hold of this client key, towards each counter that it belongs to. */
  add(
    id: string,
    at: { readonly model: string | null; readonly atMs: number },
    use: WindowUse,
    sign: 1 | -1,
  ): void;
  /** All of them anew: the clock or the time zone changed, or a counter was reset. */
  refill(): void;
}

export interface ClientCountersDeps {
  readonly newSum: (window: ClientWindow) => WindowSum;
  readonly fill: (id: string, counter: Counter) => void;
  /** From when on a client key's use of a window counts; 0 when it was never reset. */
  readonly countedSinceMs: (id: string, window: ClientWindow) => number;
}

const NONE: readonly Counter[] = [];

export function createClientCounters({ newSum, fill, countedSinceMs }: ClientCountersDeps): ClientCounters {
  const byHolder = new Map<string, { limits: ClientLimits; counters: readonly Counter[] }>();

  const filled = (id: string, rule: ClientRule): Counter => {
    const counter = { ...rule, sum: newSum(rule.window) };
    fill(id, counter);
    return counter;
  };

  return {
    of({ id, limits }) {
      const known = byHolder.get(id);
      if (known?.limits === limits) return known.counters;
      const rules = clientRules(limits).filter(({ window, models }) => models !== null || isSliding(window));
      const before = new Map(known?.counters.map((counter) => [keyOf(counter), counter]));
      const counters =
        rules.length === 0
          ? NONE
          : rules.map((rule) => {
              const kept = before.get(keyOf(rule));
              return kept ? { ...rule, sum: kept.sum } : filled(id, rule);
            });
      byHolder.set(id, { limits, counters });
      return counters;
    },
    add(id, { model, atMs }, use, sign) {
      const counters = byHolder.get(id)?.counters ?? NONE;
      for (const counter of counters) {
        if (concerns(counter, model) && atMs >= countedSinceMs(id, counter.window))
          counter.sum.add(atMs, use, sign);
      }
    },
    refill() {
      for (const [id, { limits, counters }] of byHolder) {
        byHolder.set(id, { limits, counters: counters.map((counter) => filled(id, counter)) });
      }
    },
  };
}

/** A ceiling that is bound to models counts the calls that named one of them. */
export function concerns({ models }: ClientRule, model: string | null): boolean {
  return models === null || (model !== null && modelAllowed(models, model));
}

function keyOf({ window, models }: ClientRule): string {
  return models === null ? window : `${window} ${models.join(' ')}`;
}
