/**
 * A plan in words, the same on every face: why the first account is first, what an account's share is about, why
 * each of the others was left out, and by what a conversation was recognised.
 */
import { formatCount, formatCountOf } from '../format.ts';
import { countedBy } from '../resilience/health.ts';
import type { Shortage } from './model-room.ts';
import type { Deciding, LeftOut, LeftOutReason, RoutePlan, StrategyName } from './plan.ts';
import { isAboutMoney } from './say-accounts.ts';

const DECIDED: Readonly<Record<Exclude<Deciding, 'strategy'>, string>> = {
  hard_affinity: 'what it refers to is stored there',
  organization_affinity: 'its encrypted reasoning belongs to that organisation',
  session: 'this session is at home there',
  parent_session: 'the session it belongs to is at home there',
  only_candidate: 'no other account could take it',
  fixed_account: 'such calls always go to one account, the one of the lowest priority number',
  none: 'no account could take it',
};

const BY_STRATEGY: Readonly<Record<StrategyName, string>> = {
  least_utilized: 'least used first',
  round_robin: 'it was its turn',
  priority: 'lowest priority number first',
  sticky: 'its session hashes to it',
};

/** Why the first candidate came first. @param session whether a session key was found */
export function sayDecided({ decidedBy, strategy }: RoutePlan, session: boolean): string {
  if (decidedBy !== 'strategy') return DECIDED[decidedBy];
  return strategy === 'sticky' && !session ? 'without a session, chance decides' : BY_STRATEGY[strategy];
}

const LEFT_OUT: Readonly<Record<LeftOutReason, string>> = {
  disabled: 'switched off',
  quarantined: 'its row was changed outside this program',
  wrong_provider: 'another provider',
  model_not_in_scope: 'may not serve this model',
  model_unsupported: 'does not have this model',
  endpoint_unsupported: 'does not have this endpoint',
  limit_reached: 'at a limit you set',
  price_unknown: 'the price is unknown and it has a money limit',
  cooling_down: 'cooling down',
  breaker_open: 'failed several times in a row',
  full: 'as many calls as it may have at once',
  owned_elsewhere: 'what the call refers to is stored elsewhere',
  not_for_this_key: 'not for this client key',
};

/** Why an account was left out, without until when. */
export function sayLeftOut({ reason, detail }: LeftOut): string {
  if (detail === null) return LEFT_OUT[reason];
  if (detail === 'paused' && reason === 'breaker_open') return 'paused by hand';
  if (reason === 'owned_elsewhere') return detail;
  if (reason === 'not_for_this_key')
    return detail === 'model' ? 'the client key may not use this model' : LEFT_OUT[reason];
  if (reason === 'limit_reached') return `${LEFT_OUT[reason]} (${sayShare(detail)})`;
  if (reason === 'cooling_down' && isAboutMoney(detail)) return `out of quota (${detail})`;
  if (reason === 'breaker_open') return sayBreaker(detail);
  return `${LEFT_OUT[reason]} (${detail.replace(/\.$/, '')})`;
}

/** Of a plan that was kept in brief: what it does not list; null when it lists everything. */
export function sayOmitted({ omitted }: RoutePlan): string | null {
  if (omitted === undefined) return null;
  const out = Object.entries(omitted.leftOut).map(([reason, count]) => ({
    words: LEFT_OUT[reason as LeftOutReason],
    count,
  }));
  const candidates = omitted.candidates === 0 ? [] : [formatCountOf(omitted.candidates, 'candidate')];
  const leftOut = out.map(({ words, count }) => `${formatCount(count)} left out: ${words}`);
  return `Not listed: ${[...candidates, ...leftOut].join('; ')}.`;
}

function sayBreaker(key: string): string {
  const { what, model } = countedBy(key);
  if (what === 'proxy') return 'its outbound proxy failed several times in a row';
  const said = what === 'silence' ? 'silent several times in a row' : LEFT_OUT.breaker_open;
  return model === null ? said : `${said} (${model})`;
}

const AMOUNTS: Readonly<Record<string, string>> = { cost: 'budget', requests: 'requests', tokens: 'tokens' };

/** What a share is a share of: `day.cost`, `header.tokens`, `in_flight`. */
export function sayShare(decidedBy: string): string {
  if (decidedBy === 'in_flight') return 'calls under way';
  const [of = '', what = ''] = decidedBy.split('.');
  return of === 'header' ? `${what.replaceAll('-', ' ')} a minute` : `${of} ${AMOUNTS[what] ?? what}`;
}

/** Of a candidate: that it comes later, because the provider would refuse a call of this size. */
export function sayShort(short: Shortage): string {
  return short === 'tokens' ? 'too few tokens left this minute' : 'no request left this minute';
}

const FIELDS: readonly string[] = ['conversation', 'prompt_cache_key'];

/** By what a call was known to belong to a conversation. */
export function saySessionSource(source: string): string {
  if (source === 'none') return 'no session key';
  if (source === 'prefix') return 'its opening';
  if (FIELDS.includes(source)) return `field ${source}`;
  return source.includes('+') ? `headers ${source.replace('+', ' and ')}` : `header ${source}`;
}
