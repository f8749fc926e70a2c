/**
 * What stands between one account and one call: the first reason, in the order in which a person would want to
 * hear it — what only a human changes before what passes by itself.
 */
import { modelAllowed } from '../accounts/models-scope.ts';
import type { AccountId } from '../base/id.ts';
import type { Caller } from '../clients/client-key.ts';
import type { LimitWindow } from '../metering/limit.ts';
import { type BreakerConfig, breakerVerdict } from '../resilience/breaker.ts';
import { type Cooldown, cooldownVerdict } from '../resilience/cooldown.ts';
import { keysOf, WHOLE } from '../resilience/health.ts';
import { limitGroupOf, organizationOf } from './limit-group.ts';
import type { LeftOut, LeftOutReason } from './plan.ts';
import type { Upstream } from './upstream.ts';
import { spentLimit } from './utilization.ts';

export interface Circumstances {
  readonly model: string | null;
  readonly family: string;
  readonly caller: Caller;
  readonly priceKnown: boolean;
  readonly refuseUnknownPrice: boolean;
  readonly inFlightMax: number;
  readonly breaker: BreakerConfig;
  readonly nowMs: number;
  readonly windowEndsMs: Readonly<Record<LimitWindow, number>>;
}

export type Obstacle = Pick<LeftOut, 'reason' | 'detail' | 'untilMs'>;

export interface Inspector {
  /** @param alone nothing else could serve: open breakers let a probe through sooner */
  inspect(upstream: Upstream, alone: boolean): Obstacle | 'free' | 'probe';
}

export function createInspector(upstreams: readonly Upstream[], about: Circumstances): Inspector {
  const { caller, model, family, nowMs } = about;
  const keys = keysOf(model);
  const shared = sharedCooldowns(upstreams, model, nowMs);
  const allowed = caller.accounts === null ? null : new Set<AccountId>(caller.accounts);
  const callerMayUseModel = modelAllowed(caller.models, model);

  return {
    inspect(upstream, alone) {
      const { account } = upstream;
      if (allowed !== null && !allowed.has(account.id)) return obstacle('not_for_this_key', 'account');
      if (!callerMayUseModel) return obstacle('not_for_this_key', 'model');
      if (!upstream.intact) return obstacle('quarantined');
      if (!account.enabled) return obstacle('disabled');
      if (upstream.credentialRefused !== null)
        return obstacle('disabled', 'the provider does not accept its key');
      if (!modelAllowed(account.models, model))
        return obstacle('model_not_in_scope', account.models.join(', '));
      return marked(upstream, model, family, nowMs) ?? limited(upstream, about) ?? unwell(upstream, alone);
    },
  };

  function unwell(upstream: Upstream, alone: boolean): Obstacle | 'free' | 'probe' {
    let probe = false;
    const cooldown = coolingOf(upstream, shared, model, nowMs);
    if (cooldown !== null) {
      if (cooldownVerdict(cooldown, nowMs) === 'blocked') return cooling(cooldown);
      probe = true;
    }
    for (const key of keys) {
      const verdict = breakerVerdict(upstream.breakers[key], nowMs, alone, about.breaker);
      if (verdict.kind === 'isolated') return obstacle('breaker_open', 'paused');
      if (verdict.kind === 'open')
        return obstacle('breaker_open', key === WHOLE ? null : key, verdict.untilMs);
      if (verdict.kind === 'probe') probe = true;
    }
    if (upstream.inFlight >= about.inFlightMax)
      return obstacle('full', `${about.inFlightMax} calls`, nowMs + FULL_MS);
    return probe ? 'probe' : 'free';
  }
}

/** Nobody knows when a call ends; a second later is a good time to look again. */
const FULL_MS = 1_000;

function obstacle(
  reason: LeftOutReason,
  detail: string | null = null,
  untilMs: number | null = null,
): Obstacle {
  return { reason, detail, untilMs };
}

function cooling(cooldown: Cooldown): Obstacle {
  return obstacle(
    'cooling_down',
    cooldown.code,
    Math.min(cooldown.untilMs, cooldown.probeAtMs ?? cooldown.untilMs),
  );
}

function marked(upstream: Upstream, model: string | null, family: string, nowMs: number): Obstacle | null {
  for (const mark of upstream.marks) {
    if (mark.untilMs <= nowMs) continue;
    if (mark.kind === 'model' && mark.subject === model) {
      return obstacle('model_unsupported', mark.reason, mark.untilMs);
    }
    if (mark.kind === 'family' && mark.subject === family) {
      return obstacle('endpoint_unsupported', mark.reason, mark.untilMs);
    }
  }
  return null;
}

function limited(upstream: Upstream, about: Circumstances): Obstacle | null {
  const spent = spentLimit(upstream);
  if (spent !== null) {
    return obstacle('limit_reached', `${spent.window}.${spent.amount}`, about.windowEndsMs[spent.window]);
  }
  if (about.priceKnown || !about.refuseUnknownPrice) return null;
  const { day, month } = upstream.account.limits;
  const counted = day?.cost !== undefined || month?.cost !== undefined;
  return counted ? obstacle('price_unknown', about.model) : null;
}

interface SharedCooldowns {
  /** By limit group: accounts of one bucket cool down together. */
  readonly groups: ReadonlyMap<string, Cooldown>;
  /** By organisation: they share one purse. */
  readonly purses: ReadonlyMap<string, Cooldown>;
}

/** Null when nobody cools down, which is almost always. */
function sharedCooldowns(
  upstreams: readonly Upstream[],
  model: string | null,
  nowMs: number,
): SharedCooldowns | null {
  let shared: { groups: Map<string, Cooldown>; purses: Map<string, Cooldown> } | null = null;
  for (const upstream of upstreams) {
    for (const key of model === null ? [WHOLE] : [WHOLE, model]) {
      const cooldown = upstream.cooldowns[key];
      if (cooldownVerdict(cooldown, nowMs) === 'free' || cooldown === undefined) continue;
      shared ??= { groups: new Map(), purses: new Map() };
      keepLonger(shared.groups, limitGroupOf(upstream), cooldown);
      const organization = organizationOf(upstream);
      if (cooldown.cause === 'quota' && organization !== null && isOrganizationWide(cooldown.code)) {
        keepLonger(shared.purses, organization, cooldown);
      }
    }
  }
  return shared;
}

/** Its own cooldown or that of an account it shares a bucket or a purse with. */
function coolingOf(
  upstream: Upstream,
  shared: SharedCooldowns | null,
  model: string | null,
  nowMs: number,
): Cooldown | null {
  if (shared === null) return null;
  const organization = organizationOf(upstream);
  const purse = organization === null ? undefined : shared.purses.get(organization);
  const own = upstream.cooldowns[WHOLE];
  // Its own hourly probe counts, not when its neighbour may try.
  if (own !== undefined && own.cause === 'quota' && cooldownVerdict(own, nowMs) !== 'free') return own;
  const group = shared.groups.get(limitGroupOf(upstream));
  const ofModel = model === null ? undefined : upstream.cooldowns[model];
  const active = [purse, group, ofModel].filter((known) => known !== undefined);
  return active.reduce<Cooldown | null>((longest, next) => longer(longest, next, nowMs), null);
}

function longer(a: Cooldown | null, b: Cooldown, nowMs: number): Cooldown | null {
  if (cooldownVerdict(b, nowMs) === 'free') return a;
  return a === null || b.untilMs > a.untilMs ? b : a;
}

function keepLonger(map: Map<string, Cooldown>, key: string, cooldown: Cooldown): void {
  const known = map.get(key);
  if (known === undefined || known.untilMs < cooldown.untilMs) map.set(key, cooldown);
}

function isOrganizationWide(code: string): boolean {
  return code.startsWith('organization_') || code === 'credit_balance_exhausted';
}
