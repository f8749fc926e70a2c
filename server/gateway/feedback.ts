/**
 * What a failed attempt teaches: the pool counts it, and a refused credential is confirmed by one `GET /models`
 * before it is disabled: providers take minutes to tell all their machines of a new key. What that question cannot
 * answer (credit, billing) is never asked. A key that was replaced meanwhile teaches nothing about the new one.
 */
import type { SealedAccount } from '../../lib/accounts/account.ts';
import type { AccountId } from '../../lib/base/id.ts';
import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import { classify } from '../../lib/resilience/classify.ts';
import { isConfirmable } from '../../lib/resilience/error-codes.ts';
import type { Failure } from '../../lib/resilience/failure.ts';
import { bulkOf } from '../../lib/routing/model-room.ts';
import type { AccountCheck, CheckAccount } from '../upstream/check-account.ts';
import type { Lease, Pool } from '../upstream/pool.ts';
import type { AttemptResult } from './attempt.ts';

export interface Feedback {
  /**
   * Resolves when a refused credential has been confirmed or not; null when there is nothing to confirm.
   * @param receivedMs when the call came in, monotonic
   */
  failed(
    call: Call,
    lease: Lease,
    result: Extract<AttemptResult, { kind: 'failure' }>,
    receivedMs: number,
  ): Promise<void> | null;
  /**
   * Output was shown and then it broke off.
   * @param code as the transport gave it
   * @param tookMs since its dial
   * @param said the error that the provider put into the stream itself; null when there was none
   */
  broke(call: Call, account: SealedAccount, code: string, said: string | null, tookMs: number): Failure;
}

export interface FeedbackDeps {
  readonly pool: Pool;
  readonly checkAccount: CheckAccount;
  readonly clock: Clock;
}

interface Question {
  readonly account: SealedAccount;
  readonly verdict: Promise<AccountCheck['verdict']>;
  /** When the answer came; until then null. */
  answeredMs: number | null;
}

export function createFeedback({ pool, checkAccount, clock }: FeedbackDeps): Feedback {
  const questions = new Map<AccountId, Question>();

  /** Calls that were under way when the answer came are answered by it too. */
  function ask(account: SealedAccount, dialledMs: number): Question {
    const last = questions.get(account.id);
    const isAbout = last !== undefined && Buffer.compare(last.account.sealedKey, account.sealedKey) === 0;
    if (isAbout && (last.answeredMs === null || dialledMs <= last.answeredMs)) return last;
    const verdict = checkAccount(account).then((check) => {
      question.answeredMs = clock.monotonicMs();
      return check.verdict;
    });
    const question: Question = { account, verdict, answeredMs: null };
    for (const [id, old] of questions) if (!pool.holds(old.account)) questions.delete(id);
    questions.set(account.id, question);
    return question;
  }

  async function confirm(
    { verdict }: Question,
    account: SealedAccount,
    family: string,
    failure: Failure,
  ): Promise<void> {
    const answer = await verdict;
    if (!pool.holds(account)) return;
    if (answer === 'refused') pool.refuseCredential(account.id, failure.summary, false);
    // Not everywhere, or not for good: counted against the whole account, so that not every call tries it.
    else pool.failed(account.id, null, family, { ...failure, class: 'unknown' });
  }

  return {
    failed(call, lease, { failure, headers, attempt }, receivedMs) {
      const { account } = lease;
      const { id } = account;
      if (!pool.holds(account)) return null;
      pool.learn(id, headers, lease);
      if (failure.class === 'too_large_for_limit' && call.model !== null)
        pool.tooLarge(id, call.model, bulkOf(call));
      const tookMs = attempt.endedMs - attempt.startedMs;
      pool.failed(id, call.model, call.endpoint.family, failure, tookMs);
      if (failure.class !== 'credential' || pool.upstream(id)?.credentialRefused !== null) return null;
      if (failure.permanent || !isConfirmable(failure.code)) {
        pool.refuseCredential(id, failure.summary, true);
        return null;
      }
      const question = ask(account, receivedMs + attempt.startedMs);
      return confirm(question, account, call.endpoint.family, failure);
    },
    broke(call, account, code, said, tookMs) {
      const failure = classify({
        phase: 'mid_stream',
        status: 200,
        headers: {},
        body: said ?? '',
        transportCode: said === null ? code : null,
        nowMs: clock.nowMs(),
      });
      if (pool.holds(account)) pool.failed(account.id, call.model, call.endpoint.family, failure, tookMs);
      return failure;
    },
  };
}
