/**
 * `npm run test:clients`: the real agents, headless and offline, through the built server to the emulator. Each
 * agent has a server of its own, so that they run side by side. One line per scenario, a closing line, and an
 * exit code. Arguments narrow it down: `run.ts codex` runs the scenarios whose line contains "codex"; `--states`
 * instead tries what agents show in each state of the server, for `docs/clients-and-errors.md`; `--soak SECONDS SEED`
 * lets them work on failing accounts, for `docs/routing.md`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codexSession } from './agent-session.ts';
import { openCodeChatSession, openCodeSession } from './open-code-session.ts';
import type { Scenario } from './scenarios.ts';
import { scenariosOf } from './scenarios.ts';
import { SDK_SCENARIOS } from './sdk-scenarios.ts';
import { CODEX_AND_SDK_SET_UP, OPEN_CODE_SET_UP } from './set-up-scenarios.ts';
import { soak } from './soak.ts';
import { codex, openCode, openCodeChat } from './spawn-agent.ts';
import { tryStates } from './try-states.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

/** One client, and what it has to do in a world of its own. */
interface Cast {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}

const OPEN_CODE = { name: 'OpenCode', agent: openCode, session: openCodeSession, seals: true };
const OPEN_CODE_CHAT = {
  name: 'OpenCode (chat)',
  agent: openCodeChat,
  session: openCodeChatSession,
  seals: false,
};
const CODEX = { name: 'Codex', agent: codex, session: codexSession, seals: true };

/** Two lanes of about the same length, for two cores. */
const LANES: readonly (readonly Cast[])[] = [
  [
    { name: OPEN_CODE.name, scenarios: scenariosOf(OPEN_CODE) },
    { name: 'Set-up:', scenarios: OPEN_CODE_SET_UP },
  ],
  [
    { name: CODEX.name, scenarios: scenariosOf(CODEX) },
    { name: OPEN_CODE_CHAT.name, scenarios: scenariosOf(OPEN_CODE_CHAT) },
    { name: 'OpenAI SDK', scenarios: SDK_SCENARIOS },
    { name: 'Set-up:', scenarios: CODEX_AND_SDK_SET_UP },
  ],
];

const wanted = process.argv.slice(2).map((word) => word.toLowerCase());
const tally = { passed: 0, failed: 0 };

if (wanted[0] === '--states') await tryStates(wanted.slice(1).join(' '));
else if (wanted[0] === '--soak') {
  const [, seconds = '180', seed = '1'] = wanted;
  process.exitCode = (await soak(Number(seconds), Number(seed))) ? 0 : 1;
} else await runAll();

async function runAll(): Promise<void> {
  const startedMs = performance.now();
  await Promise.all(LANES.map(runLane));
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(`took ${seconds} s`);
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
}

async function runLane(lane: readonly Cast[]): Promise<void> {
  for (const cast of lane) {
    const scenarios = cast.scenarios.filter((scenario) => isWanted(cast, scenario));
    if (scenarios.length === 0) continue;
    const folder = await mkdtemp(join(tmpdir(), 'cam-clients-'));
    const world = await createWorld(folder).catch((error: unknown) => {
      report(cast, 'starts', 0, error);
      return null;
    });
    if (world !== null) {
      for (const scenario of scenarios) await runScenario(cast, scenario, world);
      await world.close();
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function isWanted(cast: Cast, scenario: Scenario): boolean {
  const line = `${cast.name} ${scenario.promise}`.toLowerCase();
  return wanted.every((word) => line.includes(word));
}

async function runScenario(cast: Cast, scenario: Scenario, world: World): Promise<void> {
  const startedMs = performance.now();
  try {
    await world.reset();
    const name = `${cast.name}-${scenario.promise}`.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
    const saw = await scenario.run(world, name);
    report(cast, `${scenario.promise} (saw ${saw})`, performance.now() - startedMs);
  } catch (error) {
    report(cast, scenario.promise, performance.now() - startedMs, error);
  }
}

function report(cast: Cast, promise: string, durationMs: number, error?: unknown): void {
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  if (error === undefined) {
    tally.passed++;
    console.log(`ok    ${cast.name} ${promise}, ${seconds}`);
    return;
  }
  tally.failed++;
  console.log(`FAIL  ${cast.name} ${promise}, ${seconds}`);
  console.log(String(error instanceof Error ? error.message : error).replaceAll(/^/gm, '      '));
}
