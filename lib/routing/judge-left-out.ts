/**
 * Of a call that no account may take: what to call that, and when trying again can help. What only a human mends,
 * or what takes longer than a minute, has no such moment: clients sleep a `retry-after` in full and would hang.
 */
import type { ErrorCode } from '../errors.ts';
import { sayWait } from '../resilience/told-wait.ts';
import { NOT_FIXED, OWNED_ELSEWHERE } from './affinity.ts';
import type { LeftOut, LeftOutReason } from './plan.ts';
import { isAboutMoney } from './say-accounts.ts';

export const RETRY_AFTER_MAX_MS = 60_000;

export interface Judgement {
  readonly code: ErrorCode;
  readonly opening: string;
  /** Milliseconds until the first account comes back; null when that is not soon. */
  readonly soonestMs: number | null;
  /** The accounts that the sentence names; all of them when absent. */
  readonly about?: readonly LeftOut[];
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

export function judge(relevant: readonly LeftOut[], model: string | null, nowMs: number): Judgement {
  const elsewhere = relevant.filter(({ reason }) => reason === 'owned_elsewhere');
  if (elsewhere.length > 0) return judgePinned(relevant, elsewhere, nowMs);
  const inQuestion = relevant.filter(({ reason }) => !UNAVAILABLE.includes(reason));
  const all = (...reasons: readonly LeftOutReason[]): boolean =>
    inQuestion.length > 0 && inQuestion.every(({ reason }) => reasons.includes(reason));
  if (all('endpoint_unsupported')) {
    return { code: 'no_account_for_call', opening: 'No account may use this endpoint.', soonestMs: null };
  }
  if (all(...ABOUT_MODEL)) {
    const opening = `No account serves the model ${sayModel(model)}.`;
    return { code: 'model_not_found', opening, soonestMs: null };
  }
  if (all('price_unknown')) return { code: 'all_accounts_unusable', opening: UNPRICED, soonestMs: null };
  return judgePassing(
    inQuestion.filter(({ reason }) => TEMPORARY.includes(reason)),
    nowMs,
  );
}

function judgePassing(temporary: readonly LeftOut[], nowMs: number): Judgement {
  // That an empty purse is looked into soon does not mean that anything is in it.
  const waits = temporary.filter((one) => !isEmptyPurse(one));
  const soonestMs = soonest(waits, nowMs);
  const soon = soonestMs !== null && soonestMs <= RETRY_AFTER_MAX_MS;
  if (temporary.length > 0 && temporary.every(({ reason }) => reason === 'limit_reached')) {
    const opening = 'Every account that may serve this call is at its limit.';
    return { code: 'limit_reached', opening, soonestMs: soon ? soonestMs : null };
  }
  const cooling = temporary.some(({ reason }) => reason === 'cooling_down');
  if (soon && cooling) {
    const opening = `No account can serve this call for ${sayWait(soonestMs)}.`;
    return { code: 'all_accounts_cooling_down', opening, soonestMs };
  }
  if (soon)
    return { code: 'all_accounts_unusable', opening: 'No account can serve this call right now.', soonestMs };
  if (cooling || temporary.some(({ reason }) => reason === 'limit_reached')) {
    const toldMs = soonest(
      waits.filter(({ reason }) => reason === 'cooling_down'),
      nowMs,
    );
    const opening =
      toldMs === null
        ? 'Every account is out of quota or at its limit.'
        : `Every account is limited for ${sayWait(toldMs)} or longer.`;
    return { code: 'all_accounts_exhausted', opening, soonestMs: null };
  }
  return { code: 'all_accounts_unusable', opening: 'No account can serve this call.', soonestMs };
}

const UNPRICED = 'Nobody knows what this model costs, and every account has a limit in money.';

function isEmptyPurse({ reason, detail }: LeftOut): boolean {
  return reason === 'cooling_down' && isAboutMoney(detail);
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

function soonest(leftOut: readonly LeftOut[], nowMs: number): number | null {
  const waits = leftOut.flatMap(({ untilMs }) => (untilMs === null ? [] : [Math.max(0, untilMs - nowMs)]));
  return waits.length === 0 ? null : Math.min(...waits);
}

/** A wait that is longer than clients are told to sleep is no wait: they hear at once what is the matter. */
function soonOrNever(ms: number | null): number | null {
  return ms !== null && ms <= RETRY_AFTER_MAX_MS ? ms : null;
}

export function sayModel(model: string | null): string {
  return model === null ? 'that was asked for' : `\`${model.slice(0, 100)}\``;
}
