/** The flags that `cam add` and `cam edit` share, and what they mean to the admin API. */
import type { Command } from 'commander';
import { fromDollars, type NanoDollars } from '../../lib/base/money.ts';
import { CamError } from '../../lib/errors.ts';
import type { LimitAmounts, LimitSet } from '../../lib/metering/limit.ts';

export interface AccountFlags {
  readonly baseUrl?: string;
  readonly allowLocal?: boolean;
  readonly orgId?: string;
  readonly projectId?: string;
  readonly models?: string;
  readonly priority?: string;
  readonly weight?: string;
  readonly limitDayUsd?: string;
  readonly limitMonthUsd?: string;
  readonly limitDayTokens?: string;
  readonly limitMonthTokens?: string;
  readonly limitDayRequests?: string;
  readonly limitMonthRequests?: string;
}

/** Writes "nothing" where a flag takes a value: `--limit-day-usd none`. */
const NONE = 'none';

export function addAccountOptions(command: Command): Command {
  command
    .option('--base-url <url>', "where the provider's API is, e.g. https://api.openai.com/v1")
    .option('--allow-local', 'allow plain http and addresses of this computer as base URL')
    .option('--org-id <id>', 'organisation to bill, sent as OpenAI-Organization; "none" for the key\'s own')
    .option('--project-id <id>', 'project, sent as OpenAI-Project; "none" for the key\'s own')
    .option('--models <patterns>', 'models it may serve, e.g. gpt-5*,!gpt-5-pro; "none" for all')
    .option('--priority <number>', '0 to 1000, lower is preferred by the priority strategy')
    .option('--weight <number>', '1 to 100, share of turns under round_robin');
  return addLimitOptions(command);
}

export function addLimitOptions(command: Command): Command {
  return command
    .option('--limit-day-usd <dollars>', 'most to spend a day; "none" for no limit')
    .option('--limit-month-usd <dollars>', 'most to spend a month')
    .option('--limit-day-tokens <number>', 'most tokens a day')
    .option('--limit-month-tokens <number>', 'most tokens a month')
    .option('--limit-day-requests <number>', 'most requests a day')
    .option('--limit-month-requests <number>', 'most requests a month');
}

export interface AccountSettings {
  readonly baseUrl?: string;
  readonly allowLocal?: boolean;
  readonly organizationId?: string | null;
  readonly projectId?: string | null;
  readonly models?: string[];
  readonly priority?: number;
  readonly weight?: number;
  readonly limits?: LimitSet;
}

/** @param current the limits that stay where no flag names them; null for a new account */
export function accountSettings(flags: AccountFlags, current: LimitSet | null): AccountSettings {
  const limits = limitSet(flags, current ?? {});
  return {
    ...(flags.baseUrl === undefined ? {} : { baseUrl: flags.baseUrl }),
    ...(flags.allowLocal === undefined ? {} : { allowLocal: flags.allowLocal }),
    ...(flags.orgId === undefined ? {} : { organizationId: orNull(flags.orgId) }),
    ...(flags.projectId === undefined ? {} : { projectId: orNull(flags.projectId) }),
    ...(flags.models === undefined ? {} : { models: patterns(flags.models) }),
    ...(flags.priority === undefined ? {} : { priority: whole('--priority', flags.priority) }),
    ...(flags.weight === undefined ? {} : { weight: whole('--weight', flags.weight) }),
    ...(limits === null ? {} : { limits }),
  };
}

/** Comma-separated words, blanks ignored. */
export function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

export function patterns(text: string): string[] {
  return text.trim() === NONE ? [] : words(text);
}

const orNull = (text: string): string | null => (text.trim() === NONE ? null : text);

/** Null when no flag speaks of limits. */
function limitSet(flags: AccountFlags, current: LimitSet): LimitSet | null {
  const day = amounts('day', flags.limitDayUsd, flags.limitDayTokens, flags.limitDayRequests);
  const month = amounts('month', flags.limitMonthUsd, flags.limitMonthTokens, flags.limitMonthRequests);
  if (day === null && month === null) return null;
  return { ...merged('day', current.day, day), ...merged('month', current.month, month) };
}

type Changes = { readonly [K in keyof LimitAmounts]?: LimitAmounts[K] | null };

function amounts(window: string, usd?: string, tokens?: string, requests?: string): Changes | null {
  if (usd === undefined && tokens === undefined && requests === undefined) return null;
  return {
    ...(usd === undefined ? {} : { cost: usd === NONE ? null : dollars(`--limit-${window}-usd`, usd) }),
    ...(tokens === undefined
      ? {}
      : { tokens: tokens === NONE ? null : atLeastOne(`--limit-${window}-tokens`, tokens) }),
    ...(requests === undefined
      ? {}
      : { requests: requests === NONE ? null : atLeastOne(`--limit-${window}-requests`, requests) }),
  };
}

function merged(
  window: 'day' | 'month',
  current: LimitAmounts = {},
  changes: Changes | null = null,
): LimitSet {
  const entries = Object.entries({ ...current, ...changes }).filter(([, value]) => value !== null);
  return entries.length === 0 ? {} : { [window]: Object.fromEntries(entries) };
}

function whole(flag: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw usage(`${flag} takes a whole number.`);
  return Number(text);
}

/** People write 2_000_000 and 2,000,000. */
function atLeastOne(flag: string, text: string): number {
  const value = whole(flag, text.replace(/[_,]/g, ''));
  if (value < 1) throw usage(`${flag} is at least 1. To stop an account, use \`cam disable\`.`);
  return value;
}

function dollars(flag: string, text: string): NanoDollars {
  const plain = text.replace(/^\$/, '').replace(/[_,](?=\d{3})/g, '');
  if (!/^\d{1,7}(\.\d{1,9})?$/.test(plain))
    throw usage(`${flag} takes an amount in dollars, e.g. 25 or 2.50.`);
  const amount = fromDollars(Number(plain));
  if (amount < 1) throw usage(`${flag} is more than 0. To stop an account, use \`cam disable\`.`);
  return amount;
}

const usage = (message: string): CamError => new CamError('invalid_request', message);
