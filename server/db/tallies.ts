/** Running sums per holder and window, for the limit book. */
import { nanoDollars } from '../../lib/base/money.ts';
import type { LimitWindow, WindowUse } from '../../lib/metering/limit.ts';

export interface Tallies {
  get(id: string, window: LimitWindow): WindowUse;
  add(id: string, window: LimitWindow, use: WindowUse, sign: 1 | -1): void;
  clear(): void;
  clearWindow(window: LimitWindow): void;
  forget(id: string, window: LimitWindow): void;
}

const NOTHING: WindowUse = Object.freeze({ requests: 0, tokens: 0, cost: nanoDollars(0) });

export function createTallies(): Tallies {
  const sums: Record<LimitWindow, Map<string, WindowUse>> = { day: new Map(), month: new Map() };
  return {
    get: (id, window) => sums[window].get(id) ?? NOTHING,
    add(id, window, use, sign) {
      const { requests, tokens, cost } = sums[window].get(id) ?? NOTHING;
      sums[window].set(id, {
        requests: requests + sign * use.requests,
        tokens: tokens + sign * use.tokens,
        cost: nanoDollars(cost + sign * use.cost),
      });
    },
    clear() {
      sums.day.clear();
      sums.month.clear();
    },
    clearWindow: (window) => sums[window].clear(),
    forget: (id, window) => void sums[window].delete(id),
  };
}

export function plus(a: WindowUse, b: WindowUse): WindowUse {
  return {
    requests: a.requests + b.requests,
    tokens: a.tokens + b.tokens,
    cost: nanoDollars(a.cost + b.cost),
  };
}
