/**
 * What an account is doing, in one word: a pure function of its frozen Upstream, so that every face says the
 * same. The most serious thing wins: what only a human can mend comes before what mends itself.
 */
import type { WindowUses } from '../../../lib/metering/limit.ts';
import { LIMIT_WINDOWS } from '../../../lib/metering/limit.ts';
import type { Cooldown } from '../../../lib/resilience/cooldown.ts';
import type { HeaderLimit, Upstream } from '../../../lib/routing/upstream.ts';
import { isPastReset } from '../../../lib/routing/utilization.ts';
import type { AccountStateView } from '../../../lib/wire/account-views.ts';
import { sayBreaker, sayCooldown } from './account-troubles.ts';

const NEAR = 0.9;
const KINDS = ['requests', 'tokens', 'cost'] as const;
const KIND_WORDS = { requests: 'request', tokens: 'token', cost: 'spending' } as const;

type Reset = (window: (typeof LIMIT_WINDOWS)[number]) => number;

/** @param resetsAtMs when a limit's window ends, in the configured time zone */
export function accountState(upstream: Upstream, resetsAtMs: Reset, nowMs: number): AccountStateView {
  return (
    mendedByHand(upstream) ??
    overLimit(upstream, resetsAtMs) ??
    coolingDown(upstream, nowMs) ??
    unwell(upstream, nowMs) ??
    nearLimit(upstream, nowMs) ??
    (upstream.lastUsedAtMs === null ? plain('unused', 'No call has gone to it yet.') : plain('healthy', null))
  );
}

const plain = (word: AccountStateView['word'], reason: string | null): AccountStateView => ({
  word,
  reason,
  untilMs: null,
});

function mendedByHand(upstream: Upstream): AccountStateView | null {
  if (!upstream.intact) {
    return plain('quarantined', 'Its row was changed outside this program. Remove it and add it again.');
  }
  if (!upstream.account.enabled) return plain('disabled', 'Switched off by hand.');
  if (upstream.credentialRefused !== null) return plain('credential_refused', upstream.credentialRefused);
  if (upstream.breakers['']?.state === 'isolated') return plain('paused', 'Paused by hand.');
  return null;
}

function overLimit(upstream: Upstream, resetsAtMs: Reset): AccountStateView | null {
  for (const window of LIMIT_WINDOWS) {
    for (const kind of KINDS) {
      const limit = upstream.account.limits[window]?.[kind];
      if (limit === undefined || upstream.used[window][kind] < limit) continue;
      return {
        word: 'limit_reached',
        reason: `The ${KIND_WORDS[kind]} limit you set for the ${window} is used up.`,
        untilMs: resetsAtMs(window),
      };
    }
  }
  return null;
}

/** A cooldown of one model leaves the rest of the account serving; it is told, not alarmed about. */
function coolingDown(upstream: Upstream, nowMs: number): AccountStateView | null {
  let last: (Cooldown & { model: string }) | null = null;
  for (const [model, cooldown] of Object.entries(upstream.cooldowns)) {
    if (cooldown.untilMs <= nowMs) continue;
    const wider = model === '' && last?.model !== '';
    if (last === null || wider || (model === last.model && cooldown.untilMs > last.untilMs)) {
      last = { ...cooldown, model };
    }
  }
  return last === null ? null : sayCooldown(last.model, last);
}

function unwell(upstream: Upstream, nowMs: number): AccountStateView | null {
  for (const [key, breaker] of Object.entries(upstream.breakers)) {
    const said = sayBreaker(key, breaker, nowMs);
    if (said !== null) return said;
  }
  return null;
}

function nearLimit(upstream: Upstream, nowMs: number): AccountStateView | null {
  const own = highestOwnShare(upstream.account.limits, upstream.used);
  if (own !== null && own.share >= NEAR) {
    return plain('near_limit', `${Math.floor(own.share * 100)} % of the ${own.what} is used.`);
  }
  for (const [bucket, figure] of Object.entries(upstream.headerLimits)) {
    const share = headerShare(figure, nowMs);
    if (share === null || share < NEAR) continue;
    return {
      word: 'near_limit',
      reason: `${Math.floor(share * 100)} % of the provider's limit on ${bucket} is used.`,
      untilMs: figure.fullAtMs,
    };
  }
  return null;
}

function highestOwnShare(
  limits: Upstream['account']['limits'],
  used: WindowUses,
): { share: number; what: string } | null {
  let highest: { share: number; what: string } | null = null;
  for (const window of LIMIT_WINDOWS) {
    for (const kind of KINDS) {
      const limit = limits[window]?.[kind];
      if (limit === undefined) continue;
      const share = used[window][kind] / limit;
      if (highest === null || share > highest.share) {
        highest = { share, what: `${KIND_WORDS[kind]} limit you set for the ${window}` };
      }
    }
  }
  return highest;
}

/** Past its reset a figure of the provider's says nothing any more. */
function headerShare(figure: HeaderLimit, nowMs: number): number | null {
  if (figure.limit === null || figure.remaining === null || figure.limit <= 0) return null;
  if (isPastReset(figure, nowMs)) return null;
  return 1 - figure.remaining / figure.limit;
}
