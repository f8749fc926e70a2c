/**
 * How an account stands, whatever the call: what a plan wants to know of every account, worked out when the account
 * changes and not for each call.
 */
import { type ModelScope, modelScopeOf } from '../accounts/models-scope.ts';
import type { Cooldown } from '../resilience/cooldown.ts';
import { organizationOf, projectOf, sealerOf } from './limit-group.ts';
import type { Candidate } from './plan.ts';
import type { Ranked } from './plan-input.ts';
import { mixHash } from './strategies/strategy.ts';
import type { Upstream } from './upstream.ts';
import { holdsWhile, type Utilization, utilizationOf } from './utilization.ts';

export interface Standing extends Utilization {
  readonly upstream: Upstream;
  /** Nothing but a cooldown stands in the way of any model in its scope: no need to look for what else does. */
  readonly calm: boolean;
  /** Null when it serves every model. */
  readonly scope: ModelScope | null;
  readonly organization: string | null;
  /** A hash of the organisation, below `LOTS`; accounts of one organisation have one lot, and seldom do others. */
  readonly organizationLot: number;
  readonly project: string | null;
  /** See `sealerOf`. */
  readonly sealer: string;
  /** Its cooldowns by model, over or not; the empty string is the account as a whole. */
  readonly cooldowns: readonly { readonly of: string; readonly cooldown: Cooldown }[];
  /** How it stands in a plan where nothing is special about it, which is almost always. */
  readonly plain: Ranked;
  /** The same where reasoning has to be removed first. */
  readonly stripped: Ranked;
}

/** A power of two, and far more than there are accounts. */
export const LOTS = 8_192;

interface Known {
  readonly inFlightMax: number;
  /** Time alone changes nothing from `fromMs` until before `untilMs`. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly standing: Standing;
}

/** An upstream is a frozen value, and of many accounts few change from one call to the next. */
const known = new WeakMap<Upstream, Known>();

/** @param inFlightMax calls that may be under way on one account */
export function standingOf(upstream: Upstream, nowMs: number, inFlightMax: number): Standing {
  const last = known.get(upstream);
  if (
    last !== undefined &&
    last.inFlightMax === inFlightMax &&
    last.fromMs <= nowMs &&
    nowMs < last.untilMs
  ) {
    return last.standing;
  }
  const standing = workOut(upstream, nowMs, inFlightMax);
  known.set(upstream, { inFlightMax, ...holdsWhile(upstream, nowMs), standing });
  return standing;
}

function workOut(upstream: Upstream, nowMs: number, inFlightMax: number): Standing {
  const { account } = upstream;
  const organization = organizationOf(upstream);
  const { share, decidedBy, spent } = utilizationOf(upstream, nowMs, inFlightMax);
  const candidate: Candidate = {
    accountId: account.id,
    name: account.name,
    utilization: share,
    decidedBy,
    stripReasoning: false,
    probe: false,
  };
  const plain: Ranked = {
    upstream,
    hundredths: share === null ? 0 : Math.floor(share * 100),
    lot: mixHash(account.id, 0),
    candidate,
  };
  return {
    upstream,
    share,
    decidedBy,
    spent,
    calm: !spent && upstream.inFlight < inFlightMax && isCalm(upstream),
    scope: modelScopeOf(account.models),
    organization,
    organizationLot: mixHash(organization ?? '', 0) % LOTS,
    project: projectOf(upstream),
    sealer: sealerOf(upstream),
    cooldowns: Object.entries(upstream.cooldowns).map(([of, cooldown]) => ({ of, cooldown })),
    plain,
    stripped: { ...plain, candidate: { ...candidate, stripReasoning: true } },
  };
}

function isCalm({ account, intact, credentialRefused, marks, breakers }: Upstream): boolean {
  if (!intact || !account.enabled || credentialRefused !== null || marks.length > 0) return false;
  return Object.keys(breakers).length === 0;
}
