/**
 * What a client key's own rules say of a call before any account is looked at: its model has to be known, its
 * service tier and its reasoning effort allowed, its price known where money is counted. Nothing is rewritten.
 * A call that names no tier or no effort is the provider's default and passes; `auto` is another way to name none.
 */
import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { CamError } from '../../lib/errors.ts';
import { limitsKind } from '../../lib/metering/client-limits.ts';

/** @param refusesUnpriced asked only when the key has a money limit: this model's price is unknown and that is a no */
export function admit(call: Call, caller: Caller, refusesUnpriced: () => boolean): void {
  if (call.endpoint.treatment !== 'inference') return;
  requireModel(call, caller);
  const { facts } = call;
  if (facts !== null) {
    if (caller.serviceTiers !== null) requireTier(facts.serviceTier, caller.serviceTiers);
    if (caller.reasoningEfforts !== null) requireEfforts(facts.reasoningEfforts, caller.reasoningEfforts);
  }
  if (limitsKind(caller.limits, 'cost') && refusesUnpriced()) {
    throw new CamError(
      'price_unknown',
      `This client key has a money limit, and the price of ${call.model === null ? 'a call without a model' : `the model "${call.model.slice(0, 100)}"`} is not known.`,
      { param: 'model' },
    );
  }
}

/** A key that is tied to models cannot be held to them by a call that names none. */
function requireModel({ model }: Call, { models, limits }: Caller): void {
  if (model !== null || (models.length === 0 && limits.byModel === undefined)) return;
  throw new CamError('missing_model', 'This client key is tied to models, and the call does not name one.', {
    param: 'model',
  });
}

function requireTier(tier: string | null, allowed: readonly string[]): void {
  if (tier === null || tier === 'auto' || allowed.includes(tier)) return;
  throw new CamError(
    'service_tier_not_allowed',
    `This client key may not ask for the service tier "${tier.slice(0, 40)}". ${sayAllowed(allowed)}`,
    { param: 'service_tier', details: { allowed } },
  );
}

function requireEfforts(efforts: readonly string[], allowed: readonly string[]): void {
  const other = efforts.find((effort) => !allowed.includes(effort));
  if (other === undefined) return;
  throw new CamError(
    'reasoning_effort_not_allowed',
    `This client key may not ask for the reasoning effort "${other.slice(0, 40)}". ${sayAllowed(allowed)}`,
    { param: 'reasoning_effort', details: { allowed } },
  );
}

function sayAllowed(allowed: readonly string[]): string {
  return allowed.length === 0 ? 'It may name none.' : `Allowed: ${allowed.join(', ')}; or none named.`;
}
