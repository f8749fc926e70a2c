/**
 * Left-out accounts as a client gets to read them: each with its reason, in one sentence and as details. Names
 * only to client keys that may see accounts; others get the beginning of the id, enough to ask the operator.
 */
import { countedBy } from '../resilience/health.ts';
import { sayWait } from '../resilience/told-wait.ts';
import type { LeftOut, LeftOutReason } from './plan.ts';

const LISTED_MAX = 5;
/** The id's time of creation to the millisecond (UUID version 7): the shortest beginning that tells accounts apart. */
const ID_SHOWN = 13;

const SAID: Readonly<Record<LeftOutReason, string>> = {
  disabled: 'is switched off',
  quarantined: 'is quarantined because its stored row was changed from outside',
  wrong_provider: 'is at a provider that does not have this endpoint',
  model_not_in_scope: 'is not set up for this model',
  model_unsupported: 'has no access to this model',
  endpoint_unsupported: 'may not use this endpoint',
  limit_reached: 'has reached its limit',
  price_unknown: 'has a money limit and the price of this model is unknown',
  cooling_down: 'is cooling down',
  breaker_open: 'is resting after repeated failures',
  full: 'has as many calls under way as it may',
  owned_elsewhere: 'does not hold what this call refers to',
  not_for_this_key: 'is not for this client key',
};

const RESTS: Readonly<Record<ReturnType<typeof countedBy>['what'], string>> = {
  failures: SAID.breaker_open,
  silence: 'is resting after it did not answer several times',
  proxy: 'cannot be reached through its outbound proxy',
};

/** "Work is cooling down for 12 s; Private is switched off." */
export function sayAccounts(leftOut: readonly LeftOut[], seeNames: boolean, nowMs: number): string {
  const said = leftOut.slice(0, LISTED_MAX).map((one) => `${nameOf(one, seeNames)} ${sayReason(one, nowMs)}`);
  const more = leftOut.length - said.length;
  if (more > 0) said.push(`and ${more} more`);
  return `${said.join('; ')}.`;
}

export function nameOf(one: Pick<LeftOut, 'accountId' | 'name'>, seeNames: boolean): string {
  return seeNames ? one.name : `account ${one.accountId.slice(0, ID_SHOWN)}`;
}

/** The structured form, for `error.details`. */
export function accountDetails(
  leftOut: readonly LeftOut[],
  seeNames: boolean,
): readonly Record<string, unknown>[] {
  return leftOut.map(({ accountId, name, reason, untilMs }) => ({
    account: accountId,
    ...(seeNames ? { name } : {}),
    reason,
    until: untilMs === null ? null : new Date(untilMs).toISOString(),
  }));
}

function sayReason({ reason, detail, untilMs }: LeftOut, nowMs: number): string {
  if (reason === 'breaker_open' && detail === 'paused') return 'is paused';
  if (reason === 'cooling_down' && isAboutMoney(detail)) return sayOutOfQuota(untilMs, nowMs);
  if (reason === 'disabled' && detail !== null) return `is switched off: ${detail}`;
  const said = reason === 'breaker_open' && detail !== null ? RESTS[countedBy(detail).what] : SAID[reason];
  const which = reason === 'limit_reached' && detail !== null ? ` (${detail.replace('.', ' ')})` : '';
  return untilMs !== null && untilMs > nowMs
    ? `${said}${which} for ${sayWait(untilMs - nowMs)}`
    : `${said}${which}`;
}

/** What is told is when it is asked again, and not when there is money again: nobody knows that. */
function sayOutOfQuota(untilMs: number | null, nowMs: number): string {
  if (untilMs === null || untilMs <= nowMs) return 'is out of quota';
  return `is out of quota and is asked again in ${sayWait(untilMs - nowMs)}`;
}

/** The provider's code tells a throttle from an empty purse. */
export function isAboutMoney(code: string | null): boolean {
  return code !== null && /quota|credit|balance|spend|billing|usage_limit|usage_not/i.test(code);
}
