/**
 * One plain sentence about a failure. It is built from our own words, the provider's code and numbers only: a
 * provider's message may quote a key, an organisation or the request, so it is never repeated here.
 */
import type { SpokenError } from './error-body.ts';
import * as says from './error-texts.ts';
import type { FailureClass, FailureEvidence } from './failure.ts';
import { sayWait, type ToldWait } from './told-wait.ts';
import { sayTransport } from './transport-codes.ts';

export function summarize(
  evidence: FailureEvidence,
  error: SpokenError,
  verdict: FailureClass,
  code: string,
  told: ToldWait | null,
): string {
  if (evidence.transportCode !== null && !error.structured) {
    return sayTransport(evidence.transportCode, evidence.phase);
  }
  const answer = evidence.status === null || evidence.status === 200 ? code : `${evidence.status} ${code}`;
  switch (verdict) {
    case 'rate_limit':
      return sayRateLimit(error, code, told);
    case 'too_large_for_limit':
      return sayTooLarge(error.message);
    case 'quota':
      return sayQuota(code);
    case 'credential':
      return sayCredential(error.message, code);
    case 'scope':
      return sayScope(error.message, code, answer);
    case 'state_elsewhere':
      return says.isSealedElsewhere(error.message) || /encrypted/.test(code)
        ? 'The request carries encrypted content that another organization sealed.'
        : `The request refers to something that is not stored at this account (${code}).`;
    case 'policy':
      return `The provider refused the content of the request (${code}).`;
    case 'caller_fault':
      return code === 'unsupported_country_region_territory'
        ? 'The provider does not serve the country that this network is in.'
        : `The provider refused the request itself (${answer}).`;
    case 'proxy':
      return `The outbound proxy refused the connection (${answer}).`;
    case 'overload':
      return error.html
        ? `Something in front of the provider answered with a web page (${answer}).`
        : `The provider is overloaded or has an internal error (${answer}).`;
    default:
      return `The provider gave an answer that is not understood (${answer}).`;
  }
}

function sayRateLimit(error: SpokenError, code: string, told: ToldWait | null): string {
  const limit = says.limitSaid(error.message, error.type);
  const which = limit === null ? 'The rate limit is reached' : `The limit of ${limit} is reached`;
  if (told === null) return `${which} (${code}); the provider did not say for how long.`;
  const clamped = told.clamped ? ` (it said ${told.raw})` : '';
  return `${which}; the provider asks to wait ${sayWait(told.waitMs)}${clamped}.`;
}

function sayTooLarge(message: string): string {
  const limit = says.limitTokens(message);
  const requested = says.requestedTokens(message);
  if (limit === null || requested === null)
    return 'The request is larger than this account takes in a minute.';
  return `The request counts ${requested} tokens and this account takes ${limit} a minute.`;
}

function sayQuota(code: string): string {
  if (/credit|balance/i.test(code)) return `The prepaid credit is used up (${code}).`;
  if (/^project_/i.test(code)) return `The project has reached its spend limit (${code}).`;
  if (/spend_limit|usage_limit|hard_limit/i.test(code))
    return `The organization has reached its spend limit (${code}).`;
  return `The account has no quota left (${code}).`;
}

function sayCredential(message: string, code: string): string {
  if (says.isDeactivated(message) || /deactivated|on_hold/i.test(code)) {
    return `The provider has closed this account (${code}).`;
  }
  if (/billing/i.test(code)) return `Billing is not active for this account (${code}).`;
  if (/organi[sz]ation|project/i.test(code)) {
    return `The key does not belong to the organization or project that is set for it (${code}).`;
  }
  if (/\bip\b/i.test(message))
    return `The provider does not take this key from this network address (${code}).`;
  return `The provider does not accept the key (${code}).`;
}

function sayScope(message: string, code: string, answer: string): string {
  if (says.isUnverified(message))
    return 'The organization must be verified before it may use this model or feature.';
  if (says.isMissingScope(message)) return `The key lacks a permission that this endpoint needs (${code}).`;
  if (/^model_|^deploymentnotfound$/i.test(code) || says.isModelMissing(message)) {
    return `This account has no access to the model (${code}).`;
  }
  return `This account may not make such a request (${answer}).`;
}
