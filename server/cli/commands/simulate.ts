/**
 * `cam simulate`: a day of calls through the real routing rules, without calling anybody. It says what each strategy
 * would do and cost. Only the ledger's own calls need the application. `--json`: SimulationReport.
 */
import { setImmediate } from 'node:timers/promises';
import type { Config } from '../../../lib/config.ts';
import { formatCount } from '../../../lib/format.ts';
import { createPriceBook } from '../../../lib/metering/price-book.ts';
import type { StrategyName } from '../../../lib/routing/plan.ts';
import { AGENT_LOOP, agentLoop } from '../../../lib/routing/simulate/agent-loop.ts';
import type { OwnAccounts } from '../../../lib/routing/simulate/own-pool.ts';
import type { RecordedDay, RecordedFigures } from '../../../lib/routing/simulate/recorded.ts';
import { createSimulation } from '../../../lib/routing/simulate/simulate.ts';
import { syntheticDay } from '../../../lib/routing/simulate/synthetic-day.ts';
import type { SimulationResult } from '../../../lib/routing/simulate/tally.ts';
import type { Trace } from '../../../lib/routing/simulate/trace.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { readOwnAccounts } from '../own-accounts.ts';
import { settingsHere } from '../settings-here.ts';
import {
  ACCOUNTS_MAX,
  addSimulateOptions,
  readSimulateOptions,
  type SimulateFlags,
  type SimulateOptions,
} from '../simulate-options.ts';
import { describe, printComparison, printOne } from '../simulate-text.ts';
import type { Terminal } from '../terminal.ts';
import { readTraceFile, writeTraceFile } from '../trace-file.ts';
import { readLedger } from '../trace-ledger.ts';

/** What `--json` prints. */
export interface SimulationReport {
  readonly trace: { readonly source: string; readonly calls: number; readonly faults: number };
  /** With `--trace ledger`: what became of the calls in truth. */
  readonly asItWas: RecordedFigures | null;
  readonly accounts: number;
  readonly organizations: number;
  /** The accounts that there are, by name, where no flag made others up; null for made-up ones. */
  readonly ownAccounts: readonly string[] | null;
  readonly affinity: Config['routing']['affinity'];
  readonly seed: number;
  readonly results: readonly SimulationResult[];
}

export const addSimulate: CommandModule = (command, world) => {
  addSimulateOptions(command);
  command.action(async (flags: SimulateFlags) => {
    const { terminal } = world;
    const asked = readSimulateOptions(flags);
    const config = configFor(asked, world);
    const connection = asked.trace === LEDGER ? await world.connect() : null;
    const recorded = connection && (await readLedger(connection, asked.hours, Date.now()));
    const own = connection && !asked.madeUp ? await readOwnAccounts(connection) : null;
    const options = recorded === null ? asked : withItsAccounts(flags, recorded, own);
    const trace = recorded?.trace ?? (await traceFor(options));
    if (options.writeTrace !== null) await writeTraceFile(options.writeTrace, trace);
    if (!world.flags().json) for (const line of describe(trace, options, recorded, own)) terminal.say(line);
    const results: SimulationResult[] = [];
    for (const strategy of options.strategies) {
      results.push(await run(strategy, trace, config, options, own, terminal));
    }
    if (world.flags().json) terminal.json(report(trace, recorded, config, options, own, results));
    else if (results.length === 1 && results[0] !== undefined) printOne(terminal, results[0], recorded);
    else printComparison(terminal, results, recorded);
  });
};

const LEDGER = 'ledger';

/** Where no flag makes accounts up: those that there are. With flags, as many as served in truth unless they say. */
function withItsAccounts(
  flags: SimulateFlags,
  { accounts }: RecordedDay,
  own: OwnAccounts | null,
): SimulateOptions {
  const served = String(Math.min(Math.max(1, accounts), ACCOUNTS_MAX));
  const options = readSimulateOptions({ ...flags, accounts: flags.accounts ?? served });
  if (own === null) return options;
  return { ...options, accounts: own.pool.known.length, organizations: own.organizations };
}

/** A Monday, so that the same options give the same figures on any day. */
const STARTS_AT_MS = Date.UTC(2026, 10, 23);

async function traceFor(options: SimulateOptions): Promise<Trace> {
  switch (options.trace) {
    case 'synthetic':
      return syntheticDay({
        seed: options.seed,
        startsAtMs: STARTS_AT_MS,
        calls: options.calls,
        troubledAccounts: options.faults ? options.accounts : 0,
      });
    case 'agent-loop':
      return agentLoop({ ...AGENT_LOOP, startsAtMs: STARTS_AT_MS });
    default: {
      const trace = await readTraceFile(options.trace);
      return options.faults ? trace : { ...trace, faults: [] };
    }
  }
}

function configFor({ affinity }: SimulateOptions, world: CommandWorld): Config {
  const { config } = settingsHere(world);
  return affinity === null ? config : { ...config, routing: { ...config.routing, affinity } };
}

const CALLS_AT_ONCE = 500;
const SAY_EVERY_MS = 1_000;

async function run(
  strategy: StrategyName,
  trace: Trace,
  config: Config,
  options: SimulateOptions,
  own: OwnAccounts | null,
  terminal: Terminal,
): Promise<SimulationResult> {
  const { accounts, organizations, limits, requestsPerMinute, tokensPerMinute, cacheIdleMs, seed } = options;
  const simulation = createSimulation({
    trace,
    strategy,
    pool: own?.pool ?? { accounts, organizations, limits },
    provider: { requestsPerMinute, tokensPerMinute, cacheIdleMs },
    config,
    prices: createPriceBook({ today: () => trace.startsAtMs }),
    seed,
  });
  let saidMs = performance.now();
  while (simulation.advance(CALLS_AT_ONCE)) {
    // Lets an interrupt through.
    await setImmediate();
    if (performance.now() - saidMs < SAY_EVERY_MS) continue;
    saidMs = performance.now();
    terminal.say(
      `${strategy}: ${formatCount(simulation.arrived())} of ${formatCount(trace.calls.length)} calls`,
    );
  }
  return simulation.result();
}

function report(
  trace: Trace,
  recorded: RecordedDay | null,
  { routing }: Config,
  { trace: source, accounts, organizations, seed }: SimulateOptions,
  own: OwnAccounts | null,
  results: readonly SimulationResult[],
): SimulationReport {
  return {
    trace: { source, calls: trace.calls.length, faults: trace.faults.length },
    asItWas: recorded?.asItWas ?? null,
    accounts,
    organizations,
    ownAccounts: own?.pool.known.map(({ name }) => name) ?? null,
    affinity: routing.affinity,
    seed,
    results,
  };
}
