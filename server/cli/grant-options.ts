/** The flags that `cam keys add` and `cam keys edit` share: what a client key may use. */
import type { Command } from 'commander';
import { CLIENT_SCOPES, type ClientScope } from '../../lib/clients/client-key.ts';
import { CamError } from '../../lib/errors.ts';
import type { ClientLimits } from '../../lib/metering/client-limits.ts';
import { patterns, words } from './account-options.ts';
import { collect, LIMIT_HELP, limitsWith } from './limit-option.ts';

export interface GrantFlags {
  readonly accounts?: string;
  readonly models?: string;
  readonly limit?: readonly string[];
  readonly tiers?: string;
  readonly efforts?: string;
  readonly scopes?: string;
  readonly expires?: string;
}

export function addGrantOptions(command: Command): Command {
  return command
    .option('--accounts <names>', 'only these accounts, separated by commas; "all" for every account')
    .option('--models <patterns>', 'only these models, e.g. gpt-5*,!gpt-5-pro; "none" for no restriction')
    .option('--limit <limit>', LIMIT_HELP, collect)
    .option('--tiers <words>', 'service tiers that calls may name, e.g. default,flex; "all" for any')
    .option('--efforts <words>', 'reasoning efforts that calls may name, e.g. low,medium; "all" for any')
    .option('--scopes <words>', `what it may do: ${CLIENT_SCOPES.join(', ')}, separated by commas`)
    .option('--expires <date>', 'when it ends, e.g. 2027-01-31; "never" for no end');
}

export interface ClientGrants {
  readonly accounts?: string[] | null;
  readonly models?: string[];
  readonly limits?: ClientLimits;
  readonly serviceTiers?: string[] | null;
  readonly reasoningEfforts?: string[] | null;
  readonly scopes?: ClientScope[];
  readonly expiresAtMs?: number | null;
}

/** @param current the limits that stay where no flag names them */
export function grantsOf(flags: GrantFlags, current: ClientLimits): ClientGrants {
  const { accounts, models, limit, tiers, efforts, scopes, expires } = flags;
  return {
    ...(accounts === undefined ? {} : { accounts: wordsOrAll(accounts) }),
    ...(models === undefined ? {} : { models: patterns(models) }),
    ...(limit === undefined ? {} : { limits: limitsWith(current, limit) }),
    ...(tiers === undefined ? {} : { serviceTiers: wordsOrAll(tiers) }),
    ...(efforts === undefined ? {} : { reasoningEfforts: wordsOrAll(efforts) }),
    ...(scopes === undefined ? {} : { scopes: scopesOf(scopes) }),
    ...(expires === undefined ? {} : { expiresAtMs: momentOf(expires) }),
  };
}

const wordsOrAll = (text: string): string[] | null => (text.trim() === 'all' ? null : words(text));

/** Throws `invalid_request`. */
function scopesOf(text: string): ClientScope[] {
  return words(text).map((word) => {
    const scope = CLIENT_SCOPES.find((one) => one === word);
    if (scope === undefined)
      throw new CamError('invalid_request', `--scopes takes ${CLIENT_SCOPES.join(', ')}, not "${word}".`);
    return scope;
  });
}

function momentOf(text: string): number | null {
  if (text.trim() === 'never') return null;
  const atMs = /^\d{4}-\d{2}-\d{2}$/.test(text.trim())
    ? new Date(`${text.trim()}T00:00`).getTime()
    : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new CamError('invalid_request', '--expires takes a date such as 2027-01-31, or never.');
}
