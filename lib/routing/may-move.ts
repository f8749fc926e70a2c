/**
 * After a failed attempt: where the call may go now, if anywhere. Another candidate first; the same account
 * again only when it is the last. Everything here holds before the commit point only: once output was shown,
 * nothing moves.
 */
import type { AccountId } from '../base/id.ts';
import type { BodyFacts } from '../calls/call.ts';
import type { Endpoint } from '../calls/endpoint.ts';
import type { Failure, FailureClass } from '../resilience/failure.ts';
import { limitGroupOf } from './limit-group.ts';
import { burdenOf } from './next-candidate.ts';
import type { Candidate, RoutePlan } from './plan.ts';
import type { Upstream } from './upstream.ts';

export type StopReason =
  /** The answer is the client's business: returned unchanged. */
  | 'its_own_fault'
  | 'output_was_shown'
  /** Nobody knows whether the work was done, and doing it twice would matter. */
  | 'ambiguous'
  | 'body_is_gone'
  | 'fixed_account'
  | 'attempts_used_up'
  | 'nobody_left';

/** `mayMove`: null when the call may go elsewhere, else why not. */
export interface MoveQuestion {
  readonly failure: Failure;
  readonly endpoint: Pick<Endpoint, 'treatment' | 'repeatable'>;
  readonly facts: Pick<BodyFacts, 'background'> | null;
  /** The whole body is still in memory; false once a streamed one has begun to leave. */
  readonly replayable: boolean;
  /** Upstream calls made so far, and how many there may be. */
  readonly attempts: number;
  readonly attemptsMax: number;
}

const STAYS: readonly FailureClass[] = ['caller_fault', 'policy', 'unknown'];

export function mayMove({ failure, endpoint, facts, ...question }: MoveQuestion): StopReason | null {
  if (failure.phase === 'mid_stream') return 'output_was_shown';
  if (STAYS.includes(failure.class)) return 'its_own_fault';
  if (endpoint.treatment === 'fixed') return 'fixed_account';
  if (!question.replayable && failure.phase !== 'connect') return 'body_is_gone';
  if (!failure.definite && !isRepeatable(endpoint, facts)) return 'ambiguous';
  return question.attempts >= question.attemptsMax ? 'attempts_used_up' : null;
}

/** Doing it twice costs money and nothing else. A background response goes on living at the provider. */
export function isRepeatable(
  endpoint: Pick<Endpoint, 'repeatable'>,
  facts: Pick<BodyFacts, 'background'> | null,
): boolean {
  return endpoint.repeatable && !(facts?.background ?? false);
}

export type NextStep =
  /** `repeat`: to an account that shares its limits with the one that failed, which the retry budget counts. */
  | { readonly kind: 'next'; readonly candidate: Candidate; readonly repeat: boolean }
  | { readonly kind: 'again'; readonly candidate: Candidate; readonly delayMs: number }
  | { readonly kind: 'stop'; readonly why: StopReason };

export interface NextQuestion extends Omit<MoveQuestion, 'facts' | 'endpoint'> {
  readonly endpoint: Pick<Endpoint, 'treatment' | 'repeatable' | 'family'>;
  readonly model: string | null;
  readonly facts: Pick<BodyFacts, 'background' | 'sealedReasoning' | 'hasCompaction'> | null;
  readonly plan: RoutePlan;
  readonly upstreams: readonly Upstream[];
  /** The candidate whose attempt just failed. */
  readonly last: Candidate;
  /** Every account dialled for this call so far, but those that were given another key since. */
  readonly tried: ReadonlySet<AccountId>;
  readonly reasoningFailover: 'strip' | 'refuse';
  /** Waiting that this call may still do. */
  readonly waitLeftMs: number;
  /** Whether the retry budget allows another try on the same account or limit group. */
  readonly mayRepeat: boolean;
  /** 0 ≤ random < 1, for jitter. */
  readonly random: number;
}

export function chooseNext(question: NextQuestion): NextStep {
  const lockMs = lockDelay(question);
  if (lockMs !== null) return { kind: 'again', candidate: question.last, delayMs: lockMs };
  const why = mayMove(question);
  if (why !== null) return { kind: 'stop', why };
  const stripped = withoutReasoning(question);
  if (stripped !== null) return { kind: 'again', candidate: stripped, delayMs: 0 };
  // What could not be read and may not be dropped is the client's answer. So is a stored object that the account
  // does not have: its owner, where it is known, was the only candidate.
  if (question.failure.class === 'state_elsewhere') return { kind: 'stop', why: 'its_own_fault' };
  const next = nextThatHelps(question);
  if (next !== null) {
    // Removed once, it stays removed: the few attempts left are not spent on finding out who could read it.
    const { candidate, repeat } = next;
    const { stripReasoning, stripAll } = question.last;
    if (!stripReasoning) return { kind: 'next', candidate, repeat };
    const stripped = { ...candidate, stripReasoning, ...(stripAll ? { stripAll } : {}) };
    return { kind: 'next', candidate: stripped, repeat };
  }
  const delayMs = repeatDelay(question);
  return delayMs === null
    ? { kind: 'stop', why: 'nobody_left' }
    : { kind: 'again', candidate: question.last, delayMs };
}

/** Encrypted reasoning that nobody here can read is left out: all of it, once. */
function withoutReasoning({ failure, facts, last, reasoningFailover }: NextQuestion): Candidate | null {
  if (!isSealed(failure) || reasoningFailover === 'refuse' || last.stripAll) return null;
  if (facts === null || facts.sealedReasoning === null) return null;
  return { ...last, stripReasoning: true, stripAll: true };
}

function isSealed(failure: Failure): boolean {
  return failure.class === 'state_elsewhere' && /encrypted/i.test(`${failure.code} ${failure.summary}`);
}

interface Choice {
  readonly candidate: Candidate;
  readonly repeat: boolean;
}

function nextThatHelps(question: NextQuestion): Choice | null {
  const { plan, upstreams, tried, last, failure, mayRepeat, model, attempts, attemptsMax } = question;
  const concern = { model, family: question.endpoint.family };
  const after = { stripped: last.stripReasoning, lastAttempt: attempts + 1 >= attemptsMax };
  // With another key by now it shares nothing for sure with what it was.
  const failed = tried.has(last.accountId)
    ? upstreams.find(({ account }) => account.id === last.accountId)
    : undefined;
  let best: Choice | null = null;
  let least = Infinity;
  for (const candidate of plan.candidates) {
    if (least === 0) break;
    if (tried.has(candidate.accountId)) continue;
    const upstream = upstreams.find(({ account }) => account.id === candidate.accountId);
    if (upstream === undefined || !helps(failure, failed, upstream)) continue;
    const repeat = failed !== undefined && limitGroupOf(failed) === limitGroupOf(upstream);
    if (repeat && !mayRepeat) continue;
    const burden = burdenOf(candidate, upstream, concern, after);
    if (burden < least) best = { candidate, repeat };
    least = Math.min(least, burden);
  }
  return best;
}

/** Accounts of one limit group share the bucket that was empty; a larger request needs a larger bucket. */
function helps(failure: Failure, failed: Upstream | undefined, next: Upstream): boolean {
  const sameGroup = failed !== undefined && limitGroupOf(failed) === limitGroupOf(next);
  if (failure.class === 'rate_limit') return !sameGroup;
  if (failure.class === 'too_large_for_limit') {
    const limit = next.headerLimits.tokens?.limit ?? null;
    return (
      !sameGroup && (limit === null || failure.requestedTokens === null || limit >= failure.requestedTokens)
    );
  }
  return true;
}

const CONFLICT = 409;

/** What was locked there is free in a moment, and only there. */
function lockDelay(question: NextQuestion): number | null {
  const { failure, endpoint, facts, replayable, attempts, attemptsMax, random } = question;
  if (failure.status !== CONFLICT || failure.class !== 'caller_fault') return null;
  if (failure.phase === 'mid_stream' || endpoint.treatment !== 'inference') return null;
  if (!replayable || !isRepeatable(endpoint, facts) || attempts >= attemptsMax) return null;
  const delayMs = backoff(attempts, random);
  return question.mayRepeat && delayMs <= question.waitLeftMs ? delayMs : null;
}

/** Faults that a moment's wait can cure. */
const PASSING: readonly FailureClass[] = ['overload', 'connect'];
const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 8_000;
/** A longer told wait is the client's to sit out: it can show it, or give up. */
const TOLD_WAIT_MAX_MS = 2_000;

/** How long to wait before the same account is tried again; null when that is not worth it or not allowed. */
function repeatDelay({ failure, attempts, random, waitLeftMs, mayRepeat }: NextQuestion): number | null {
  if (!mayRepeat) return null;
  let delayMs: number;
  if (failure.class === 'rate_limit') {
    if (failure.toldWaitMs === null || failure.toldWaitMs > TOLD_WAIT_MAX_MS) return null;
    // Only ever later than told.
    delayMs = failure.toldWaitMs + Math.ceil(random * 100);
  } else if (PASSING.includes(failure.class)) {
    if (failure.toldWaitMs !== null && failure.toldWaitMs > TOLD_WAIT_MAX_MS) return null;
    delayMs = Math.max(failure.toldWaitMs ?? 0, backoff(attempts, random));
  } else return null;
  return delayMs <= waitLeftMs ? delayMs : null;
}

function backoff(attempts: number, random: number): number {
  const longestMs = Math.min(BACKOFF_MS * 2 ** Math.max(0, attempts - 1), BACKOFF_MAX_MS);
  return Math.ceil(longestMs * (0.5 + random / 2));
}
