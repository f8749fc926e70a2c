/**
 * The answer to a call that no account may take: one error that says of each account why, and when trying again
 * can help. What only a human mends, or what takes longer than a minute, is said to be final: clients sleep a
 * `retry-after` in full and would hang.
 */
import { SECOND_MS } from '../base/time.ts';
import type { Caller } from '../clients/client-key.ts';
import { CamError, type ErrorCode } from '../errors.ts';
import { sayWait } from '../resilience/told-wait.ts';
import { NOT_FIXED, OWNED_ELSEWHERE } from './affinity.ts';
import type { LeftOut, LeftOutReason, RoutePlan } from './plan.ts';
import { accountDetails, isAboutMoney, nameOf, sayAccounts } from './say-accounts.ts';

export const RETRY_AFTER_MAX_MS = 60_000;
const RETRY_AFTER_MIN_MS = SECOND_MS;

/** @param plan one without candidates */
export function nothingLeft(
  plan: RoutePlan,
  caller: Pick<Caller, 'scopes'>,
  model: string | null,
  nowMs: number,
): CamError {
  const { leftOut } = plan;
  const seeNames = caller.scopes.includes('see_accounts');
  const gone = goneOwner(plan, seeNames);
  if (gone !== null) return gone;
  if (leftOut.length === 0) {
    return new CamError('no_account', 'There is no account yet that could serve this call.', {
      hint: 'Add one with `npm run -s cam -- add NAME` or on the page /admin/accounts.',
    });
  }
  if (leftOut.every(({ reason, detail }) => reason === 'not_for_this_key' && detail === 'model')) {
    return new CamError('model_not_allowed', `This client key may not use the model ${sayModel(model)}.`, {
      param: 'model',
    });
  }
  const relevant = leftOut.filter(({ reason }) => reason !== 'not_for_this_key');
  const owner = plan.ownedBy;
  if (owner !== undefined && !relevant.some(({ reason }) => reason !== 'owned_elsewhere')) {
    return new CamError(
      'no_account_for_call',
      `What this call refers to is stored at ${nameOf({ ...owner, name: owner.name ?? '' }, seeNames)}, which this client key may not use.`,
      { hint: 'Give the key that account on the page /admin/clients.' },
    );
  }
  if (relevant.length === 0) {
    return new CamError('no_account_for_call', 'This client key is tied to accounts of which none is left.', {
      hint: 'Give the key other accounts on the page /admin/clients.',
    });
  }
  const { code, opening, soonestMs, about = relevant, hint } = judge(relevant, model, nowMs);
  const { waitedMs } = plan;
  const waited = waitedMs === undefined ? '' : ` The call has waited ${sayWait(waitedMs)} for one.`;
  return new CamError(code, `${opening} ${capitalized(sayAccounts(about, seeNames, nowMs))}${waited}`, {
    details: {
      accounts: accountDetails(about, seeNames),
      ...(waitedMs === undefined ? {} : { waitedMs }),
    },
    ...(soonestMs === null ? {} : { retryAfterMs: clampRetry(soonestMs) }),
    ...(hint === undefined ? {} : { hint }),
    ...(code === 'model_not_found' ? { param: 'model' } : {}),
  });
}

interface Judgement {
  readonly code: ErrorCode;
  readonly opening: string;
  /** Milliseconds until the first account comes back; null when that is not soon. */
  readonly soonestMs: number | null;
  /** The accounts that the sentence names; all of them when absent. */
  readonly about?: readonly LeftOut[];
  readonly hint?: string;
}

/** Reasons that pass by themselves. */
const TEMPORARY: readonly LeftOutReason[] = ['cooling_down', 'breaker_open', 'full', 'limit_reached'];
/** Reasons that are about the model and not about the account's condition. */
const ABOUT_MODEL: readonly LeftOutReason[] = [
  'model_not_in_scope',
  'model_unsupported',
  'endpoint_unsupported',
];
const UNAVAILABLE: readonly LeftOutReason[] = ['disabled', 'quarantined'];

function judge(relevant: readonly LeftOut[], model: string | null, nowMs: number): Judgement {
  const elsewhere = relevant.filter(({ reason }) => reason === 'owned_elsewhere');
  if (elsewhere.length > 0) return judgePinned(relevant, elsewhere, nowMs);
  const inQuestion = relevant.filter(({ reason }) => !UNAVAILABLE.includes(reason));
  if (inQuestion.length > 0 && inQuestion.every(({ reason }) => ABOUT_MODEL.includes(reason))) {
    return {
      code: 'model_not_found',
      opening: `No account serves the model ${sayModel(model)}.`,
      soonestMs: null,
    };
  }
  const temporary = inQuestion.filter(({ reason }) => TEMPORARY.includes(reason));
  const soonestMs = soonest(temporary, nowMs);
  if (temporary.length > 0 && temporary.every(({ reason }) => reason === 'limit_reached')) {
    return {
      code: 'limit_reached',
      opening: 'Every account that may serve this call is at its limit.',
      soonestMs: soonOrNever(soonestMs),
    };
  }
  const cooling = temporary.some(({ reason }) => reason === 'cooling_down');
  if (soonestMs !== null && soonestMs <= RETRY_AFTER_MAX_MS) {
    return cooling
      ? {
          code: 'all_accounts_cooling_down',
          opening: `No account can serve this call for ${sayWait(soonestMs)}.`,
          soonestMs,
        }
      : { code: 'all_accounts_unusable', opening: 'No account can serve this call right now.', soonestMs };
  }
  if (soonestMs !== null && (cooling || temporary.some(({ reason }) => reason === 'limit_reached'))) {
    const money = temporary.every(({ reason, detail }) => reason !== 'cooling_down' || isAboutMoney(detail));
    const opening = money
      ? 'Every account is out of quota or at its limit.'
      : `Every account is limited for ${sayWait(soonestMs)} or longer.`;
    return { code: 'all_accounts_exhausted', opening, soonestMs: null };
  }
  return { code: 'all_accounts_unusable', opening: 'No account can serve this call.', soonestMs };
}

/** Others may be well; what the call refers to is at one that is not. Only that one is spoken of. */
function judgePinned(relevant: readonly LeftOut[], elsewhere: readonly LeftOut[], nowMs: number): Judgement {
  const owners = relevant.filter(({ reason }) => reason !== 'owned_elsewhere');
  const soonestMs = soonOrNever(soonest(owners, nowMs));
  if (elsewhere.some(({ detail }) => detail?.includes('reasoning'))) {
    return {
      code: 'reasoning_elsewhere',
      opening:
        'This conversation carries encrypted reasoning that only another organization can read, and none of its accounts can serve now.',
      soonestMs,
      hint: 'Start a new conversation, or set routing.reasoning_failover to "strip".',
      ...(owners.length > 0 ? { about: owners } : {}),
    };
  }
  if (owners.length === 0) {
    const opening = 'What this call refers to belongs to an account that is not here any more.';
    return { code: 'account_pinned_unusable', opening, soonestMs };
  }
  return { code: 'account_pinned_unusable', opening: openingFor(elsewhere), soonestMs, about: owners };
}

function openingFor(elsewhere: readonly LeftOut[]): string {
  if (elsewhere.some(({ detail }) => detail === NOT_FIXED)) {
    return 'Calls of this kind go to one account, and that one cannot serve now.';
  }
  if (elsewhere.some(({ detail }) => detail === OWNED_ELSEWHERE)) {
    return 'What this call refers to is stored at one account, and that one cannot serve now.';
  }
  return 'This conversation was compacted by one organization, and none of its accounts can serve now.';
}

/** The account that keeps what the call names was deleted, and no other account of its project is here. */
function goneOwner({ ownedBy, leftOut }: RoutePlan, seeNames: boolean): CamError | null {
  if (ownedBy === undefined || leftOut.some(({ accountId }) => accountId === ownedBy.accountId)) return null;
  if (leftOut.some(({ reason }) => reason !== 'owned_elsewhere' && reason !== 'not_for_this_key'))
    return null;
  const { accountId, name } = ownedBy;
  const said = nameOf({ accountId, name: name ?? '' }, seeNames && name !== null);
  return new CamError(
    'object_owner_gone',
    `What this call refers to is stored at ${said}, which was removed from here. No other account can reach it.`,
    {
      details: {
        accounts: [
          {
            account: accountId,
            ...(seeNames && name !== null ? { name } : {}),
            reason: 'deleted',
            until: null,
          },
        ],
      },
    },
  );
}

function soonest(leftOut: readonly LeftOut[], nowMs: number): number | null {
  const waits = leftOut.flatMap(({ untilMs }) => (untilMs === null ? [] : [Math.max(0, untilMs - nowMs)]));
  return waits.length === 0 ? null : Math.min(...waits);
}

/** A wait that is longer than clients are told to sleep is no wait: they hear at once what is the matter. */
function soonOrNever(ms: number | null): number | null {
  return ms !== null && ms <= RETRY_AFTER_MAX_MS ? ms : null;
}

function clampRetry(ms: number): number {
  return Math.min(Math.max(ms, RETRY_AFTER_MIN_MS), RETRY_AFTER_MAX_MS);
}

function sayModel(model: string | null): string {
  return model === null ? 'that was asked for' : `\`${model.slice(0, 100)}\``;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
