/**
 * Where a simulated call may go: the real planner, given what the gateway gives it. Mirrors
 * `server/gateway/plan-call.ts` (homes, turns) for calls that name no stored objects.
 */
import type { BodyFacts } from '../../calls/call.ts';
import type { Endpoint } from '../../calls/endpoint.ts';
import { ENDPOINTS } from '../../calls/endpoint-table.ts';
import type { Caller } from '../../clients/client-key.ts';
import type { Config } from '../../config.ts';
import { homeAfter } from '../home-after.ts';
import { makePlan, nextStrategyState } from '../make-plan.ts';
import type { RoutePlan } from '../plan.ts';
import type { Home, PlanInput, StrategyState } from '../plan-input.ts';
import { mixHash } from '../strategies/strategy.ts';
import type { Upstream } from '../upstream.ts';
import type { Member, Windows } from './member.ts';
import type { TraceCall } from './trace.ts';

export interface SimulatedCall {
  readonly trace: TraceCall;
  readonly endpoint: Endpoint;
  readonly model: string | null;
  readonly session: PlanInput['call']['session'];
  readonly facts: BodyFacts;
  readonly bodyBytes: number;
  readonly seed: number;
}

const BY_NAME: ReadonlyMap<string, Endpoint> = new Map(ENDPOINTS.map((one) => [one.name, one]));

/** A token is about four bytes of JSON. */
export const BYTES_PER_TOKEN = 4;

/** Null when the endpoint is none of the table. */
export function endpointNamed(name: string): Endpoint | null {
  return BY_NAME.get(name) ?? null;
}

/** @param number the call's place in the trace */
export function simulatedCall(trace: TraceCall, number: number, seed: number): SimulatedCall {
  const endpoint = endpointNamed(trace.endpoint);
  if (endpoint === null) throw new Error(`${trace.endpoint} is no endpoint`);
  const { session, parent, model } = trace;
  return {
    trace,
    endpoint,
    model,
    session: session === null ? null : { hash: session, source: 'trace', parentHash: parent },
    facts: factsOf(trace),
    bodyBytes: trace.requestBytes ?? trace.inputTokens * BYTES_PER_TOKEN,
    seed: mixHash(String(number), seed),
  };
}

function factsOf({ model, session, sealed }: TraceCall): BodyFacts {
  return {
    model,
    stream: true,
    background: false,
    includeUsage: true,
    previousResponseId: null,
    conversation: null,
    promptCacheKey: null,
    serviceTier: null,
    reasoningEfforts: [],
    choices: 1,
    outputTokensMax: null,
    storesNothing: false,
    fileIds: [],
    continues: session !== null,
    sealedReasoning: sealed ? (session ?? 'sealed') : null,
    hasCompaction: false,
    sealedCompaction: null,
    prefixHash: null,
  };
}

export interface SimulatedPlanner {
  plan(call: SimulatedCall, nowMs: number): RoutePlan;
  /** @param removed encrypted reasoning was removed from what was sent */
  served(call: SimulatedCall, by: Upstream, removed: boolean, nowMs: number): void;
}

/** Keeps every home of the trace: there are at most as many as it has conversations. */
export function createSimulatedPlanner(deps: {
  readonly members: readonly Member[];
  readonly caller: Caller;
  readonly config: Pick<Config, 'routing' | 'breaker' | 'limits'>;
  readonly windows: Windows;
  /** What a call is expected to use. */
  readonly tokensOf: (call: SimulatedCall, nowMs: number) => number;
  readonly isPriced: (model: string | null, nowMs: number) => boolean;
}): SimulatedPlanner {
  const { members, caller, config, windows } = deps;
  const homes = new Map<string, Home>();
  let strategyState: StrategyState = { turn: 0 };

  return {
    plan(call, nowMs) {
      const plan = makePlan({
        call,
        caller,
        upstreams: members.map((member) => member.upstream(nowMs)),
        home: homeOf(call.session?.hash),
        parentHome: homeOf(call.session?.parentHash),
        sealedBy: null,
        owner: null,
        strategyState,
        config,
        nowMs,
        seed: call.seed,
        sizeTokens: () => deps.tokensOf(call, nowMs),
        priceKnown: config.limits.unknown_price !== 'refuse' || deps.isPriced(call.model, nowMs),
        windowEndsMs: { day: windows(nowMs, 'day').toMs, month: windows(nowMs, 'month').toMs },
      });
      strategyState = nextStrategyState(strategyState, plan);
      return plan;
    },
    served(call, by, removed, nowMs) {
      const hash = call.session?.hash;
      if (hash === undefined) return;
      const pinned = homes.get(hash) ?? null;
      const { continues, sealedReasoning } = call.facts;
      const { model } = call;
      const turn = { model, carries: sealedReasoning !== null, continues, keyed: false, removed };
      const member = members.find(({ account }) => account.id === pinned?.accountId);
      homes.set(hash, homeAfter(by, pinned, member?.upstream(nowMs) ?? null, turn));
    },
  };

  function homeOf(hash: string | null | undefined): Home | null {
    return hash === null || hash === undefined ? null : (homes.get(hash) ?? null);
  }
}
