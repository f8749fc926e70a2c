/**
 * The plan of one call: every account either a candidate, in the order in which they are tried, or left out for
 * a named reason. A pure function: the same call, snapshot, clock and seed give the same plan.
 *
 * Order of precedence: the owner of what the call names (hard) — the organisation that sealed its reasoning —
 * the account where its conversation lives (soft) — the strategy.
 */
import type { AccountId } from '../base/id.ts';
import { DAY_MS } from '../base/time.ts';
import { nextMonthMs } from '../resilience/cooldown.ts';
import { type Affinity, settleAffinity, TIERS } from './affinity.ts';
import { sealerOf } from './limit-group.ts';
import { bulkOf, fitsAtMs, isTooLarge, type Shortage, shortageOf } from './model-room.ts';
import { createInspector, type Inspector } from './obstacles.ts';
import type { Deciding, LeftOut, RoutePlan, StrategyName } from './plan.ts';
import type { PlanInput, Ranked, StrategyState } from './plan-input.ts';
import { type Standing, standingOf } from './standing.ts';
import { leastUtilized } from './strategies/least-utilized.ts';
import { priority } from './strategies/priority.ts';
import { roundRobin } from './strategies/round-robin.ts';
import { sticky } from './strategies/sticky.ts';
import type { Strategy } from './strategies/strategy.ts';
import type { Upstream } from './upstream.ts';

const ORDERS: Readonly<Record<StrategyName, Strategy>> = {
  least_utilized: leastUtilized,
  round_robin: roundRobin,
  priority,
  sticky,
};

export function makePlan(input: PlanInput): RoutePlan {
  const affinity = settleAffinity(input);
  const inFlightMax = input.config.routing.in_flight_per_account;
  const standings = input.upstreams.map((one) => standingOf(one, input.nowMs, inFlightMax));
  const inspector = createInspector(standings, circumstances(input));
  let { tiers, leftOut } = sift(input, standings, affinity, inspector, false);
  // Waiting long for a breaker protects nobody when there is nobody else.
  if (leftOut.length === standings.length)
    ({ tiers, leftOut } = sift(input, standings, affinity, inspector, true));
  const ordered = order(input, tiers);
  const movedFrom = movedFromHome(affinity, ordered);
  const plan: RoutePlan = {
    strategy: input.config.routing.strategy,
    decidedBy: decidedBy(affinity, ordered),
    candidates: ordered.map(({ candidate }) => candidate),
    leftOut,
    madeAtMs: input.nowMs,
    home: affinity.home?.accountId ?? null,
    ...(movedFrom === null ? undefined : { movedFrom }),
    ...(input.owner === null ? {} : { ownedBy: ownedBy(input, input.owner.accountId) }),
  };
  const waitFor = worthWaitingFor(input, affinity, leftOut, ordered);
  return waitFor === null ? plan : { ...plan, waitFor };
}

function ownedBy({ upstreams }: PlanInput, owner: AccountId): NonNullable<RoutePlan['ownedBy']> {
  const upstream = upstreams.find(({ account }) => account.id === owner);
  return { accountId: owner, name: upstream?.account.name ?? null };
}

/** Calls that affinity placed do not take a turn from anybody. */
export function nextStrategyState(state: StrategyState, plan: RoutePlan): StrategyState {
  const placed = plan.decidedBy === 'strategy' || plan.decidedBy === 'only_candidate';
  return placed ? { turn: (state.turn + 1) % Number.MAX_SAFE_INTEGER } : state;
}

function circumstances(input: PlanInput): Parameters<typeof createInspector>[1] {
  const { call, config, nowMs } = input;
  return {
    model: call.model,
    family: call.endpoint.family,
    caller: input.caller,
    priceKnown: input.priceKnown ?? true,
    refuseUnknownPrice: config.limits.unknown_price === 'refuse',
    inFlightMax: config.routing.in_flight_per_account,
    breaker: config.breaker,
    nowMs,
    windowEndsMs: input.windowEndsMs ?? {
      day: (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS,
      month: nextMonthMs(nowMs),
    },
  };
}

/** By how far back they stand, see `Affinity.tierOf`. */
type Tiers = readonly (readonly Ranked[] | undefined)[];

function sift(
  input: PlanInput,
  standings: readonly Standing[],
  affinity: Affinity,
  inspector: Inspector,
  alone: boolean,
): { tiers: Tiers; leftOut: LeftOut[] } {
  const tiers: (Ranked[] | undefined)[] = new Array(TIERS);
  const leftOut: LeftOut[] = [];
  const full = 1 - input.config.routing.reserve;
  const shortage = shortageFor(input);
  for (const standing of standings) {
    const verdict = inspector.inspect(standing, alone);
    const elsewhere = affinity.excludes(standing);
    if (typeof verdict === 'object') {
      // How an account is matters only where it may serve the call at all.
      const never = elsewhere !== null && verdict.reason !== 'not_for_this_key';
      leftOut.push(never ? elsewhere : verdict);
    } else if (elsewhere !== null) leftOut.push(elsewhere);
    else {
      const short = shortage(standing.upstream);
      const foreign = affinity.isForeign(standing);
      const plain = affinity.mixed || foreign ? standing.stripped : standing.plain;
      const probe = verdict === 'probe';
      const ranked = probe || short !== null ? special(plain, probe, short) : plain;
      const { share } = standing;
      const tier = affinity.tierOf(standing, foreign, share !== null && share >= full, short !== null);
      const peers = tiers[tier];
      if (peers === undefined) tiers[tier] = [ranked];
      else peers.push(ranked);
    }
  }
  return { tiers, leftOut };
}

function special(ranked: Ranked, probe: boolean, short: Shortage | null): Ranked {
  const { candidate, upstream, hundredths, lot } = ranked;
  const { accountId, name, utilization, decidedBy, stripReasoning } = candidate;
  const plain = { accountId, name, utilization, decidedBy, stripReasoning, probe };
  return { upstream, hundredths, lot, candidate: short === null ? plain : { ...plain, short } };
}

/** Whether an account's provider has room for this call; the call is sized up when the first figure asks for it. */
function shortageFor({ call, sizeTokens, nowMs }: PlanInput): (upstream: Upstream) => Shortage | null {
  const { model } = call;
  let tokens: number | null = null;
  return ({ rooms }) => {
    const room = model === null || rooms === undefined ? undefined : rooms[model];
    if (room === undefined || sizeTokens === undefined) return null;
    if (room.tooLarge !== undefined && isTooLarge(room, bulkOf(call), nowMs)) return 'tokens';
    tokens ??= sizeTokens();
    return shortageOf(room, tokens, nowMs);
  };
}

/** Tier by tier, and inside a tier as the strategy says. */
function order(input: PlanInput, tiers: Tiers): Ranked[] {
  const context = {
    turn: input.strategyState.turn,
    session: input.call.session?.hash ?? null,
    seed: input.seed,
  };
  const strategy = ORDERS[input.config.routing.strategy];
  let ordered: Ranked[] = [];
  for (const tier of tiers) if (tier !== undefined) ordered = ordered.concat(strategy(tier, context));
  return ordered;
}

function decidedBy(affinity: Affinity, ordered: readonly Ranked[]): Deciding {
  const first = ordered[0]?.upstream;
  if (first === undefined) return 'none';
  if (affinity.hard !== null) return affinity.hard === 'fixed' ? 'fixed_account' : 'hard_affinity';
  if (affinity.home?.accountId === first.account.id)
    return affinity.homeIsParents ? 'parent_session' : 'session';
  if (affinity.sealedBy !== null && !affinity.isForeign({ sealer: sealerOf(first) }))
    return 'organization_affinity';
  return ordered.length === 1 ? 'only_candidate' : 'strategy';
}

/** A conversation, or a helper of one, that is served elsewhere because its account cannot, or has too little left. */
function movedFromHome({ home, homeUpstream }: Affinity, ordered: readonly Ranked[]): AccountId | null {
  if (home === null || ordered.length === 0) return null;
  const at = homeUpstream === undefined ? -1 : ordered.findIndex(({ upstream }) => upstream === homeUpstream);
  const stays = at === 0 || (at > 0 && ordered[at]?.candidate.short === undefined);
  return stays ? null : home.accountId;
}

function worthWaitingFor(
  input: PlanInput,
  affinity: Affinity,
  leftOut: readonly LeftOut[],
  ordered: readonly Ranked[],
): { accountId: AccountId; untilMs: number } | null {
  const { config, nowMs } = input;
  const { home } = affinity;
  if (config.routing.affinity !== 'wait' || home === null || affinity.homeIsParents) return null;
  const out = leftOut.find(({ accountId }) => accountId === home.accountId);
  const untilMs = out === undefined ? roomAtHomeMs(input, home.accountId, ordered) : passesAtMs(out);
  if (untilMs === null || untilMs - nowMs > config.routing.affinity_wait_ms) return null;
  return { accountId: home.accountId, untilMs };
}

function passesAtMs({ reason, untilMs }: LeftOut): number | null {
  return reason === 'cooling_down' || reason === 'breaker_open' || reason === 'full' ? untilMs : null;
}

/** It could serve, but its limits leave too little for this call just now. */
function roomAtHomeMs(
  { call, sizeTokens, nowMs }: PlanInput,
  home: AccountId,
  ordered: readonly Ranked[],
): number | null {
  const short = ordered.find(
    ({ candidate }) => candidate.accountId === home && candidate.short !== undefined,
  );
  const room = call.model === null ? undefined : short?.upstream.rooms?.[call.model];
  if (room === undefined || sizeTokens === undefined || isTooLarge(room, bulkOf(call), nowMs)) return null;
  return fitsAtMs(room, sizeTokens(), nowMs);
}
