/**
 * Where a call belongs, and how strongly.
 * hard: only one account (the owner of a stored object, the fixed account) or one organisation (the one that
 * sealed a compaction) can serve it. organisation: encrypted reasoning is readable where it was sealed; going
 * elsewhere means removing it. soft: prompt caches live where the conversation lives.
 */
import type { AccountId } from '../base/id.ts';
import { keepsObjectsOf, sealerOf } from './limit-group.ts';
import { leftOut } from './obstacles.ts';
import type { LeftOut } from './plan.ts';
import type { Home, PlanInput } from './plan-input.ts';
import type { Standing } from './standing.ts';
import type { Upstream } from './upstream.ts';

export const OWNED_ELSEWHERE = 'another account owns what it names';
export const NOT_FIXED = 'not the fixed account for such calls';

/** How many tiers there are. */
export const TIERS = 16;

/** How much further back stands who has too little left for the call, and who cannot read its reasoning. */
const SHORT = 5;
const FOREIGN = 8;

export interface Affinity {
  readonly hard: 'owner' | 'organization' | 'fixed' | null;
  /** The conversation's home, or its parent's when it has none yet; null without affinity. */
  readonly home: Home | null;
  /** The account that is the home; undefined while it is none of those here. */
  readonly homeUpstream: Upstream | undefined;
  readonly homeIsParents: boolean;
  /** Who sealed the encrypted content that the call carries; null when it carries none or nobody knows. */
  readonly sealedBy: string | null;
  /** This account cannot read the newest encrypted reasoning. */
  isForeign(standing: Pick<Standing, 'sealer'>): boolean;
  /** Several sealed its reasoning: wherever it goes, what others sealed has to be removed first. */
  readonly mixed: boolean;
  /**
   * How far back a candidate stands: 0 is the home; then accounts with room before those that are down to the
   * reserve, each with the organisation first that served last, because it has the prompt cache; then, the home first
   * again, those whose limits leave too little for the call; then, in the same order, those that cannot read the
   * reasoning.
   * @param foreign see `isForeign`; asked once for each account, because comparing names is what a plan over many costs
   */
  tierOf(standing: Standing, foreign: boolean, intoReserve: boolean, short: boolean): number;
  /** Why this account may not serve the call although it is well; null when it may. */
  excludes(standing: Standing): LeftOut | null;
}

export function settleAffinity(input: PlanInput): Affinity {
  const { call, upstreams, owner, config } = input;
  const fixed = call.endpoint.treatment === 'fixed' ? fixedAccount(input) : null;
  const known = config.routing.affinity === 'off' ? null : input.home;
  const home = known ?? (config.routing.affinity === 'off' ? null : input.parentHome);
  const homeUpstream = home === null ? undefined : byId(upstreams, home.accountId);
  const served = lastServed(input, home === input.home ? homeUpstream : undefined);
  const sealedBy = sealsReasoning(call) ? reasoningSealer(input, served) : null;
  // The history's own seal is believed first: it may be older than the last move.
  const historyBy = sealsHistory(call) ? (input.historySealedBy ?? served ?? input.sealedBy) : null;
  const refuse = config.routing.reasoning_failover === 'refuse';
  const mixed = !refuse && sealedBy !== null && (input.home?.mixed ?? false);

  // Where the newest prompt cache is: while the home is away, the conversation stays where it went meanwhile.
  const cachedBy = home?.organization ?? (homeUpstream === undefined ? null : sealerOf(homeUpstream));

  const isForeign = ({ sealer }: Pick<Standing, 'sealer'>) => sealedBy !== null && sealer !== sealedBy;
  // Nearly always the prompt cache is where the reasoning was sealed.
  const isAway = ({ sealer }: Standing, foreign: boolean) => {
    if (cachedBy === null) return true;
    return cachedBy === sealedBy ? foreign : sealer !== cachedBy;
  };
  const anywhere = owner === null && fixed === null && historyBy === null && !refuse;

  return {
    hard: hardness(call, owner !== null, historyBy !== null),
    home,
    homeUpstream,
    homeIsParents: known === null && home !== null,
    sealedBy,
    isForeign,
    mixed,
    tierOf(standing, foreign, intoReserve, short) {
      const { upstream } = standing;
      if (owner !== null) return upstream.account.id === owner.accountId ? 0 : 1;
      const behind = (foreign ? FOREIGN : 0) + (short ? SHORT : 0);
      if (upstream === homeUpstream) return behind;
      return behind + 1 + (intoReserve && !short ? 2 : 0) + (isAway(standing, foreign) ? 1 : 0);
    },
    excludes(standing) {
      if (anywhere) return null;
      const { upstream, sealer } = standing;
      if (owner !== null)
        return keepsObjectsOf(upstream, owner) ? null : elsewhere(upstream, OWNED_ELSEWHERE);
      if (fixed !== null) return upstream === fixed ? null : elsewhere(upstream, NOT_FIXED);
      if (historyBy !== null && sealer !== historyBy)
        return elsewhere(upstream, 'another organization sealed the compacted history');
      if (refuse && isForeign(standing))
        return elsewhere(upstream, 'another organization sealed the reasoning');
      return null;
    },
  };
}

function hardness(call: PlanInput['call'], owned: boolean, sealedHistory: boolean): Affinity['hard'] {
  if (owned) return 'owner';
  if (call.endpoint.treatment === 'fixed') return 'fixed';
  return sealedHistory ? 'organization' : null;
}

const elsewhere = (upstream: Upstream, detail: string): LeftOut =>
  leftOut(upstream, 'owned_elsewhere', detail);

function byId(upstreams: readonly Upstream[], id: AccountId): Upstream | undefined {
  return upstreams.find(({ account }) => account.id === id);
}

/** The organisation that served the conversation last; one that was never learned stands for its account. */
function lastServed(
  { home, sealedBy, upstreams }: PlanInput,
  homeUpstream: Upstream | undefined,
): string | null {
  if (home === null) return null;
  if (home.organization !== null) return home.organization;
  const account = homeUpstream ?? byId(upstreams, home.accountId);
  return sealedBy ?? (account === undefined ? null : sealerOf(account));
}

/**
 * Known from where the conversation was last served, else from the sealed text itself. In a mixed conversation
 * the text is believed first: its newest reasoning need not be of the organisation that served last.
 */
function reasoningSealer({ home, sealedBy }: PlanInput, served: string | null): string | null {
  return home?.mixed ? (sealedBy ?? served) : (served ?? sealedBy);
}

function sealsReasoning({ facts }: PlanInput['call']): boolean {
  return facts !== null && facts.sealedReasoning !== null;
}

function sealsHistory({ facts }: PlanInput['call']): boolean {
  return facts?.hasCompaction ?? false;
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
