/**
 * What a client gets when no attempt could be delivered. The provider's own answer goes on unchanged where it is
 * the client's business; what is the business of one account (its key, its quota, its limits) becomes a sentence
 * of ours about all accounts, and nothing that quotes a key or an organisation is passed on.
 */

import type { Call } from '../../lib/calls/call.ts';
import type { Caller } from '../../lib/clients/client-key.ts';
import { CamError, type ErrorCode } from '../../lib/errors.ts';
import type { Failure } from '../../lib/resilience/failure.ts';
import { quotesAnAccount } from '../../lib/resilience/scrub.ts';
import { isTlsCode } from '../../lib/resilience/transport-codes.ts';
import { nothingLeft } from '../../lib/routing/nothing-left.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import { type Forwarded, networkUnreachable } from './forward.ts';

export type FinalAnswer =
  | {
      readonly kind: 'upstreams';
      readonly answer: NonNullable<Extract<Forwarded, { kind: 'failure' }>['answer']>;
    }
  | { readonly kind: 'ours'; readonly error: CamError };

export interface FinalAnswerContext {
  readonly call: Call;
  readonly caller: Caller;
  /** The same question asked again, now that the failures are known. */
  readonly replan: () => RoutePlan;
  readonly nowMs: number;
}

/** About one account, and therefore never shown as they are. */
const ABOUT_ACCOUNT = new Set<Failure['class']>(['rate_limit', 'quota', 'credential', 'proxy']);
const RETRY_AFTER_MS = 1_000;

export function finalAnswer(
  forwarded: Exclude<Forwarded, { kind: 'delivery' } | { kind: 'abandoned' }>,
  context: FinalAnswerContext,
): FinalAnswer {
  if (forwarded.kind === 'unreachable') return ours(networkUnreachable());
  if (forwarded.kind === 'nobody') return ours(nobody(context));
  const { failure, answer } = forwarded;
  if (ABOUT_ACCOUNT.has(failure.class)) return ours(aboutAccounts(failure, context));
  if (answer && !quotesAnAccount(answer.body.toString('utf8'))) return { kind: 'upstreams', answer };
  return ours(inOurWords(failure));
}

function ours(error: CamError): FinalAnswer {
  return { kind: 'ours', error };
}

function nobody({ caller, call, replan, nowMs }: FinalAnswerContext): CamError {
  const plan = replan();
  return plan.candidates.length === 0 ? nothingLeft(plan, caller, call.model, nowMs) : justNow();
}

function aboutAccounts(failure: Failure, context: FinalAnswerContext): CamError {
  const plan = context.replan();
  if (plan.candidates.length === 0)
    return nothingLeft(plan, context.caller, context.call.model, context.nowMs);
  if (failure.class === 'credential') {
    return new CamError('upstream_credential', `The provider refused the account's key. ${failure.summary}`);
  }
  return justNow(failure);
}

function justNow(failure?: Failure): CamError {
  const why = failure ? ` Last: ${failure.summary}` : '';
  return new CamError('all_accounts_unusable', `No account could serve this call just now.${why}`, {
    retryAfterMs: failure?.toldWaitMs ?? RETRY_AFTER_MS,
  });
}

function inOurWords(failure: Failure): CamError {
  const code = codeFor(failure);
  const hint = WHAT_HELPS[code];
  return new CamError(code, failure.summary, {
    ...(failure.toldWaitMs === null ? {} : { retryAfterMs: failure.toldWaitMs }),
    ...(hint ? { hint } : {}),
  });
}

/** What the user can do about it. Worded so that no agent takes it for something that passes by itself. */
const WHAT_HELPS: { readonly [Code in ErrorCode]?: string } = {
  upstream_tls:
    "Check the account's base URL; where a company inspects traffic, name its certificate with NODE_EXTRA_CA_CERTS.",
  upstream_unreachable:
    'Check the account\'s base URL with "cam test NAME", and this computer\'s connection.',
};

function codeFor(failure: Failure): ErrorCode {
  switch (failure.class) {
    case 'silence':
      return 'upstream_timeout';
    case 'connect':
      return isTlsCode(failure.code) ? 'upstream_tls' : 'upstream_unreachable';
    case 'scope':
      return 'model_not_found';
    case 'caller_fault':
    case 'policy':
      return failure.status === 404 ? 'not_found' : 'invalid_request';
    case 'state_elsewhere':
      return 'account_pinned_unusable';
    default:
      return 'upstream_error';
  }
}
