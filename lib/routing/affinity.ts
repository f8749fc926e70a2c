/**
 * Where a call belongs, and how strongly.
 * hard: only one account (the owner of a stored object, the fixed account) or one organisation (the one that
 * sealed a compaction) can serve it. organisation: encrypted reasoning is readable where it was sealed; going
 * elsewhere means removing it. soft: prompt caches live where the conversation lives.
 */
import type { Call } from '../calls/call.ts';
import { sealerOf } from './limit-group.ts';
import type { Obstacle } from './obstacles.ts';
import type { Home, PlanInput } from './plan-input.ts';
import type { Upstream } from './upstream.ts';

/** How many tiers there are. */
export const TIERS = 13;

export interface Affinity {
  readonly hard: 'owner' | 'organization' | 'fixed' | null;
  /** The conversation's home, or its parent's when it has none yet; null without affinity. */
  readonly home: Home | null;
  readonly homeIsParents: boolean;
  /** Who sealed the encrypted content that the call carries; null when it carries none or nobody knows. */
  readonly sealedBy: string | null;
  /** Going to this account means removing encrypted reasoning first. */
  isForeign(upstream: Upstream): boolean;
  /**
   * How far back a candidate stands: 0 is the home; then accounts with room before those that are down to the
   * reserve, each with the organisation first that served last, because it has the prompt cache; then, in the same
   * order, those that cannot read the reasoning.
   */
  tierOf(upstream: Upstream, intoReserve: boolean): number;
  /** Why this account may not serve the call although it is well; null when it may. */
  excludes(upstream: Upstream): Obstacle | null;
}

export function settleAffinity(input: PlanInput): Affinity {
  const { call, upstreams, owner, config } = input;
  const fixed = call.endpoint.treatment === 'fixed' ? fixedAccount(input) : null;
  const known = config.routing.affinity === 'off' ? null : input.home;
  const home = known ?? (config.routing.affinity === 'off' ? null : input.parentHome);
  const sealedBy = sealedOrganization(input, upstreams);
  const hasCompaction = call.facts?.hasCompaction ?? false;
  const refuse = config.routing.reasoning_failover === 'refuse';

  const homeUpstream =
    home === null ? undefined : upstreams.find(({ account }) => account.id === home.accountId);
  // Where the newest prompt cache is: while the home is away, the conversation stays where it went meanwhile.
  const lastServed = home?.organization ?? (homeUpstream === undefined ? null : sealerOf(homeUpstream));
  const sealsReasoning = sealedBy !== null && (call.facts?.sealedReasoning ?? null) !== null;

  const isForeign = (upstream: Upstream) => sealsReasoning && sealerOf(upstream) !== sealedBy;

  return {
    hard: hardness(call, owner !== null, sealedBy !== null && hasCompaction),
    home,
    homeIsParents: known === null && home !== null,
    sealedBy,
    isForeign,
    tierOf(upstream, intoReserve) {
      const behind = isForeign(upstream) ? 8 : 0;
      if (upstream === homeUpstream) return behind;
      const away = sealerOf(upstream) === lastServed ? 0 : 1;
      return behind + 1 + (intoReserve ? 2 : 0) + away;
    },
    excludes(upstream) {
      if (owner !== null)
        return upstream.account.id === owner ? null : elsewhere('another account owns what it names');
      if (fixed !== null)
        return upstream === fixed ? null : elsewhere('not the fixed account for such calls');
      if (sealedBy === null) return null;
      const foreign = sealerOf(upstream) !== sealedBy;
      if (hasCompaction && foreign) return elsewhere('another organization sealed the compacted history');
      if (refuse && isForeign(upstream)) return elsewhere('another organization sealed the reasoning');
      return null;
    },
  };
}

function hardness(call: PlanInput['call'], owned: boolean, sealedHistory: boolean): Affinity['hard'] {
  if (owned) return 'owner';
  if (call.endpoint.treatment === 'fixed') return 'fixed';
  return sealedHistory ? 'organization' : null;
}

function elsewhere(detail: string): Obstacle {
  return { reason: 'owned_elsewhere', detail, untilMs: null };
}

/**
 * Known from where the conversation was last served, else from the sealed text itself. An account whose
 * organisation was never learned stands for itself.
 */
function sealedOrganization(
  { call, home, sealedBy }: PlanInput,
  upstreams: readonly Upstream[],
): string | null {
  if (!carriesSealed(call)) return null;
  if (home === null) return sealedBy;
  if (home.organization !== null) return home.organization;
  const account = upstreams.find((upstream) => upstream.account.id === home.accountId);
  return sealedBy ?? (account === undefined ? null : sealerOf(account));
}

function carriesSealed(call: Pick<Call, 'facts'>): boolean {
  return call.facts !== null && (call.facts.sealedReasoning !== null || call.facts.hasCompaction);
}

/** Lowest priority number, then oldest, then by id; never one that only a human can bring back. */
function fixedAccount({ upstreams, caller }: PlanInput): Upstream | null {
  let fixed: Upstream | null = null;
  for (const upstream of upstreams) {
    const { account } = upstream;
    if (!account.enabled || !upstream.intact || upstream.credentialRefused !== null) continue;
    if (caller.accounts !== null && !caller.accounts.includes(account.id)) continue;
    if (fixed === null || isBefore(upstream, fixed)) fixed = upstream;
  }
  return fixed;
}

function isBefore({ account: a }: Upstream, { account: b }: Upstream): boolean {
  if (a.priority !== b.priority) return a.priority < b.priority;
  if (a.createdAtMs !== b.createdAtMs) return a.createdAtMs < b.createdAtMs;
  return a.id < b.id;
}
