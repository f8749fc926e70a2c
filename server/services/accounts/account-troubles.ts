/** What keeps calls away from an account, breaker by breaker and cooldown by cooldown, in words. */
import type { BreakerState } from '../../../lib/resilience/breaker.ts';
import type { Cooldown } from '../../../lib/resilience/cooldown.ts';
import { countedBy, WHOLE } from '../../../lib/resilience/health.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import type { AccountStateView, ModelTroubleView } from '../../../lib/wire/account-views.ts';

const about = (model: string): string => (model === WHOLE ? '' : ` for ${model}`);

export function sayCooldown(model: string, { cause, code, guessed, untilMs }: Cooldown): AccountStateView {
  if (cause === 'quota') {
    return {
      word: 'out_of_quota',
      reason: `The provider says that the credit or quota is used up${about(model)} (${code}).`,
      untilMs,
    };
  }
  const wait = guessed ? 'without saying for how long' : 'and said for how long';
  return {
    word: 'cooling_down',
    reason: `The provider answered "too many requests"${about(model)}, ${wait}.`,
    untilMs,
  };
}

const HAPPENED = {
  failures: 'Several calls in a row failed',
  silence: 'Several calls in a row were not answered in time',
  proxy: 'Its outbound proxy failed several times in a row',
} as const;

/** Null while it lets calls through, or when a human paused it. */
export function sayBreaker(key: string, breaker: BreakerState, nowMs: number): AccountStateView | null {
  if (breaker.state !== 'open' && breaker.state !== 'half_open') return null;
  const counted = countedBy(key);
  const what = `${HAPPENED[counted.what]}${about(counted.model ?? WHOLE)}`;
  return {
    word: 'unwell',
    reason:
      breaker.state === 'open'
        ? `${what}; it is left alone for a while.`
        : `${what}; the next call tries it again.`,
    untilMs: breaker.state === 'open' && breaker.untilMs > nowMs ? breaker.untilMs : null,
  };
}

/** Of single models, so that each can be cleared on its own; what concerns the whole account is its state. */
export function modelTroubles({ breakers, cooldowns }: Upstream, nowMs: number): ModelTroubleView[] {
  const troubles: ModelTroubleView[] = [];
  for (const [model, cooldown] of Object.entries(cooldowns))
    if (model !== WHOLE && cooldown.untilMs > nowMs)
      troubles.push({ model, ...sayCooldown(model, cooldown) });
  for (const [key, breaker] of Object.entries(breakers)) {
    const { model } = countedBy(key);
    const said = model === null ? null : sayBreaker(key, breaker, nowMs);
    if (model !== null && said !== null) troubles.push({ model, ...said });
  }
  return troubles;
}
