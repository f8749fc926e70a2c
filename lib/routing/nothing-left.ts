/**
 * The answer to a call that no account may take: one error that says of each account why, what was done, what a
 * person can do, and when trying again can help. What only a human mends, or what takes longer than a minute, is
 * said to be final: clients sleep a `retry-after` in full and would hang.
 */
import { SECOND_MS } from '../base/time.ts';
import type { Caller } from '../clients/client-key.ts';
import { CamError, type CamErrorOptions, type ErrorCode } from '../errors.ts';
import { sayWait } from '../resilience/told-wait.ts';
import { judge, RETRY_AFTER_MAX_MS, sayModel } from './judge-left-out.ts';
import type { LeftOut, RoutePlan } from './plan.ts';
import { accountDetails, nameOf, sayAccounts } from './say-accounts.ts';
import { whatHelps } from './what-helps.ts';

const RETRY_AFTER_MIN_MS = SECOND_MS;

/**
 * @param plan one without candidates
 * @param attempts how often an account was dialled for this call before it came to this
 */
export function nothingLeft(
  plan: RoutePlan,
  caller: Pick<Caller, 'scopes'>,
  model: string | null,
  nowMs: number,
  attempts = 0,
): CamError {
  const { leftOut, waitedMs } = plan;
  const seeNames = caller.scopes.includes('see_accounts');
  const relevant = leftOut.filter(({ reason }) => reason !== 'not_for_this_key');
  const whole = goneOwner(plan, seeNames) ?? notForThisKey(plan, relevant, model, seeNames);
  if (whole !== null) return new CamError(whole.code, `${whole.sentence} ${sayDone(attempts)}`, whole.more);
  const { code, opening, soonestMs, about = relevant } = judge(relevant, model, nowMs);
  const waited = waitedMs === undefined ? '' : ` The call has waited ${sayWait(waitedMs)} for one.`;
  const accounts = capitalized(sayAccounts(about, seeNames, nowMs));
  return new CamError(code, `${opening} ${accounts}${waited} ${sayDone(attempts)}`, {
    details: {
      accounts: accountDetails(about, seeNames),
      ...(waitedMs === undefined ? {} : { waitedMs }),
    },
    hint: whatHelps(code, about, soonestMs !== null),
    ...(soonestMs === null ? {} : { retryAfterMs: clampRetry(soonestMs) }),
    ...(code === 'model_not_found' ? { param: 'model' } : {}),
  });
}

function sayDone(attempts: number): string {
  if (attempts === 0) return 'Nothing was sent.';
  return attempts === 1 ? 'It was tried once.' : `It was tried ${attempts} times.`;
}

/** What is not about how any account is. */
interface Whole {
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly more: CamErrorOptions;
}

function notForThisKey(
  { leftOut, ownedBy: owner }: RoutePlan,
  relevant: readonly LeftOut[],
  model: string | null,
  seeNames: boolean,
): Whole | null {
  if (leftOut.length === 0) {
    return {
      code: 'no_account',
      sentence: 'There is no account yet that could serve this call.',
      more: { hint: 'Add one with `npm run -s cam -- add NAME` or on the page /admin/accounts.' },
    };
  }
  if (relevant.length === 0 && leftOut.some(({ detail }) => detail === 'model')) {
    const sentence = `This client key may not use the model ${sayModel(model)}.`;
    return {
      code: 'model_not_allowed',
      sentence,
      more: { param: 'model', hint: 'Allow it on the page /admin/clients, or ask for another model.' },
    };
  }
  if (owner !== undefined && !relevant.some(({ reason }) => reason !== 'owned_elsewhere')) {
    const name = nameOf({ ...owner, name: owner.name ?? '' }, seeNames);
    return {
      code: 'no_account_for_call',
      sentence: `What this call refers to is stored at ${name}, which this client key may not use.`,
      more: { hint: 'Give the key that account on the page /admin/clients.' },
    };
  }
  if (relevant.length > 0) return null;
  return {
    code: 'no_account_for_call',
    sentence: 'This client key is tied to accounts of which none is left.',
    more: { hint: 'Give the key other accounts on the page /admin/clients.' },
  };
}

/** The account that keeps what the call names was deleted, and no other account of its project is here. */
function goneOwner({ ownedBy, leftOut }: RoutePlan, seeNames: boolean): Whole | null {
  if (ownedBy === undefined || leftOut.some(({ accountId }) => accountId === ownedBy.accountId)) return null;
  if (leftOut.some(({ reason }) => reason !== 'owned_elsewhere' && reason !== 'not_for_this_key'))
    return null;
  const { accountId, name } = ownedBy;
  const said = nameOf({ accountId, name: name ?? '' }, seeNames && name !== null);
  const account = {
    account: accountId,
    ...(seeNames && name !== null ? { name } : {}),
    reason: 'deleted',
    until: null,
  };
  return {
    code: 'object_owner_gone',
    sentence: `What this call refers to is stored at ${said}, which was removed from here. No other account can reach it.`,
    more: {
      details: { accounts: [account] },
      hint: 'Begin anew without it, or add a key of the same project on the page /admin/accounts.',
    },
  };
}

function clampRetry(ms: number): number {
  return Math.min(Math.max(ms, RETRY_AFTER_MIN_MS), RETRY_AFTER_MAX_MS);
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
