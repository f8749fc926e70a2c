/** The flags of `cam simulate`, read and judged. */
import type { Command } from 'commander';
import type { Config } from '../../lib/config.ts';
import { CamError } from '../../lib/errors.ts';
import type { LimitSet } from '../../lib/metering/limit.ts';
import { STRATEGIES, type StrategyName } from '../../lib/routing/plan.ts';
import { TRACE_CALLS_MAX } from '../../lib/wire/trace-lines.ts';
import { type AccountFlags, accountSettings, addLimitOptions } from './account-options.ts';

export interface SimulateFlags extends AccountFlags {
  readonly trace: string;
  readonly accounts?: string;
  readonly hours: string;
  readonly organizations?: string;
  readonly strategy: string;
  readonly affinity?: string;
  readonly seed: string;
  readonly calls: string;
  readonly faults: boolean;
  readonly rpm: string;
  readonly tpm: string;
  readonly cacheMinutes: string;
  readonly writeTrace?: string;
}

type AffinityName = Config['routing']['affinity'];
const AFFINITIES: readonly AffinityName[] = ['prefer', 'wait', 'off'];
const ALL = 'all';
export const ACCOUNTS_MAX = 100;
const ACCOUNTS_USUAL = '3';
const HOURS_MAX = 744;

export function addSimulateOptions(command: Command): void {
  command
    .option(
      '--trace <trace>',
      'synthetic (a made-up day), agent-loop (one conversation), ledger (your own calls), or a file',
      'synthetic',
    )
    .option('--hours <number>', 'how far back the ledger is read', '24')
    .option(
      '--accounts <number>',
      `how many equal accounts; without it, ${ACCOUNTS_USUAL}, or with the ledger those that you have`,
    )
    .option('--organizations <number>', 'how many organisations they belong to; without it, one each')
    .option('--strategy <name>', `${STRATEGIES.join(', ')}, or ${ALL}`, ALL)
    .option('--affinity <how>', `${AFFINITIES.join(', ')}; without it, as configured`)
    .option('--seed <number>', 'the same seed gives the same day', '1')
    .option('--calls <number>', 'how many calls a made-up day has', '5000')
    .option('--no-faults', 'without troubles at the providers')
    .option('--rpm <number>', 'requests a minute that each organisation allows a model', '500')
    .option('--tpm <number>', 'tokens a minute that each organisation allows a model', '500000')
    .option('--cache-minutes <number>', 'how long an unused prompt cache is kept', '10')
    .option('--write-trace <file>', 'write the trace to a new file');
  addLimitOptions(command);
}

export interface SimulateOptions {
  readonly trace: string;
  readonly hours: number;
  readonly accounts: number;
  readonly organizations: number;
  readonly strategies: readonly StrategyName[];
  /** Null: as configured. */
  readonly affinity: AffinityName | null;
  readonly seed: number;
  readonly calls: number;
  readonly faults: boolean;
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  readonly cacheIdleMs: number;
  readonly limits: LimitSet;
  readonly writeTrace: string | null;
  /** Flags describe accounts, so the ones that there are do not count. */
  readonly madeUp: boolean;
}

const SEED_MAX = 2 ** 32 - 1;
const PER_MINUTE_MAX = 1_000_000_000;
const CACHE_MINUTES_MAX = 1_440;
const MINUTE_MS = 60_000;

export function readSimulateOptions(flags: SimulateFlags): SimulateOptions {
  const accounts = whole('--accounts', flags.accounts ?? ACCOUNTS_USUAL, 1, ACCOUNTS_MAX);
  const limits = accountSettings(flags, null).limits ?? {};
  return {
    trace: flags.trace,
    hours: whole('--hours', flags.hours, 1, HOURS_MAX),
    accounts,
    organizations:
      flags.organizations === undefined
        ? accounts
        : whole('--organizations', flags.organizations, 1, accounts),
    strategies: strategiesOf(flags.strategy),
    affinity: flags.affinity === undefined ? null : oneOf('--affinity', flags.affinity, AFFINITIES),
    seed: whole('--seed', flags.seed, 0, SEED_MAX),
    calls: whole('--calls', flags.calls, 1, TRACE_CALLS_MAX),
    faults: flags.faults,
    requestsPerMinute: whole('--rpm', flags.rpm, 1, PER_MINUTE_MAX),
    tokensPerMinute: whole('--tpm', flags.tpm, 1, PER_MINUTE_MAX),
    cacheIdleMs: whole('--cache-minutes', flags.cacheMinutes, 1, CACHE_MINUTES_MAX) * MINUTE_MS,
    limits,
    writeTrace: flags.writeTrace ?? null,
    madeUp:
      flags.accounts !== undefined || flags.organizations !== undefined || Object.keys(limits).length > 0,
  };
}

function strategiesOf(text: string): readonly StrategyName[] {
  return text === ALL ? STRATEGIES : [oneOf('--strategy', text, [...STRATEGIES])];
}

function oneOf<T extends string>(flag: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new CamError('invalid_request', `${flag} is one of ${names.join(', ')}.`);
  return found;
}

/** People write 50_000 and 50,000. */
function whole(flag: string, text: string, min: number, max: number): number {
  const plain = text.replace(/[_,](?=\d{3})/g, '');
  const value = /^\d{1,15}$/.test(plain) ? Number(plain) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new CamError(
    'invalid_request',
    `${flag} is a whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}.`,
  );
}
