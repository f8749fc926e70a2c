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
import type { Attempt } from '../../lib/routing/attempt.ts';
import { nothingLeft } from '../../lib/routing/nothing-left.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import { sayAttempts, whoWasTried } from '../../lib/routing/say-attempts.ts';
import { codingOf } from '../upstream/content.ts';
import type { Forwarded } from './forward.ts';

type Shown = NonNullable<Extract<Forwarded, { kind: 'failure' }>['answer']>;

export type FinalAnswer =
  | {
      readonly kind: 'upstreams';
      readonly answer: Shown;
    }
  | { readonly kind: 'ours'; readonly error: CamError };

export interface FinalAnswerContext {
  readonly call: Call;
  readonly caller: Caller;
  readonly attempts: readonly Attempt[];
  /** The same question asked again, now that the failures are known. */
  readonly replan: () => RoutePlan;
  readonly nowMs: number;
}

/** About one account, and therefore never shown as they are. */
const ABOUT_ACCOUNT = new Set<Failure['class']>(['rate_limit', 'quota', 'credential', 'proxy']);
/** About some accounts and not others: what is refused here may be served there. */
const ABOUT_SOME = new Set<Failure['class']>(['scope', 'too_large_for_limit']);
const ITS_OWN_FAULT = new Set<Failure['class']>(['caller_fault', 'policy', 'unknown']);
const RETRY_AFTER_MS = 1_000;
const NETWORK_RETRY_AFTER_MS = 2_000;

export function finalAnswer(
  forwarded: Exclude<Forwarded, { kind: 'delivery' } | { kind: 'abandoned' }>,
  context: FinalAnswerContext,
): FinalAnswer {
  if (forwarded.kind === 'unreachable') return ours(networkUnreachable(context.attempts));
  if (forwarded.kind === 'nobody') return ours(nobody(context));
  const { failure, answer, why } = forwarded;
  if (why === 'attempts_used_up' && ABOUT_SOME.has(failure.class) && someUntried(context))
    return ours(justNow(context));
  if (ABOUT_ACCOUNT.has(failure.class) || isOneOfSeveral(failure, context.attempts))
    return ours(aboutAccounts(failure, context));
  return answer && isFitToShow(failure, answer)
    ? { kind: 'upstreams', answer }
    : ours(inOurWords(failure, context));
}

/** What these accounts cannot do is no answer while there are others who were not asked. */
function someUntried({ attempts, replan }: FinalAnswerContext): boolean {
  return replan().candidates.some(({ accountId }) => attempts.every((one) => one.accountId !== accountId));
}

/** What one account may not do is the answer only when every account that was asked said so. */
function isOneOfSeveral(failure: Failure, attempts: readonly Attempt[]): boolean {
  return failure.class === 'scope' && attempts.some((one) => one.failure?.class !== 'scope');
}

/** Said by the provider itself, in words, and about nothing that is an account's alone. */
function isFitToShow(failure: Failure, { status, headers, body }: Shown): boolean {
  // Compressed although it was asked not to be: what it quotes cannot be told.
  if (codingOf(headers) !== null) return false;
  if (failure.class === 'too_large_for_limit' || failure.code.startsWith('html_')) return false;
  // A 200 that says that it failed is shown where it is the client's business; else a status says it better.
  if ((body.length === 0 || status < 300) && !ITS_OWN_FAULT.has(failure.class)) return false;
  // A client would take it for its own key.
  if (failure.class === 'scope' && status === 401) return false;
  return !quotesAnAccount(body.toString('utf8'));
}

function ours(error: CamError): FinalAnswer {
  return { kind: 'ours', error };
}

/** Our own network: the client waits two seconds and asks again. */
function networkUnreachable(attempts: readonly Attempt[]): CamError {
  const last = attempts.at(-1)?.failure ?? null;
  const unsent = attempts.every(({ failure }) => failure?.phase === 'connect') ? ' Nothing was sent.' : '';
  const why = last === null ? '' : ` Last: ${last.summary}`;
  const hint = last !== null && isTlsCode(last.code) ? WHAT_HELPS.upstream_tls : undefined;
  return new CamError(
    'network_unreachable',
    `No provider can be reached: this machine's network seems to be down.${unsent}${why}`,
    { retryAfterMs: NETWORK_RETRY_AFTER_MS, ...(hint ? { hint } : {}) },
  );
}

function nobody(context: FinalAnswerContext): CamError {
  return leftOut(context) ?? justNow(context);
}

function aboutAccounts(failure: Failure, context: FinalAnswerContext): CamError {
  const left = leftOut(context);
  if (left !== null) return left;
  if (failure.class !== 'credential') return justNow(context);
  const { sentence, details } = tried(context);
  return new CamError(
    'upstream_credential',
    `The provider refused the account's key. ${failure.summary}${sentence}`,
    {
      details,
      hint: 'Put in a new key on the page /admin/accounts, or ask with "cam test NAME" whether this one is accepted.',
    },
  );
}

/** Null while there are accounts that could take it. */
function leftOut({ call, caller, attempts, replan, nowMs }: FinalAnswerContext): CamError | null {
  const plan = replan();
  return plan.candidates.length === 0 ? nothingLeft(plan, caller, call.model, nowMs, attempts.length) : null;
}

/** Others could serve it; this call has used up what one call may cost. */
function justNow(context: FinalAnswerContext): CamError {
  const { attempts, caller } = context;
  const reasons = sayAttempts(attempts, caller.scopes.includes('see_accounts'));
  return new CamError('all_accounts_unusable', `No account could serve this call just now.${reasons}`, {
    retryAfterMs: RETRY_AFTER_MS,
    details: tried(context).details,
    hint: someUntried(context)
      ? 'Another try goes to other accounts first.'
      : '"cam status" tells how the accounts are.',
  });
}

function inOurWords(failure: Failure, context: FinalAnswerContext): CamError {
  const code = codeFor(failure);
  const hint = WHAT_HELPS[code];
  const { sentence, details } = tried(context);
  return new CamError(code, `${failure.summary}${sentence}`, {
    details,
    ...(failure.toldWaitMs === null ? {} : { retryAfterMs: failure.toldWaitMs }),
    ...(hint ? { hint } : {}),
  });
}

function tried({ attempts, caller }: FinalAnswerContext): ReturnType<typeof whoWasTried> {
  return whoWasTried(attempts, caller.scopes.includes('see_accounts'));
}

/** What the user can do about it. Worded so that no agent takes it for something that passes by itself. */
const WHAT_HELPS: { readonly [Code in ErrorCode]?: string } = {
  upstream_tls:
    "Check the account's base URL; where a company inspects traffic, name its certificate with NODE_EXTRA_CA_CERTS.",
  too_large_for_limit: 'Send less at once, or add an account with a higher limit.',
  upstream_timeout: 'Another account would help, or a longer upstream.first_byte_ms and upstream.idle_ms.',
  upstream_error: 'It is the provider that failed; "cam status" tells how the accounts are.',
  model_not_found: 'Check the name of the model, or let an account serve it on the page /admin/accounts.',
  upstream_credential: 'Give the key that permission at the provider, then "cam clear NAME".',
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
      return failure.mark?.kind === 'model' ? 'model_not_found' : 'upstream_credential';
    case 'too_large_for_limit':
      return 'too_large_for_limit';
    case 'caller_fault':
    case 'policy':
      return CALLER_FAULTS.get(failure.status) ?? 'invalid_request';
    case 'state_elsewhere':
      return 'account_pinned_unusable';
    default:
      return 'upstream_error';
  }
}

const CALLER_FAULTS: ReadonlyMap<number | null, ErrorCode> = new Map([
  [404, 'not_found'],
  [413, 'body_too_large'],
]);
