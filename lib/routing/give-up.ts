/**
 * What the client gets when every attempt failed: the provider's own answer where it is about the request, an
 * error of ours where it is about an account. One account's refused key, empty purse or throttle is not the
 * client's business, and its text may name a key or an organisation.
 */
import { CamError, type ErrorCode } from '../errors.ts';
import type { Failure, FailureClass } from '../resilience/failure.ts';
import { isTlsCode } from '../resilience/transport-codes.ts';
import { RETRY_AFTER_MAX_MS } from './nothing-left.ts';
import type { Candidate } from './plan.ts';
import { nameOf } from './say-accounts.ts';

export interface FailedAttempt {
  readonly candidate: Pick<Candidate, 'accountId' | 'name'>;
  readonly failure: Failure;
}

export type LastWord =
  /** The provider's answer to this attempt, unchanged; `error` where it cannot be passed on after all. */
  | { readonly kind: 'as_it_came'; readonly index: number; readonly error: CamError }
  | { readonly kind: 'ours'; readonly error: CamError };

/** The most telling first: what the client can act on, before what passes, before what only says "broken". */
const TELLING: readonly FailureClass[] = [
  'policy',
  'caller_fault',
  'unknown',
  'state_elsewhere',
  'too_large_for_limit',
  'rate_limit',
  'overload',
  'scope',
  'silence',
  'connect',
  'proxy',
  'quota',
  'credential',
];

/** Answers about the request or the provider at large. */
const PASSED_ON: readonly FailureClass[] = [
  'policy',
  'caller_fault',
  'unknown',
  'state_elsewhere',
  'too_large_for_limit',
  'scope',
  'overload',
];

/** @param failed in the order of the attempts, at least one */
export function giveUp(failed: readonly FailedAttempt[], seeNames: boolean): LastWord {
  let index = failed.length - 1;
  for (let i = failed.length - 1; i >= 0; i--) if (rank(failed[i]) < rank(failed[index])) index = i;
  const chosen = failed[index];
  if (chosen === undefined)
    return { kind: 'ours', error: new CamError('upstream_error', 'No attempt was made.') };
  const error = ownError(chosen.failure, failed, seeNames);
  const { status } = chosen.failure;
  const hasAnswer = status !== null && status >= 400;
  return hasAnswer && PASSED_ON.includes(chosen.failure.class)
    ? { kind: 'as_it_came', index, error }
    : { kind: 'ours', error };
}

function rank(attempt: FailedAttempt | undefined): number {
  return attempt === undefined ? TELLING.length : TELLING.indexOf(attempt.failure.class);
}

function ownError(failure: Failure, failed: readonly FailedAttempt[], seeNames: boolean): CamError {
  const said = failed.map(
    ({ candidate, failure: each }) => `${nameOf(candidate, seeNames)}: ${each.summary}`,
  );
  const retryAfterMs = soonestWait(failed);
  return new CamError(codeFor(failure), `${openingFor(failure, failed.length)} ${said.join(' ')}`, {
    details: {
      attempts: failed.map(({ candidate, failure: each }) => ({
        account: candidate.accountId,
        ...(seeNames ? { name: candidate.name } : {}),
        class: each.class,
        code: each.code,
        status: each.status,
      })),
    },
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

function codeFor(failure: Failure): ErrorCode {
  switch (failure.class) {
    case 'rate_limit':
      return 'all_accounts_cooling_down';
    case 'quota':
      return 'all_accounts_exhausted';
    case 'credential':
      return 'upstream_credential';
    case 'scope':
      return 'no_account_for_call';
    case 'silence':
      return 'upstream_timeout';
    case 'connect':
      return isTlsCode(failure.code) ? 'upstream_tls' : 'upstream_unreachable';
    case 'proxy':
      return 'upstream_unreachable';
    case 'state_elsewhere':
      return 'account_pinned_unusable';
    default:
      return 'upstream_error';
  }
}

function openingFor(failure: Failure, attempts: number): string {
  const tried = attempts === 1 ? 'The account that was tried' : `All ${attempts} attempts`;
  return failure.class === 'rate_limit' ? `${tried} met a rate limit.` : `${tried} failed.`;
}

/** The shortest wait that any of them named; clients sleep it in full. */
function soonestWait(failed: readonly FailedAttempt[]): number | null {
  const waits = failed.flatMap(({ failure }) => (failure.toldWaitMs === null ? [] : [failure.toldWaitMs]));
  return waits.length === 0 ? null : Math.min(...waits, RETRY_AFTER_MAX_MS);
}
