/**
 * The gateway, put together: what outlives a single call (who is in, who is waiting, what was learned) and the
 * one function that a call goes through. `handle.ts` is the story of a call; this is the house it happens in.
 */
import { createEstimateBook } from '../../lib/metering/estimate.ts';
import type { CallDeps, GatewayDeps } from './call-deps.ts';
import { type CallMetrics, createCallMetrics } from './call-metrics.ts';
import { createDoorkeeper } from './doorkeeper.ts';
import { type AnswerDryRun, createDryRun } from './dry-run.ts';
import { expectedTokens } from './estimate.ts';
import { createFeedback } from './feedback.ts';
import { createHandle } from './handle.ts';
import { createPatience } from './patience.ts';
import { createPlanner } from './plan-call.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { createRequestHeaderRule } from './request-headers.ts';
import { createResponseHeaderRule } from './response-headers.ts';
import { createSessionTally, type SessionTally } from './session-tally.ts';
import { createTurnStates } from './turn-state.ts';
import type { HandleCall } from './values.ts';
import { createWaitingRoom } from './waiting-room.ts';

export interface Gateway {
  readonly handle: HandleCall;
  /**
   * Lets in no new calls, waits up to `ms` for those under way, then ends the rest: calls that have shown
   * nothing with 503 `shutting_down`, streams by the broken ending. Afterwards new calls are let in again: who
   * shuts down closes the door, who locks the vault has locked it.
   */
  drain(ms: number): Promise<void>;
  readonly dryRun: AnswerDryRun;
  /** By what calls were recognised as part of a conversation since the start. */
  readonly sessionSources: SessionTally['list'];
  /** The latest calls that were refused before any account was asked. */
  readonly refused: Pick<Refusals, 'find' | 'newest'>;
  /** What calls came to since the start. */
  readonly metrics: Pick<CallMetrics, 'families'>;
}

export function createGateway(deps: GatewayDeps): Gateway {
  const { clock, config, pool } = deps;
  const doorkeeper = createDoorkeeper(config, () => pool.slots());
  const estimates = createEstimateBook();
  const sizing = { estimates, prices: deps.prices, config };
  const planner = createPlanner({
    upstreams: () => pool.snapshot(),
    homes: deps.homes,
    owners: deps.owners,
    prices: deps.prices,
    tokensOf: (call, caller) => expectedTokens(call, caller, sizing),
    config,
  });
  const callDeps: CallDeps = {
    ...deps,
    doorkeeper,
    estimates,
    patience: createPatience({ clock, random: deps.random }),
    feedback: createFeedback({
      pool,
      clock,
      checkAccount: deps.checkAccount,
    }),
    planner,
    waitingRoom: createWaitingRoom({ pool, planner, clock, config, inFlight: deps.inFlight }),
    headerRule: createResponseHeaderRule(),
    turnStates: createTurnStates(),
    sessions: createSessionTally(),
    refusals: createRefusals(),
    metrics: createCallMetrics(),
    sift: createRequestHeaderRule(),
  };
  return {
    handle: createHandle(callDeps),
    drain: (ms) => {
      // What is cut off at the end has to be counted in the moments that are left.
      if (deps.inFlight.size > 0) deps.tokenCounter.prepare();
      return doorkeeper.drain(ms);
    },
    dryRun: createDryRun(callDeps),
    sessionSources: () => callDeps.sessions.list(),
    refused: callDeps.refusals,
    metrics: callDeps.metrics,
  };
}
