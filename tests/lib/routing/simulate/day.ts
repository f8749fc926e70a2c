/** Simulations for the tests: a small made-up day unless a test says otherwise. */
import { defaultConfig } from '../../../../lib/config.ts';
import { createPriceBook } from '../../../../lib/metering/price-book.ts';
import type { SimulatedPool } from '../../../../lib/routing/simulate/setup.ts';
import { type SimulationInput, simulate } from '../../../../lib/routing/simulate/simulate.ts';
import { syntheticDay } from '../../../../lib/routing/simulate/synthetic-day.ts';
import type { SimulationResult } from '../../../../lib/routing/simulate/tally.ts';
import type { Trace, TraceCall, TraceFault } from '../../../../lib/routing/simulate/trace.ts';

export const MONDAY_MS = Date.UTC(2026, 10, 23);
export const CONFIG = defaultConfig();
export const PRICES = createPriceBook({ today: () => MONDAY_MS });

export interface DayOver extends Partial<Omit<SimulationInput, 'provider' | 'config' | 'pool'>> {
  readonly pool?: SimulatedPool;
  readonly accounts?: number;
  readonly provider?: Partial<SimulationInput['provider']>;
  readonly routing?: Partial<SimulationInput['config']['routing']>;
}

export function dayInput({ accounts = 3, provider, routing, ...over }: DayOver = {}): SimulationInput & {
  readonly pool: SimulatedPool;
} {
  return {
    trace: syntheticDay({ seed: 1, startsAtMs: MONDAY_MS, calls: 300, troubledAccounts: accounts }),
    strategy: 'least_utilized',
    pool: { accounts, organizations: accounts, limits: {} },
    provider: { requestsPerMinute: 500, tokensPerMinute: 500_000, cacheIdleMs: 600_000, ...provider },
    config: { ...CONFIG, routing: { ...CONFIG.routing, ...routing } },
    prices: PRICES,
    seed: 1,
    ...over,
  };
}

export const day = (over: DayOver = {}): SimulationResult => simulate(dayInput(over));

const CALL: TraceCall = {
  atMs: 0,
  endpoint: 'POST /responses',
  model: 'gpt-5.4',
  client: 'tool',
  session: null,
  parent: null,
  inputTokens: 1_000,
  outputTokens: 100,
  durationMs: 1_000,
  opening: null,
  openingTokens: 0,
  sealed: false,
  requestBytes: null,
};

/** So many calls, `everyMs` apart. */
export function steady(
  count: number,
  everyMs: number,
  over: Partial<TraceCall> = {},
  faults: Trace['faults'] = [],
): Trace {
  const calls = Array.from({ length: count }, (_, at) => ({ ...CALL, ...over, atMs: at * everyMs }));
  return { startsAtMs: MONDAY_MS, calls, faults };
}

export const fault = (over: Partial<TraceFault> & Pick<TraceFault, 'fault'>): TraceFault => ({
  fromMs: 0,
  toMs: 60_000,
  accounts: null,
  share: 1,
  ...over,
});
