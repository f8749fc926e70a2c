/** From how things are to what somebody should know of: a pure function of facts and the settings of `[alerts]`. */
import type { Config } from '../config.ts';
import { formatCount, formatMoney, formatPercent, formatSpan, formatTokens } from '../format.ts';
import type { LimitKind } from '../metering/limit.ts';
import type { Condition } from './condition.ts';

export interface AlertFacts {
  readonly nowMs: number;
  readonly accounts: readonly AccountFact[];
  readonly limits: readonly LimitFact[];
  /** Of the last quarter of an hour: calls that were not ended by their client. */
  readonly recent: { readonly asked: number; readonly failed: number };
  readonly spending: {
    /** When the running day began, and what it cost so far; null when nobody knows. */
    readonly dayFromMs: number;
    readonly today: number | null;
    /** The dearest of the last fourteen days; null with fewer than three that cost anything. */
    readonly dearestDay: number | null;
  };
}

export interface AccountFact {
  readonly id: string;
  readonly name: string;
  /** It serves nobody until a human does something, and why; null when that is not so. */
  readonly out: string | null;
  /** Since when calls are kept from all of it; null when they are not. */
  readonly coolingSinceMs: number | null;
}

export interface LimitFact {
  readonly holder: { readonly kind: 'account' | 'client'; readonly id: string; readonly name: string };
  readonly window: 'day' | 'month';
  readonly amount: LimitKind;
  readonly limit: number;
  readonly used: number;
  readonly windowFromMs: number;
  readonly runsOutMs: number | null;
  readonly endMs: number;
}

/** Fewer calls tell no rate. */
const CALLS_MIN = 20;
const DOLLAR = 1_000_000_000;

export function conditionsOf(facts: AlertFacts, { alerts }: Pick<Config, 'alerts'>): readonly Condition[] {
  return [
    ...facts.accounts.flatMap((account) => accountConditions(account, facts.nowMs, alerts)),
    ...facts.limits.flatMap((limit) => limitConditions(limit, facts.nowMs, alerts)),
    ...errorRate(facts, alerts),
    ...unusualSpend(facts, alerts),
  ];
}

type Alerts = Config['alerts'];
const NOBODY = { accountId: null, clientKeyId: null } as const;

function accountConditions(
  { id, name, out, coolingSinceMs }: AccountFact,
  nowMs: number,
  alerts: Alerts,
): Condition[] {
  const about = { accountId: id, clientKeyId: null, oncePerPeriod: false };
  if (out !== null) {
    const text = `${name} serves no calls any more: ${out}`;
    return [{ ...about, key: `account_out ${id}`, kind: 'account_out', severity: 'bad', text }];
  }
  const longMs = alerts.cooling_minutes * 60_000;
  if (longMs === 0 || coolingSinceMs === null || nowMs - coolingSinceMs < longMs) return [];
  const text = `${name} has been left alone for ${formatSpan(nowMs - coolingSinceMs)}: its provider refuses or fails its calls.`;
  return [{ ...about, key: `account_cooling ${id}`, kind: 'account_cooling', severity: 'warn', text }];
}

/** Every share that is reached, of which only the highest is raised; a forecast is not, once one is reached. */
function limitConditions(limit: LimitFact, nowMs: number, alerts: Alerts): Condition[] {
  const { holder, window, amount, used, windowFromMs, runsOutMs } = limit;
  const about = {
    accountId: holder.kind === 'account' ? holder.id : null,
    clientKeyId: holder.kind === 'client' ? holder.id : null,
    oncePerPeriod: true,
  };
  const place = `${holder.id} ${window} ${amount} ${windowFromMs}`;
  const share = limit.limit === 0 ? 1 : used / limit.limit;
  const reached = alerts.limit_shares.filter((one) => share >= one);
  const highest = Math.max(...reached);
  const what = `${holder.kind === 'client' ? `the client key ${holder.name}` : holder.name} (${saidAmount(amount, used)} of ${saidAmount(amount, limit.limit)} a ${window})`;
  const shares = reached.map(
    (one): Condition => ({
      ...about,
      key: `limit_used ${place} ${one}`,
      kind: 'limit_used',
      severity: one >= 1 ? 'bad' : 'warn',
      text:
        one >= 1
          ? `A limit is reached: ${what}. Calls beyond it are refused or go elsewhere.`
          : `${formatPercent(one)} of a limit is used: ${what}.`,
      quiet: one < highest,
    }),
  );
  if (!alerts.forecast || runsOutMs === null || runsOutMs >= limit.endMs) return shares;
  const text = `A limit will be reached in about ${formatSpan(runsOutMs - nowMs)} if this goes on: ${what}.`;
  const foreseen = {
    key: `limit_forecast ${place}`,
    kind: 'limit_forecast',
    severity: 'warn',
    text,
  } as const;
  return [...shares, { ...about, ...foreseen, quiet: reached.length > 0 }];
}

function errorRate({ recent }: AlertFacts, alerts: Alerts): Condition[] {
  const { asked, failed } = recent;
  if (alerts.error_share === 0 || asked < CALLS_MIN || failed / asked < alerts.error_share) return [];
  const text = `${formatPercent(failed / asked)} of the calls of the last 15 minutes failed (${formatCount(failed)} of ${formatCount(asked)}).`;
  return [{ ...NOBODY, key: 'error_rate', kind: 'error_rate', severity: 'bad', text, oncePerPeriod: false }];
}

function unusualSpend({ spending }: AlertFacts, alerts: Alerts): Condition[] {
  const { dayFromMs, today, dearestDay } = spending;
  if (alerts.unusual_factor === 0 || today === null || dearestDay === null || today < DOLLAR) return [];
  if (today < alerts.unusual_factor * dearestDay) return [];
  const text = `Today has cost ${formatMoney(today)}, and the dearest of the last 14 days ${formatMoney(dearestDay)}.`;
  const key = `unusual_spend ${dayFromMs}`;
  return [{ ...NOBODY, key, kind: 'unusual_spend', severity: 'warn', text, oncePerPeriod: true }];
}

function saidAmount(amount: LimitKind, figure: number): string {
  switch (amount) {
    case 'cost':
      return formatMoney(figure);
    case 'tokens':
      return `${formatTokens(figure)} tokens`;
    case 'requests':
      return `${formatCount(figure)} requests`;
  }
}
