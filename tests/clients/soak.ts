/**
 * `npm run test:clients -- --soak 180`: OpenCode and Codex at work at once for so many seconds on three accounts, of
 * which the first two fail in every way the emulator knows, by a seed; then the same turns on one healthy account.
 * No turn may fail, and no answer but 200 may reach an agent.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault, ScriptStep } from '../../server/demo/faults.ts';
import { faults } from '../../server/demo/faults.ts';
import { createRandom } from '../../server/demo/random.ts';
import { codexSession, type OpenSession } from './agent-session.ts';
import type { Doorbell } from './doorbell.ts';
import { createDoorbell } from './doorbell.ts';
import { ledgerOf } from './ledger.ts';
import { openCodeSession } from './open-code-session.ts';
import { type AccountName, CLIENT_KEY, createWorld, type World } from './world.ts';

const AGENTS: readonly { readonly name: string; readonly open: OpenSession }[] = [
  { name: 'Codex', open: codexSession },
  { name: 'OpenCode', open: openCodeSession },
];

const BEFORE_OUTPUT: readonly Fault[] = [
  faults.rateLimit(2),
  faults.rateLimit(),
  faults.tooLarge(10_000, 30_000),
  faults.quota(),
  faults.unauthorized(),
  faults.deactivated(),
  faults.scope(),
  faults.modelNotFound('gpt-5'),
  faults.serverError(),
  faults.overloaded(),
  faults.overloaded(1),
  faults.html502(),
  { kind: 'empty', status: 520 },
  { kind: 'reset' },
  { kind: 'cut', onBoundary: true, afterOutput: 0 },
  { kind: 'cut', onBoundary: false, afterOutput: 0 },
  { kind: 'clean_end', afterOutput: 0 },
  { kind: 'stall', beforeHeaders: true },
  { kind: 'stall', afterOutput: 0 },
  ...(['error', 'failed'] as const).flatMap((form): Fault[] => [
    faults.overloadInside(form),
    { kind: 'error_event', form, code: 'rate_limit_exceeded' },
    { kind: 'error_event', form, code: 'insufficient_quota' },
    { kind: 'error_event', form, code: 'model_not_found' },
  ]),
];
/** Nobody can hide these: the agent asks again by itself. */
const AFTER_OUTPUT: readonly Fault[] = [
  { kind: 'cut', onBoundary: true },
  { kind: 'cut', onBoundary: false },
  { kind: 'clean_end' },
  { kind: 'stall' },
  { kind: 'error_event', form: 'failed', code: 'server_error', afterOutput: 2 },
];
const ODD: readonly Fault[] = [
  { kind: 'slow', eventDelayMs: 20, firstByteDelayMs: 500 },
  { kind: 'huge_event', bytes: 300_000 },
  { kind: 'wrong_usage' },
  { kind: 'no_usage' },
];

const FAILING = ['First', 'Second'] as const satisfies readonly AccountName[];
const STEPS = 4_000;
const TURNS_PER_SESSION = 20;
/** What only a person mends is mended that often, so that both go on failing. */
const MENDED_EVERY_MS = 5_000;
const CONFIG = 'upstream.first_byte_ms = 3000\n';

function planOf(seed: number): ScriptStep[] {
  const { next } = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  return Array.from({ length: STEPS }, (_, n): ScriptStep => {
    const times = 1 + Math.floor(next() * 2);
    if (n % 2 === 1) return { fault: { kind: 'healthy' }, times };
    const dice = next();
    return { fault: pick(dice < 0.7 ? BEFORE_OUTPUT : dice < 0.85 ? AFTER_OUTPUT : ODD), times };
  });
}

interface Figures {
  /** Turns of each session, by agent. */
  readonly sessions: Record<string, number[]>;
  readonly failures: string[];
  readonly notices: number;
  readonly clientCalls: number;
  readonly upstreamCalls: number;
  readonly broken: number;
  readonly costNano: number;
  readonly unknownCosts: number;
  readonly seconds: number;
}

export async function soak(seconds: number, seed: number): Promise<boolean> {
  const rough = await inWorld(async (world) => {
    for (const [n, name] of FAILING.entries()) world.plan(name, planOf(seed + n));
    const mending = setInterval(() => void mend(world).catch(() => undefined), MENDED_EVERY_MS);
    const endsMs = performance.now() + seconds * 1_000;
    try {
      return await work(world, () => (performance.now() < endsMs ? TURNS_PER_SESSION : 0));
    } finally {
      clearInterval(mending);
    }
  });
  const smooth = await inWorld((world) =>
    work(world, (agent, session) => rough.sessions[agent]?.[session] ?? 0),
  );
  print('two of three accounts fail', rough);
  print('the same turns on healthy accounts', smooth);
  const times = (rough.costNano / smooth.costNano).toFixed(2);
  console.log(`cost ${times} × that of healthy accounts (seed ${seed})`);
  return rough.failures.length === 0 && smooth.failures.length === 0;
}

async function inWorld<T>(use: (world: World) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cam-soak-'));
  const world = await createWorld(folder, CONFIG);
  try {
    return await use(world);
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function mend(world: World): Promise<void> {
  for (const ref of FAILING) await world.admin('accounts.clear', { ref });
}

/** @param turnsOf how many turns the n-th session of an agent gets; with 0 the agent is done */
async function work(world: World, turnsOf: (agent: string, session: number) => number): Promise<Figures> {
  const startedMs = performance.now();
  const ledger = await ledgerOf(world);
  const doorbell = await createDoorbell(world.baseUrl);
  const sessions: Record<string, number[]> = {};
  const failures: string[] = [];
  let notices = 0;
  await Promise.all(
    AGENTS.map(async ({ name, open }) => {
      const done: number[] = [];
      sessions[name] = done;
      for (let n = 0; turnsOf(name, n) > 0; n++) {
        const home = join(world.folder, `${name}-${n}`);
        const session = await open({ home, baseUrl: doorbell.baseUrl, key: CLIENT_KEY });
        for (let turn = 1; turn <= turnsOf(name, n); turn++) {
          const { text, troubles } = await session.turn(`run \`echo turn-$((${turn}*1001))\``);
          notices += troubles.length;
          if (!text.includes(`turn-${turn * 1001}`))
            failures.push(`${name} turn ${turn}: ${troubles.at(-1)}`);
          done[n] = turn;
        }
        await session.close();
      }
    }),
  );
  failures.push(...refusals(doorbell));
  await doorbell.close();
  const rows = await ledger.rows();
  const costs = rows.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  return {
    sessions,
    failures,
    notices,
    clientCalls: doorbell.count(),
    upstreamCalls: rows.reduce((sum, { attempts }) => sum + attempts, 0),
    broken: rows.filter(({ outcome }) => outcome === 'interrupted').length,
    costNano: costs.reduce((sum, cost) => sum + cost, 0),
    unknownCosts: rows.length - costs.length,
    seconds: (performance.now() - startedMs) / 1_000,
  };
}

function refusals({ answers }: Doorbell): string[] {
  return answers
    .filter(({ status }) => status !== 200)
    .map(({ status, body }) => `an agent was answered ${status}: ${body.slice(0, 300)}`);
}

function print(what: string, figures: Figures): void {
  const turns = Object.entries(figures.sessions).map(
    ([name, list]) => `${name} ${list.reduce((sum, one) => sum + one, 0)} turns in ${list.length} sessions`,
  );
  const { clientCalls, upstreamCalls, broken, notices, failures, costNano } = figures;
  console.log(`${what}: ${turns.join(', ')}, ${figures.seconds.toFixed(0)} s`);
  console.log(
    `  ${clientCalls} calls of agents, ${upstreamCalls} upstream (${(upstreamCalls / clientCalls).toFixed(2)} each)`,
  );
  console.log(`  ${broken} broken off after output, ${notices} notices of it, ${failures.length} failures`);
  console.log(`  $${(costNano / 1e9).toFixed(4)}, ${figures.unknownCosts} calls of unknown cost`);
  for (const failure of failures.slice(0, 20)) console.log(`  FAIL ${failure}`);
}
