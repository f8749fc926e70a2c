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
import { organizationOf, projectOf } from './limit-group.ts';
import { holds } from './mark-key.ts';
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
  /**
   * @param spent one of the account's own limits leaves nothing
   * @param alone nothing else could serve: open breakers let a probe through sooner
   */
  inspect(upstream: Upstream, spent: boolean, alone: boolean): Obstacle | 'free' | 'probe';
}

export function createInspector(upstreams: readonly Upstream[], about: Circumstances): Inspector {
  const { caller, model, family, nowMs } = about;
  const keys = keysOf(model);
  const shared = sharedCooldowns(upstreams, model, nowMs);
  const allowed = caller.accounts === null ? null : new Set<AccountId>(caller.accounts);
  const callerMayUseModel = modelAllowed(caller.models, model);

  return {
    inspect(upstream, spent, alone) {
      const { account } = upstream;
      if (allowed !== null && !allowed.has(account.id)) return obstacle('not_for_this_key', 'account');
      if (!callerMayUseModel) return obstacle('not_for_this_key', 'model');
      if (!upstream.intact) return obstacle('quarantined');
      if (!account.enabled) return obstacle('disabled');
      if (upstream.credentialRefused !== null)
        return obstacle('disabled', 'the provider does not accept its key');
      if (!modelAllowed(account.models, model))
        return obstacle('model_not_in_scope', account.models.join(', '));
      return (
        marked(upstream, model, family, nowMs) ?? limited(upstream, spent, about) ?? unwell(upstream, alone)
      );
    },
  };

  function unwell(upstream: Upstream, alone: boolean): Obstacle | 'free' | 'probe' {
    let probe = false;
    const cooldown = coolingOf(upstream, shared, model, nowMs);
    if (cooldown !== null) {
      if (cooldownVerdict(cooldown, nowMs) === 'blocked') return cooling(cooldown);
      probe = true;
    }
    // Almost every account has none: asking for its keys is cheaper than asking for each of ours.
    for (const key in upstream.breakers) {
      if (!keys.includes(key)) continue;
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
    if (!holds(mark, nowMs)) continue;
    if (mark.kind === 'model' && mark.subject === model) {
      return obstacle('model_unsupported', mark.reason, mark.untilMs);
    }
    if (mark.kind === 'family' && mark.subject === family) {
      return obstacle('endpoint_unsupported', mark.reason, mark.untilMs);
    }
  }
  return null;
}

function limited(upstream: Upstream, spent: boolean, about: Circumstances): Obstacle | null {
  const limit = spent ? spentLimit(upstream) : null;
  if (limit !== null) {
    return obstacle('limit_reached', `${limit.window}.${limit.amount}`, about.windowEndsMs[limit.window]);
  }
  if (about.priceKnown || !about.refuseUnknownPrice) return null;
  const { day, month } = upstream.account.limits;
  const counted = day?.cost !== undefined || month?.cost !== undefined;
  return counted ? obstacle('price_unknown', about.model) : null;
}

/** Cooldowns by organisation, and in it by project; the empty project stands for the organisation's purse. */
type SharedCooldowns = ReadonlyMap<string, ReadonlyMap<string, Cooldown>>;
const PURSE = '';

/** What accounts of one bucket or one purse share. Null when nobody cools down, which is almost always. */
function sharedCooldowns(
  upstreams: readonly Upstream[],
  model: string | null,
  nowMs: number,
): SharedCooldowns | null {
  let shared: Map<string, Map<string, Cooldown>> | null = null;
  for (const upstream of upstreams) {
    for (const key in upstream.cooldowns) {
      if (key !== WHOLE && key !== model) continue;
      const cooldown = upstream.cooldowns[key];
      if (cooldown === undefined || cooldownVerdict(cooldown, nowMs) === 'free') continue;
      const organization = organizationOf(upstream);
      if (organization === null) continue;
      shared ??= new Map();
      const ofOrganization = shared.get(organization) ?? new Map<string, Cooldown>();
      shared.set(organization, ofOrganization);
      const project = projectOf(upstream);
      if (project !== null) keepLonger(ofOrganization, project, cooldown);
      if (cooldown.cause === 'quota' && isOrganizationWide(cooldown.code)) {
        keepLonger(ofOrganization, PURSE, cooldown);
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
  let own: Cooldown | null = null;
  for (const key in upstream.cooldowns) {
    if (key === WHOLE || key === model) own = longer(own, upstream.cooldowns[key], nowMs);
  }
  // Its own hourly probe counts, not when its neighbour may try.
  if (shared === null || own?.cause === 'quota') return own;
  const organization = organizationOf(upstream);
  const ofOrganization = organization === null ? undefined : shared.get(organization);
  if (ofOrganization === undefined) return own;
  const project = projectOf(upstream);
  const ofProject = project === null ? undefined : ofOrganization.get(project);
  return longer(longer(own, ofProject, nowMs), ofOrganization.get(PURSE), nowMs);
}

function longer(a: Cooldown | null, b: Cooldown | undefined, nowMs: number): Cooldown | null {
  if (b === undefined || cooldownVerdict(b, nowMs) === 'free') return a;
  return a === null || b.untilMs > a.untilMs ? b : a;
}

function keepLonger(map: Map<string, Cooldown>, key: string, cooldown: Cooldown): void {
  const known = map.get(key);
  if (known === undefined || known.untilMs < cooldown.untilMs) map.set(key, cooldown);
}

function isOrganizationWide(code: string): boolean {
  return code.startsWith('organization_') || code === 'credit_balance_exhausted';
}
