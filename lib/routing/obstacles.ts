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
import { holds } from './mark-key.ts';
import type { LeftOut, LeftOutReason } from './plan.ts';
import { LOTS, type Standing } from './standing.ts';
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

export interface Inspector {
  /**
   * @param alone nothing else could serve: open breakers let a probe through sooner
   */
  inspect(standing: Standing, alone: boolean): LeftOut | 'free' | 'probe';
}

/** @param standings of all accounts, because some share what cools down */
export function createInspector(standings: readonly Standing[], about: Circumstances): Inspector {
  const { caller, model, family, nowMs } = about;
  const keys = keysOf(model);
  const shared = sharedCooldowns(standings, model, nowMs);
  const allowed = caller.accounts === null ? null : new Set<AccountId>(caller.accounts);
  const callerMayUseModel = modelAllowed(caller.models, model);
  const refusesPrice = !about.priceKnown && about.refuseUnknownPrice;
  const calmIsFree = callerMayUseModel && !refusesPrice;

  return {
    inspect(standing, alone) {
      const { upstream, calm, scope, spent } = standing;
      const { account } = upstream;
      if (allowed !== null && !allowed.has(account.id))
        return leftOut(upstream, 'not_for_this_key', 'account');
      const inScope = scope === null || scope.allows(model);
      if (calm && inScope && calmIsFree) return cooled(standing);
      if (!callerMayUseModel) return leftOut(upstream, 'not_for_this_key', 'model');
      if (!upstream.intact) return leftOut(upstream, 'quarantined');
      if (!account.enabled) return leftOut(upstream, 'disabled');
      if (upstream.credentialRefused !== null)
        return leftOut(upstream, 'disabled', 'the provider does not accept its key');
      if (!inScope) return leftOut(upstream, 'model_not_in_scope', account.models.join(', '));
      return (
        marked(upstream, model, family, nowMs) ?? limited(upstream, spent, about) ?? unwell(standing, alone)
      );
    },
  };

  function unwell(standing: Standing, alone: boolean): LeftOut | 'free' | 'probe' {
    const { upstream } = standing;
    const cooldown = cooled(standing);
    if (typeof cooldown === 'object') return cooldown;
    let probe = cooldown === 'probe';
    // Almost every account has none: asking for its keys is cheaper than asking for each of ours.
    for (const key in upstream.breakers) {
      if (!keys.includes(key)) continue;
      const verdict = breakerVerdict(upstream.breakers[key], nowMs, alone, about.breaker);
      if (verdict.kind === 'isolated') return leftOut(upstream, 'breaker_open', 'paused');
      if (verdict.kind === 'open')
        return leftOut(upstream, 'breaker_open', key === WHOLE ? null : key, verdict.untilMs);
      if (verdict.kind === 'probe') probe = true;
    }
    if (upstream.inFlight >= about.inFlightMax)
      return leftOut(upstream, 'full', `${about.inFlightMax} calls`, nowMs + FULL_MS);
    return probe ? 'probe' : 'free';
  }

  function cooled(standing: Standing): LeftOut | 'free' | 'probe' {
    if (standing.cooldowns.length === 0 && sharesNothing(shared, standing)) return 'free';
    const cooldown = coolingOf(standing, shared, model, nowMs);
    if (cooldown === null) return 'free';
    return cooldownVerdict(cooldown, nowMs) === 'blocked' ? cooling(standing.upstream, cooldown) : 'probe';
  }
}

/** Nobody knows when a call ends; a second later is a good time to look again. */
const FULL_MS = 1_000;

export function leftOut(
  { account }: Upstream,
  reason: LeftOutReason,
  detail: string | null = null,
  untilMs: number | null = null,
): LeftOut {
  return { accountId: account.id, name: account.name, reason, detail, untilMs };
}

function cooling(upstream: Upstream, cooldown: Cooldown): LeftOut {
  return leftOut(
    upstream,
    'cooling_down',
    cooldown.code,
    Math.min(cooldown.untilMs, cooldown.probeAtMs ?? cooldown.untilMs),
  );
}

function marked(upstream: Upstream, model: string | null, family: string, nowMs: number): LeftOut | null {
  for (const mark of upstream.marks) {
    if (!holds(mark, nowMs)) continue;
    if (mark.kind === 'model' && mark.subject === model) {
      return leftOut(upstream, 'model_unsupported', mark.reason, mark.untilMs);
    }
    if (mark.kind === 'family' && mark.subject === family) {
      return leftOut(upstream, 'endpoint_unsupported', mark.reason, mark.untilMs);
    }
  }
  return null;
}

function limited(upstream: Upstream, spent: boolean, about: Circumstances): LeftOut | null {
  const limit = spent ? spentLimit(upstream) : null;
  if (limit !== null) {
    return leftOut(
      upstream,
      'limit_reached',
      `${limit.window}.${limit.amount}`,
      about.windowEndsMs[limit.window],
    );
  }
  if (about.priceKnown || !about.refuseUnknownPrice) return null;
  const { day, month } = upstream.account.limits;
  const counted = day?.cost !== undefined || month?.cost !== undefined;
  return counted ? leftOut(upstream, 'price_unknown', about.model) : null;
}

/** What cools down in an organisation: by project, and for all of it, which is its purse. */
interface SharedCooldowns {
  purse: Cooldown | undefined;
  /** Nearly every organisation has one project here, so the first needs no map. */
  project: string | null;
  ofProject: Cooldown | undefined;
  ofOthers: Map<string, Cooldown> | undefined;
}

interface Shared {
  readonly byOrganization: ReadonlyMap<string, SharedCooldowns>;
  /** How many accounts drew each lot, two at most: the organisation of the only one has no other account here. */
  readonly crowd: Uint8Array;
}

/** What accounts of one bucket or one purse share. Null when nobody who may share cools down: almost always. */
function sharedCooldowns(standings: readonly Standing[], model: string | null, nowMs: number): Shared | null {
  if (standings.every(({ cooldowns }) => cooldowns.length === 0)) return null;
  const crowd = crowdOf(standings);
  let byOrganization: Map<string, SharedCooldowns> | null = null;
  for (const { cooldowns, organization, organizationLot, project } of standings) {
    if (cooldowns.length === 0 || organization === null || crowd[organizationLot] === 1) continue;
    for (const { of, cooldown } of cooldowns) {
      if ((of !== WHOLE && of !== model) || cooldownVerdict(cooldown, nowMs) === 'free') continue;
      byOrganization ??= new Map();
      let shared = byOrganization.get(organization);
      if (shared === undefined) {
        shared = { purse: undefined, project: null, ofProject: undefined, ofOthers: undefined };
        byOrganization.set(organization, shared);
      }
      if (project !== null) keepOfProject(shared, project, cooldown);
      if (cooldown.cause === 'quota' && isOrganizationWide(cooldown.code)) {
        shared.purse = later(shared.purse, cooldown);
      }
    }
  }
  return byOrganization === null ? null : { byOrganization, crowd };
}

function crowdOf(standings: readonly Standing[]): Uint8Array {
  const crowd = new Uint8Array(LOTS);
  for (const { organizationLot } of standings) crowd[organizationLot] = crowd[organizationLot] === 0 ? 1 : 2;
  return crowd;
}

function sharesNothing(shared: Shared | null, { organizationLot }: Standing): boolean {
  return shared === null || shared.crowd[organizationLot] === 1;
}

function keepOfProject(shared: SharedCooldowns, project: string, cooldown: Cooldown): void {
  shared.project ??= project;
  if (shared.project === project) shared.ofProject = later(shared.ofProject, cooldown);
  else {
    shared.ofOthers ??= new Map();
    shared.ofOthers.set(project, later(shared.ofOthers.get(project), cooldown));
  }
}

const ofProject = (shared: SharedCooldowns, project: string): Cooldown | undefined =>
  shared.project === project ? shared.ofProject : shared.ofOthers?.get(project);

/** Its own cooldown or that of an account it shares a bucket or a purse with. */
function coolingOf(
  standing: Standing,
  shared: Shared | null,
  model: string | null,
  nowMs: number,
): Cooldown | null {
  const { cooldowns, organization, project } = standing;
  let own: Cooldown | null = null;
  for (const { of, cooldown } of cooldowns) {
    if (of === WHOLE || of === model) own = longer(own, cooldown, nowMs);
  }
  // Its own hourly probe counts, not when its neighbour may try.
  if (shared === null || sharesNothing(shared, standing) || own?.cause === 'quota') return own;
  const ofOrganization = organization === null ? undefined : shared.byOrganization.get(organization);
  if (ofOrganization === undefined) return own;
  const theirs = project === null ? undefined : ofProject(ofOrganization, project);
  return longer(longer(own, theirs, nowMs), ofOrganization.purse, nowMs);
}

function longer(a: Cooldown | null, b: Cooldown | undefined, nowMs: number): Cooldown | null {
  if (b === undefined || cooldownVerdict(b, nowMs) === 'free') return a;
  return a === null || b.untilMs > a.untilMs ? b : a;
}

function later(a: Cooldown | undefined, b: Cooldown): Cooldown {
  return a === undefined || a.untilMs < b.untilMs ? b : a;
}

function isOrganizationWide(code: string): boolean {
  return code.startsWith('organization_') || code === 'credit_balance_exhausted';
}
