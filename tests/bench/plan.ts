/**
 * What one plan costs: `node tests/bench/plan.ts`. The real planner over made-up accounts in ordinary and in bad shape,
 * with conversations, limits and figures of providers. CPU time of this process, so that a busy machine does not count
 * against it; the median of many batches, taken in turns with those of the other rows.
 */
import { accountId, uuidV7 } from '../../lib/base/id.ts';
import { nanoDollars } from '../../lib/base/money.ts';
import { seededRandom } from '../../lib/base/random.ts';
import { defaultConfig } from '../../lib/config.ts';
import { makePlan } from '../../lib/routing/make-plan.ts';
import { STRATEGIES, type StrategyName } from '../../lib/routing/plan.ts';
import type { PlanInput } from '../../lib/routing/plan-input.ts';
import type { Upstream } from '../../lib/routing/upstream.ts';
import { CALLER, NO_FACTS, NOW_MS, RESPONSES, upstream } from '../lib/routing/fixtures.ts';

const SIZES = [
  { accounts: 10, plansABatch: 2_000, limitUs: 20 },
  { accounts: 1_000, plansABatch: 100, limitUs: 200 },
] as const;
const STATES = [
  ['well', 0],
  ['half unwell', 0.5],
] as const;
const WARM_UP_MS = 1_500;
const ROUNDS = 40;
const BATCHES = 5;
const MODELS = ['gpt-5.5', 'gpt-6.1-sol', 'gpt-5.4-nano'];

/** @param trouble how many of the accounts cool down, failed, or are marked: 0 to 1 */
function makeAccounts(count: number, trouble: number): Upstream[] {
  const random = seededRandom(7);
  const pick = (max: number): number => Math.floor(random() * max);
  return Array.from({ length: count }, (_, at): Upstream => {
    const bytes = Uint8Array.from({ length: 10 }, () => pick(256));
    const id = accountId(uuidV7(NOW_MS, bytes));
    const unwell = random() < trouble;
    const figure = (limit: number) => ({
      limit,
      remaining: pick(limit),
      fullAtMs: NOW_MS + pick(60_000) + 1,
      readAtMs: NOW_MS - pick(20_000),
    });
    const told = { tokens: figure(500_000), requests: figure(500) };
    const sent = { tokens: 9_000, requests: 1 };
    const used = { requests: pick(900), tokens: pick(900_000), cost: nanoDollars(pick(1_000_000_000)) };
    return upstream(`account ${at}`, {
      account: {
        id,
        priority: pick(5) * 10,
        weight: 1 + pick(3),
        models: at % 3 === 0 ? ['gpt-*', '!gpt-4*'] : [],
        limits:
          at % 2 === 0
            ? { day: { requests: 1_000, tokens: 1_000_000 }, month: { cost: nanoDollars(2e9) } }
            : {},
      },
      facts: { organization: `org-${at}`, project: `proj-${at}` },
      used: { day: used, month: used },
      inFlight: pick(20),
      headerLimits: told,
      rooms: Object.fromEntries(MODELS.map((model) => [model, { ...told, sent, told: sent }])),
      lastUsedAtMs: NOW_MS - pick(100_000),
      cooldowns: unwell
        ? {
            'gpt-5.5': {
              cause: 'rate_limit',
              untilMs: NOW_MS + 10_000,
              sinceMs: NOW_MS - 1_000,
              guessed: false,
              streak: 1,
              code: 'rate_limit_exceeded',
              probeAtMs: null,
            },
          }
        : {},
    });
  });
}

function makeInputs(upstreams: readonly Upstream[], strategy: StrategyName): PlanInput[] {
  const config = defaultConfig();
  return Array.from({ length: 64 }, (_, at): PlanInput => {
    const home = upstreams[(at * 37) % upstreams.length]?.account.id;
    const talks = at % 2 === 0 && home !== undefined;
    return {
      call: {
        bodyBytes: 30_000,
        endpoint: RESPONSES,
        model: MODELS[at % MODELS.length] ?? null,
        session: talks ? { hash: `${at}`.padStart(32, '0'), source: 'session-id', parentHash: null } : null,
        facts: talks ? { ...NO_FACTS, sealedReasoning: 'sealed', continues: true } : NO_FACTS,
      },
      caller: CALLER,
      upstreams,
      home: talks ? { accountId: home, organization: null } : null,
      parentHome: null,
      sealedBy: null,
      owner: null,
      strategyState: { turn: at },
      config: { ...config, routing: { ...config.routing, strategy } },
      nowMs: NOW_MS,
      seed: at * 2_654_435_761,
      sizeTokens: () => 12_000,
    };
  });
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

let made = 0;
function run(inputs: readonly PlanInput[], plans: number): void {
  for (let at = 0; at < plans; at++) {
    const input = inputs[at % inputs.length];
    if (input) made += makePlan(input).candidates.length;
  }
}

interface Row {
  readonly accounts: number;
  readonly state: string;
  readonly strategy: StrategyName;
  readonly plansABatch: number;
  readonly limitUs: number;
  readonly inputs: readonly PlanInput[];
  /** CPU microseconds a plan, one for each batch. */
  readonly batches: number[];
}

const rows = SIZES.flatMap(({ accounts, plansABatch, limitUs }) =>
  STATES.flatMap(([state, trouble]) => {
    const upstreams = makeAccounts(accounts, trouble);
    return STRATEGIES.map((strategy): Row => {
      const inputs = makeInputs(upstreams, strategy);
      return { accounts, state, strategy, plansABatch, limitUs, inputs, batches: [] };
    });
  }),
);

for (const { inputs, plansABatch } of rows)
  for (const untilMs = performance.now() + WARM_UP_MS; performance.now() < untilMs; )
    run(inputs, plansABatch);

// In turns: a machine that is slow for a while is so for every row, and for less than half of what each was measured.
for (let round = 0; round < ROUNDS; round++)
  for (const { inputs, plansABatch, batches } of rows)
    for (let batch = 0; batch < BATCHES; batch++) {
      const before = cpuUs();
      run(inputs, plansABatch);
      batches.push((cpuUs() - before) / plansABatch);
    }

let late = false;
console.log('accounts  strategy        state        median µs  p90 µs  to reach');
for (const { accounts, strategy, state, limitUs, batches } of rows) {
  batches.sort((a, b) => a - b);
  const at = (share: number): number => batches[Math.floor(share * (batches.length - 1))] ?? Number.NaN;
  const median = at(0.5);
  late ||= median > limitUs;
  const columns = [
    String(accounts).padStart(8),
    strategy.padEnd(14),
    state.padEnd(11),
    median.toFixed(1).padStart(9),
    at(0.9).toFixed(1).padStart(6),
    `${median <= limitUs ? '' : 'MISSED '}≤ ${limitUs}`,
  ];
  console.log(columns.join('  '));
}
if (made === 0) throw new Error('no plan had a candidate');
process.exitCode = late ? 1 : 0;
