/**
 * What a failed attempt teaches: the pool counts it, and a refused credential is confirmed by one `GET /models`
 * before it is disabled: providers take minutes to tell all their machines of a new key. What that question cannot
 * answer (credit, billing) is never asked.
 */
import type { AccountId } from '../../lib/base/id.ts';
import type { Clock } from '../../lib/base/time.ts';
import type { Call } from '../../lib/calls/call.ts';
import { classify } from '../../lib/resilience/classify.ts';
import { isConfirmable } from '../../lib/resilience/error-codes.ts';
import type { Failure } from '../../lib/resilience/failure.ts';
import type { Candidate } from '../../lib/routing/plan.ts';
import type { CheckAccount } from '../upstream/check-account.ts';
import type { Lease, Pool } from '../upstream/pool.ts';
import type { AttemptResult } from './attempt.ts';

export interface Feedback {
  /** Resolves when a refused credential has been confirmed or not; null when there is nothing to confirm. */
  failed(
    call: Call,
    candidate: Candidate,
    lease: Lease,
    result: Extract<AttemptResult, { kind: 'failure' }>,
  ): Promise<void> | null;
  /**
   * Output was shown and then it broke off.
   * @param code as the transport gave it
   * @param tookMs since its dial
   * @param said the error that the provider put into the stream itself; null when there was none
   */
  broke(call: Call, account: AccountId, code: string, said: string | null, tookMs: number): Failure;
}

export interface FeedbackDeps {
  readonly pool: Pool;
  readonly checkAccount: CheckAccount;
  readonly clock: Clock;
}

export function createFeedback({ pool, checkAccount, clock }: FeedbackDeps): Feedback {
  const confirming = new Map<AccountId, Promise<void>>();

  async function confirm(lease: Lease, family: string, failure: Failure): Promise<void> {
    const { id } = lease.account;
    const check = await checkAccount(lease.account);
    // An operator may have replaced the key meanwhile: the new one is not to blame.
    if (!pool.holds(lease.account)) return;
    if (check.verdict === 'refused') pool.refuseCredential(id, failure.summary, false);
    // Not everywhere, or not for good: counted against the whole account, so that not every call tries it.
    else pool.failed(id, null, family, { ...failure, class: 'unknown' });
  }

  return {
    failed(call, candidate, lease, { failure, headers, attempt: { startedMs, endedMs } }) {
      const id = candidate.accountId;
      pool.learn(id, headers, lease);
      pool.failed(id, call.model, call.endpoint.family, failure, endedMs - startedMs);
      if (failure.class !== 'credential') return null;
      if (failure.permanent || !isConfirmable(failure.code)) {
        if (pool.holds(lease.account)) pool.refuseCredential(id, failure.summary, true);
        return null;
      }
      // Many calls may be refused at once; one question is enough for all of them.
      let question = confirming.get(id);
      if (!question) {
        question = confirm(lease, call.endpoint.family, failure).finally(() => confirming.delete(id));
        confirming.set(id, question);
      }
      return question;
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
      pool.failed(account, call.model, call.endpoint.family, failure, tookMs);
      return failure;
    },
  };
}
