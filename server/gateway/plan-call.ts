/**
 * Third step: where this call may go. Gathers what the pure planner needs: the accounts as they are, where the
 * conversation and the objects it names live, and who takes a turn. Ends a call that can go nowhere.
 */
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import type { Config } from '../../lib/config.ts';
import type { LimitWindow } from '../../lib/metering/limit.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';
import { createWindows } from '../../lib/metering/window.ts';
import { makePlan, nextStrategyState } from '../../lib/routing/make-plan.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import type { StrategyState } from '../../lib/routing/plan-input.ts';
import type { Upstream } from '../../lib/routing/upstream.ts';
import type { ObjectOwners } from '../db/object-owners.ts';
import type { SessionHomes } from '../db/session-homes.ts';
import { findOwner, type Lookup, sealerOfText } from './objects.ts';

export interface Planner {
  plan(call: Call, caller: Caller, nowMs: number, seed: number): RoutePlan;
  /** The plan that `plan` would make, without taking anybody's turn or counting as use of what is named. */
  preview(call: Call, caller: Caller, nowMs: number, seed: number): RoutePlan;
  /** Nobody knows what this call costs, and the configuration says that money limits then refuse it. */
  refusesUnpriced(call: Call, nowMs: number): boolean;
}

export interface PlannerDeps {
  readonly upstreams: () => readonly Upstream[];
  readonly homes: Pick<SessionHomes, 'get'>;
  readonly owners: Pick<ObjectOwners, 'get' | 'peek' | 'nameOf'>;
  readonly prices: Pick<PriceBook, 'prices'>;
  /** What a call is expected to use; asked only where an account's provider has told how much is left. */
  readonly tokensOf: (call: Call, caller: Caller) => number;
  readonly config: () => Config;
}

export function createPlanner({ upstreams, homes, owners, prices, tokensOf, config }: PlannerDeps): Planner {
  let strategyState: StrategyState = { turn: 0 };
  let zone = '';
  let windows = createWindows('UTC');
  const onlooker = { get: owners.peek };

  function windowEndsMs(nowMs: number): Readonly<Record<LimitWindow, number>> {
    const wanted = config().limits.time_zone;
    if (wanted !== zone) {
      windows = createWindows(wanted);
      zone = wanted;
    }
    return { day: windows(nowMs, 'day').toMs, month: windows(nowMs, 'month').toMs };
  }

  function refusesUnpriced(call: Call, nowMs: number): boolean {
    // Only inference is paid for by the token; without its model nobody can know.
    if (config().limits.unknown_price !== 'refuse' || call.endpoint.treatment !== 'inference') return false;
    return !isPriced(call, nowMs, prices);
  }

  function lay(call: Call, caller: Caller, nowMs: number, seed: number, lookup: Lookup): RoutePlan {
    const settings = config();
    const session = call.session;
    const plan = makePlan({
      call,
      caller,
      upstreams: upstreams(),
      home: session ? homes.get(session.hash) : null,
      parentHome: session?.parentHash ? homes.get(session.parentHash) : null,
      sealedBy: sealerOfText(caller, call.facts?.sealedReasoning, lookup),
      historySealedBy: sealerOfText(caller, call.facts?.sealedCompaction, lookup),
      owner: findOwner(call, caller, lookup),
      strategyState,
      config: settings,
      nowMs,
      seed,
      sizeTokens: () => tokensOf(call, caller),
      priceKnown: !refusesUnpriced(call, nowMs),
      windowEndsMs: windowEndsMs(nowMs),
    });
    return named(plan, owners);
  }

  return {
    preview: (call, caller, nowMs, seed) => lay(call, caller, nowMs, seed, onlooker),
    refusesUnpriced,
    plan(call, caller, nowMs, seed) {
      const plan = lay(call, caller, nowMs, seed, owners);
      strategyState = nextStrategyState(strategyState, plan);
      return plan;
    },
  };
}

/** An owner that was deleted is not in the pool, but its name is kept. */
function named(plan: RoutePlan, owners: Pick<ObjectOwners, 'nameOf'>): RoutePlan {
  const { ownedBy, candidates } = plan;
  if (ownedBy === undefined || ownedBy.name !== null || candidates.length > 0) return plan;
  return { ...plan, ownedBy: { ...ownedBy, name: owners.nameOf(ownedBy.accountId) } };
}

function isPriced(call: Call, nowMs: number, prices: Pick<PriceBook, 'prices'>): boolean {
  if (call.model === null) return false;
  const query = {
    inputTokens: null,
    serviceTier: call.facts?.serviceTier ?? null,
    multiplier: 1,
    atMs: nowMs,
  };
  return prices.prices(call.model, query) !== null;
}
