/**
 * `npm run test:clients`: the real agents, headless and offline, through the built server to the emulator. Each
 * agent has a server of its own, so that they run side by side. One line per scenario, a closing line, and an
 * exit code. Arguments narrow it down: `run.ts codex` runs the scenarios whose line contains "codex"; `--states`
 * instead tries what agents show in each state of the server, for `docs/clients-and-errors.md`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenSession } from './agent-session.ts';
import { codexSession } from './agent-session.ts';
import { openCodeChatSession, openCodeSession } from './open-code-session.ts';
import type { Scenario } from './scenarios.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Agent } from './spawn-agent.ts';
import { codex, openCode, openCodeChat } from './spawn-agent.ts';
import { tryStates } from './try-states.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

interface Cast {
  readonly name: string;
  readonly agent: Agent;
  readonly session: OpenSession;
  /** Its answers bring encrypted reasoning along. */
  readonly seals: boolean;
}

/** Two lanes of about the same length, for two cores. */
const LANES: readonly (readonly Cast[])[] = [
  [{ name: 'OpenCode', agent: openCode, session: openCodeSession, seals: true }],
  [
    { name: 'Codex', agent: codex, session: codexSession, seals: true },
    { name: 'OpenCode (chat)', agent: openCodeChat, session: openCodeChatSession, seals: false },
  ],
];

const wanted = process.argv.slice(2).map((word) => word.toLowerCase());
const tally = { passed: 0, failed: 0 };

if (wanted[0] === '--states') await tryStates(wanted.slice(1).join(' '));
else await runAll();

async function runAll(): Promise<void> {
  await Promise.all(LANES.map(runLane));
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
}

async function runLane(lane: readonly Cast[]): Promise<void> {
  for (const cast of lane) {
    const scenarios = SCENARIOS.filter((scenario) => isWanted(cast, scenario));
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
  if (scenario.notFor?.includes(cast.name) === true) return false;
  const line = `${cast.name} ${scenario.promise}`.toLowerCase();
  return wanted.every((word) => line.includes(word));
}

async function runScenario(cast: Cast, scenario: Scenario, world: World): Promise<void> {
  const startedMs = performance.now();
  try {
    await world.reset();
    const name = `${cast.name}-${scenario.promise}`.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
    const saw = await scenario.run({ ...cast, world, name });
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
