/** What `cam simulate` prints for people. Programs use `--json`. */
import { NANO_PER_DOLLAR } from '../../lib/base/money.ts';
import {
  formatCents,
  formatCount,
  formatCountOf,
  formatDuration,
  formatLimit,
  formatMoney,
  formatPercent,
  formatTokens,
} from '../../lib/format.ts';
import type { OwnAccounts } from '../../lib/routing/simulate/own-pool.ts';
import type { RecordedDay, RecordedFigures } from '../../lib/routing/simulate/recorded.ts';
import type { AccountFigures, SimulationResult } from '../../lib/routing/simulate/tally.ts';
import type { Trace } from '../../lib/routing/simulate/trace.ts';
import type { SimulateOptions } from './simulate-options.ts';
import { type Column, orDash, printFacts, printTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** What is simulated, in a sentence or two. */
export function describe(
  trace: Trace,
  options: SimulateOptions,
  recorded: RecordedDay | null,
  own: OwnAccounts | null,
): string[] {
  const { accounts, organizations, requestsPerMinute, tokensPerMinute } = options;
  const sessions = new Set(trace.calls.map(({ session }) => session).filter((session) => session !== null));
  return [
    `${formatCountOf(trace.calls.length, 'call')}, ${formatCountOf(sessions.size, 'conversation')}, ${formatCountOf(trace.faults.length, 'trouble')}.`,
    `${formatCountOf(accounts, 'account')} at ${formatCountOf(organizations, 'organisation')}; ${formatLimit(requestsPerMinute)} requests and ${formatLimit(tokensPerMinute)} tokens a minute each.`,
    ...(own === null
      ? []
      : [`Your accounts as they are now: ${own.pool.known.map(({ name }) => name).join(', ')}.`]),
    ...(own === null || own.leftOut.length === 0
      ? []
      : [`Left out, because only you can bring them back: ${own.leftOut.join(', ')}.`]),
    ...(recorded === null || recorded.estimated === 0
      ? []
      : [`${formatCountOf(recorded.estimated, 'call')} without reported usage: their size is estimated.`]),
    ...(recorded === null || recorded.leftOut === 0
      ? []
      : [`${formatCountOf(recorded.leftOut, 'call')} left out: their path is no endpoint any more.`]),
  ];
}

export function printComparison(
  terminal: Terminal,
  results: readonly SimulationResult[],
  recorded: RecordedDay | null,
): void {
  const inTruth =
    recorded === null ? [] : [{ ...recorded.asItWas, strategy: 'as it was', rateLimited: null }];
  printTable<ComparisonRow>(terminal, [...inTruth, ...results], COMPARISON);
}

export function printOne(terminal: Terminal, result: SimulationResult, recorded: RecordedDay | null): void {
  printComparison(terminal, [result], recorded);
  terminal.out('');
  printFacts(terminal, [
    ['moved', `${formatCount(result.movedCalls)} calls to another account before an answer`],
    [
      'conversations',
      `${formatCount(result.sessionMoves)} times continued elsewhere, ${formatCount(result.reasoningDropped)} without their reasoning`,
    ],
    ['waited', formatDuration(result.waitedMs)],
    [
      'tokens',
      `${formatTokens(result.inputTokens)} in (${formatTokens(result.cachedTokens)} cached), ${formatTokens(result.outputTokens)} out`,
    ],
    ...Object.entries(result.failedBy).map(
      ([by, count]) => ['failed', `${formatCount(count)} × ${by}`] as const,
    ),
  ]);
  if (result.unknownCostCalls > 0) {
    printFacts(terminal, [
      ['no price', `${formatCount(result.unknownCostCalls)} calls whose cost is not known`],
    ]);
  }
  terminal.out('');
  printTable(terminal, result.accounts, ACCOUNTS);
}

/** How many 429s were met in truth is in no ledger row. */
interface ComparisonRow extends RecordedFigures {
  readonly strategy: string;
  readonly rateLimited: number | null;
}

const COMPARISON: Column<ComparisonRow>[] = [
  { title: 'STRATEGY', cell: (row) => row.strategy },
  { title: 'FAILED', right: true, cell: (row) => formatCount(row.failed) },
  { title: '429S', right: true, cell: (row) => formatCount(row.rateLimited) },
  {
    title: 'UPSTREAM/CALL',
    right: true,
    cell: (row) => orDash(row.upstreamCallsPerCall, (calls) => calls.toFixed(3)),
  },
  { title: 'CACHED', right: true, cell: (row) => formatPercent(row.cachedShare) },
  { title: 'COST', right: true, cell: (row) => money(row.cost) },
  { title: 'FAIRNESS', right: true, cell: (row) => orDash(row.fairness, (index) => index.toFixed(2)) },
];

const ACCOUNTS: Column<AccountFigures>[] = [
  { title: 'ACCOUNT', cell: (row) => row.name },
  { title: 'ORGANISATION', cell: (row) => row.organization },
  { title: 'DIALLED', right: true, cell: (row) => formatCount(row.dials) },
  { title: 'SERVED', right: true, cell: (row) => formatCount(row.served) },
  { title: '429S', right: true, cell: (row) => formatCount(row.rateLimited) },
  { title: 'TOKENS', right: true, cell: (row) => formatTokens(row.tokens) },
  { title: 'COST', right: true, cell: (row) => money(row.cost) },
];

/** To the cent where `formatMoney` would round to dollars: strategies differ by cents. */
function money(cost: number | null): string {
  return cost !== null && cost >= 100 * NANO_PER_DOLLAR ? formatCents(cost) : formatMoney(cost);
}
