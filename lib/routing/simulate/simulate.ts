/**
 * A day of calls through the real routing rules, in simulated time and without a network: the same trace, pool,
 * configuration and seed give the same result. Runs in steps, so that whoever runs it can show how far it is.
 */
import { type AccountId, clientKeyId } from '../../base/id.ts';
import { type Caller, NO_RULES } from '../../clients/client-key.ts';
import type { Config } from '../../config.ts';
import type { PriceBook } from '../../metering/price-book.ts';
import { createWindows } from '../../metering/window.ts';
import type { StrategyName } from '../plan.ts';
import { FULL_BUDGET } from '../retry-budget.ts';
import { createCharges } from './charge.ts';
import { Journey } from './journey.ts';
import { Member } from './member.ts';
import { createSimulatedPlanner, simulatedCall } from './planner.ts';
import { Queue } from './queue.ts';
import { type KnownPool, type Seated, type SimulatedPool, seatAccounts, seatKnown } from './setup.ts';
import type { DialWatcher, Stage } from './stage.ts';
import { type SimulationResult, Tally } from './tally.ts';
import type { Trace } from './trace.ts';
import { createWorld, type ProviderSetup } from './world.ts';

export interface SimulationInput {
  readonly trace: Trace;
  readonly strategy: StrategyName;
  readonly pool: SimulatedPool | KnownPool;
  readonly provider: Omit<ProviderSetup, 'writesCost'>;
  readonly config: Config;
  readonly prices: PriceBook;
  readonly seed: number;
  readonly watch?: DialWatcher;
}

export interface Simulation {
  /** Lets so many calls arrive, and what is due between happen. False when everything is over. */
  advance(calls: number): boolean;
  /** Calls that have arrived. */
  arrived(): number;
  /** Only when everything is over. */
  result(): SimulationResult;
}

const CALLER: Caller = {
  clientKeyId: clientKeyId('simulated'),
  name: 'simulated',
  ...NO_RULES,
  scopes: ['inference'],
};

export function createSimulation(input: SimulationInput): Simulation {
  const { trace, strategy, seed } = input;
  const queue = new Queue();
  let nowMs = trace.startsAtMs;
  let next = 0;
  const { pool } = input;
  const seated = 'known' in pool ? seatKnown(pool) : seatAccounts(pool, trace.startsAtMs, seed);
  const stage = createStage(input, seated, queue, () => nowMs);
  scheduleNewKeys(trace, seated, stage, queue);

  const arrive = (): void => {
    const call = trace.calls[next];
    if (call === undefined) return;
    nowMs = trace.startsAtMs + call.atMs;
    new Journey(simulatedCall(call, next, seed), stage).begin();
    next++;
  };
  const happenUntil = (untilMs: number): void => {
    for (let dueMs = queue.nextMs; dueMs !== null && dueMs <= untilMs; dueMs = queue.nextMs) {
      nowMs = dueMs;
      queue.take()?.();
    }
  };

  return {
    advance(calls) {
      for (let done = 0; done < calls; done++) {
        const call = trace.calls[next];
        if (call === undefined) {
          happenUntil(Number.POSITIVE_INFINITY);
          return false;
        }
        happenUntil(trace.startsAtMs + call.atMs);
        arrive();
      }
      return true;
    },
    arrived: () => next,
    result: () => stage.tally.result(strategy),
  };
}

/** From the first call to the last answer, at once. */
export function simulate(input: SimulationInput): SimulationResult {
  const simulation = createSimulation(input);
  simulation.advance(Number.POSITIVE_INFINITY);
  return simulation.result();
}

function createStage(
  input: SimulationInput,
  seated: readonly Seated[],
  queue: Queue,
  nowMs: () => number,
): Stage {
  const { trace } = input;
  const config: Config = {
    ...input.config,
    routing: { ...input.config.routing, strategy: input.strategy },
  };
  const windows = createWindows(config.limits.time_zone);
  const members = seated.map(({ account }) => new Member(account, windows));
  const charges = createCharges(input.prices, config);
  const world = createWorld(trace, new Map(seated.map(({ account, seat }) => [account.id, seat])), {
    ...input.provider,
    writesCost: (model) => charges.writesCost(model, trace.startsAtMs),
  });
  return {
    nowMs,
    after: (ms, run) => queue.add(nowMs() + ms, run),
    config,
    caller: CALLER,
    members: new Map(members.map((member) => [member.account.id, member])),
    windows,
    planner: createSimulatedPlanner({
      members,
      caller: CALLER,
      config,
      windows,
      tokensOf: (call, atMs) => charges.expected(call, atMs).tokens,
      isPriced: charges.isPriced,
    }),
    world,
    charges,
    tally: new Tally(
      seated.map(({ account, seat }) => ({
        id: account.id,
        name: account.name,
        organization: seat.organization,
      })),
    ),
    confirming: new Set<AccountId>(),
    budget: FULL_BUDGET,
    watch: input.watch ?? null,
  };
}

/** At the end of a window of refused keys a person has put in another one. */
function scheduleNewKeys(trace: Trace, seated: readonly Seated[], stage: Stage, queue: Queue): void {
  for (const { fault, toMs, accounts } of trace.faults) {
    if (fault !== 'refused_key') continue;
    for (const { account, seat } of seated) {
      if (accounts !== null && !accounts.includes(seat.number)) continue;
      queue.add(trace.startsAtMs + toMs, () => stage.members.get(account.id)?.replaceKey());
    }
  }
}
