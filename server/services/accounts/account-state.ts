/**
 * What an account is doing, in one word: a pure function of its frozen Upstream, so that every face says the
 * same. The most serious thing wins: what only a human can mend comes before what mends itself.
 */
import type { WindowUses } from '../../../lib/metering/limit.ts';
import { LIMIT_WINDOWS } from '../../../lib/metering/limit.ts';
import type { Cooldown } from '../../../lib/resilience/cooldown.ts';
import { countedBy } from '../../../lib/resilience/health.ts';
import type { HeaderLimit, Upstream } from '../../../lib/routing/upstream.ts';
import type { AccountStateView } from '../../../lib/wire/account-views.ts';

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
  if (last === null) return null;
  const where = last.model === '' ? '' : ` for ${last.model}`;
  if (last.cause === 'quota') {
    return {
      word: 'out_of_quota',
      reason: `The provider says that the credit or quota is used up${where} (${last.code}).`,
      untilMs: last.untilMs,
    };
  }
  const wait = last.guessed ? 'without saying for how long' : 'and said for how long';
  return {
    word: 'cooling_down',
    reason: `The provider answered "too many requests"${where}, ${wait}.`,
    untilMs: last.untilMs,
  };
}

const HAPPENED = {
  failures: 'Several calls in a row failed',
  silence: 'Several calls in a row were not answered in time',
  proxy: 'Its outbound proxy failed several times in a row',
} as const;

function unwell(upstream: Upstream, nowMs: number): AccountStateView | null {
  for (const [key, breaker] of Object.entries(upstream.breakers)) {
    if (breaker.state !== 'open' && breaker.state !== 'half_open') continue;
    const { what, model } = countedBy(key);
    const happened = model === null ? HAPPENED[what] : `${HAPPENED[what]} for ${model}`;
    return {
      word: 'unwell',
      reason:
        breaker.state === 'open'
          ? `${happened}; it is left alone for a while.`
          : `${happened}; the next call tries it again.`,
      untilMs: breaker.state === 'open' && breaker.untilMs > nowMs ? breaker.untilMs : null,
    };
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
  if (figure.fullAtMs !== null && figure.fullAtMs <= nowMs) return null;
  return 1 - figure.remaining / figure.limit;
}
