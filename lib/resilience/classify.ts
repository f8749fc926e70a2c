/**
 * What a failed attempt means: the one place that decides it. `error.code` counts first, then `error.type`,
 * then the status, then the text; text only refines what those leave open, because its wording changes.
 *
 * The class says two things at once: what becomes of the account and whether the call may go elsewhere (see
 * `FailureClass`). A wrong guess here either burns healthy accounts on a client's mistake or shows a client
 * the trouble of one account, so every row of the table has a test.
 */

import { DAY_MS, HOUR_MS } from '../base/time.ts';
import { looksRandom } from '../redaction/key-shapes.ts';
import { readErrorBody, type SpokenError } from './error-body.ts';
import { classOfCode, classOfType, isCertain, isPermanent } from './error-codes.ts';
import * as says from './error-texts.ts';
import type { Failure, FailureClass, FailureEvidence, FailureMark } from './failure.ts';
import { summarize } from './failure-summary.ts';
import { quotesAnAccount } from './scrub.ts';
import { readToldWait } from './told-wait.ts';
import { classOfTransport } from './transport-codes.ts';

const MARK_MS = HOUR_MS;
const VERIFICATION_MARK_MS = DAY_MS;

export function classify(evidence: FailureEvidence): Failure {
  const error = readErrorBody(evidence.body);
  const verdict = decide(evidence, error);
  const code = codeOf(evidence, error, verdict);
  const told = readToldWait(evidence.headers, error.message, evidence.nowMs);
  const requestedTokens = verdict === 'too_large_for_limit' ? says.requestedTokens(error.message) : null;
  return {
    class: verdict,
    phase: evidence.phase,
    status: evidence.status,
    code,
    summary: summarize(evidence, error, verdict, code, told),
    toldWaitMs: told?.waitMs ?? null,
    toldWaitRaw: told?.raw ?? null,
    mark: verdict === 'scope' ? markOf(evidence, error) : null,
    requestedTokens,
    permanent: verdict === 'credential' && (isPermanent(code) || says.isDeactivated(error.message)),
    definite: isDefinite(evidence, error, verdict, code),
  };
}

function decide(evidence: FailureEvidence, error: SpokenError): FailureClass {
  const { transportCode, phase } = evidence;
  const status = evidence.status === 200 ? (error.status ?? 200) : evidence.status;
  // A transport error ends an answer; what the answer had said before counts only if it was a whole error.
  if (transportCode !== null && !error.structured) return classOfTransport(transportCode, phase);
  if (status === 407) return 'proxy';
  const byCode = classOfCode(error.code) ?? classOfType(error.type);
  if (byCode !== null) return refine(byCode, status, error);
  if (error.html) return byPage(status);
  return byText(status, error) ?? byStatus(status, error);
}

/** Codes and types that providers use for more than one thing. */
function refine(byCode: FailureClass, status: number | null, error: SpokenError): FailureClass {
  const { message } = error;
  const certain = isCertain(error.code);
  if (byCode === 'rate_limit') {
    if (says.isTooLargeForLimit(message)) return 'too_large_for_limit';
    if (!certain && says.isQuota(message)) return 'quota';
    return !certain && says.isCapacity(message) ? 'overload' : 'rate_limit';
  }
  // The generic type of server errors stands in front of refusals too.
  if (
    !certain &&
    byCode === 'overload' &&
    status !== null &&
    status >= 400 &&
    status < 500 &&
    status !== 408
  ) {
    return byText(status, error) ?? (status === 429 ? 'overload' : byStatus(status, error));
  }
  if (byCode === 'credential' && says.isMissingScope(message)) return 'scope';
  return byCode;
}

function byText(status: number | null, error: SpokenError): FailureClass | null {
  const { message } = error;
  if (status === 400 || status === 403 || status === 404 || status === 422 || status === 200) {
    if (says.isUnverified(message)) return 'scope';
    if (says.isSealedElsewhere(message) || says.isStoredElsewhere(message)) return 'state_elsewhere';
    if (says.isPolicy(message)) return 'policy';
    if (says.isModelMissing(message)) return 'scope';
  }
  if (status === 404 && says.isPathMissing(message)) return 'scope';
  if (status === 401 || status === 403) {
    if (says.isMissingScope(message)) return 'scope';
    if (says.isWrongKey(message) || says.isDeactivated(message)) return 'credential';
  }
  // Only where the key itself is named: "invalid token" of a 400 is about the JSON more often than not.
  if (status === 400 && /api[ -]?key/i.test(message) && says.isWrongKey(message)) return 'credential';
  if (status === 402 || status === 429 || status === 403 || status === 400) {
    if (says.isQuota(message)) return 'quota';
  }
  if (status === 429) {
    if (says.isTooLargeForLimit(message)) return 'too_large_for_limit';
    if (says.isCapacity(message)) return 'overload';
  }
  if (status === 200 && says.isCapacity(message)) return 'overload';
  return null;
}

function byStatus(status: number | null, error: SpokenError): FailureClass {
  switch (status) {
    case null:
      return 'unknown';
    case 400:
    case 404:
    case 409:
    case 411:
    case 413:
    case 414:
    case 415:
    case 416:
    case 422:
    case 431:
      return 'caller_fault';
    case 401:
      return 'credential';
    case 402:
      return 'quota';
    case 403:
    case 405:
    case 501:
      return 'scope';
    case 408:
      return 'overload';
    case 429:
      return 'rate_limit';
    default:
      if (status >= 500) return 'overload';
      return status >= 400 && error.structured ? 'caller_fault' : 'unknown';
  }
}

/** A web page is the answer of something in front of the provider, whatever its status pretends. */
function byPage(status: number | null): FailureClass {
  if (status === 429) return 'rate_limit';
  if (status === 413 || status === 414 || status === 431) return 'caller_fault';
  return 'overload';
}

function markOf({ status }: FailureEvidence, { code, message }: SpokenError): FailureMark | null {
  if (says.isUnverified(message)) return { kind: 'model', forMs: VERIFICATION_MARK_MS };
  if (says.isMissingScope(message) || /scope|permission/i.test(code ?? ''))
    return { kind: 'family', forMs: MARK_MS };
  const lower = code?.toLowerCase() ?? '';
  if (/^model_|^deploymentnotfound$/.test(lower) || says.isModelMissing(message)) {
    return { kind: 'model', forMs: MARK_MS };
  }
  if (status === 404 || status === 405 || status === 501) return { kind: 'family', forMs: MARK_MS };
  // A refusal without a reason may be about this one request: the call moves on, nothing is remembered.
  return null;
}

/** Refusals that prove the work was not begun. */
const REFUSALS: readonly FailureClass[] = [
  'caller_fault',
  'policy',
  'rate_limit',
  'too_large_for_limit',
  'quota',
  'credential',
  'scope',
  'state_elsewhere',
];

function isDefinite(
  { phase, status, transportCode }: FailureEvidence,
  error: SpokenError,
  verdict: FailureClass,
  code: string,
): boolean {
  if (phase === 'connect') return true;
  if (phase === 'mid_stream') return false;
  if (transportCode !== null && !error.structured) return false;
  if (status === null) return false;
  if (status === 408 || status === 409) return false;
  if (REFUSALS.includes(verdict))
    return status === 200 || error.structured || (status >= 400 && status < 500);
  if (status === 503 || status === 529) return error.structured;
  return /overloaded|unavailable/i.test(code) && error.structured && status < 500;
}

const CODE_LENGTH_MAX = 64;

/** A key, the name of an organisation, an id: codes are words. */
function isNoCode(spoken: string): boolean {
  if (quotesAnAccount(spoken) || /[0-9a-f-]{32}/i.test(spoken)) return true;
  if (spoken.length >= 32 && (spoken.match(/[a-z][A-Z]/g)?.length ?? 0) >= 5) return true;
  return spoken.length >= 20 && looksRandom(spoken);
}

/** The provider's own word where it has one. Only characters that are safe in a header, a log and a page. */
function codeOf(
  { status, transportCode }: FailureEvidence,
  error: SpokenError,
  verdict: FailureClass,
): string {
  const spoken = error.code ?? error.type;
  const told = spoken === null || isNoCode(spoken) ? null : spoken;
  const word = told?.replace(/[^\w.:-]/g, '_').slice(0, CODE_LENGTH_MAX) ?? '';
  if (word !== '' && !/^(sk|org|proj)[-_]/i.test(word)) return word;
  if (transportCode !== null) return transportCode.slice(0, CODE_LENGTH_MAX);
  if (error.html) return `html_${status ?? 0}`;
  return status === null || status === 200 ? verdict : `http_${status}`;
}
