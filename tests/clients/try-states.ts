/**
 * Puts the server into each state that an agent's user may meet and prints what the agent was answered and what
 * its user saw, as rows for `docs/clients-and-errors.md`. It judges nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doorbell } from './doorbell.ts';
import { createDoorbell } from './doorbell.ts';
import type { Agent, AgentRun } from './spawn-agent.ts';
import { codex, openCode } from './spawn-agent.ts';
import type { State } from './states.ts';
import { STATES } from './states.ts';
import { CLIENT_KEY, createWorld } from './world.ts';

const AGENTS: readonly { readonly name: string; readonly agent: Agent }[] = [
  { name: 'Codex', agent: codex },
  { name: 'OpenCode', agent: openCode },
];

/** How long an agent may try from its first request on, and how long it may take to get there. */
const PATIENCE_MS = 75_000;
const START_MS = 120_000;
const SAY = 'The marker is 4711 and there is nothing more to tell about it';

/** @param wanted tries only states whose name contains it */
export async function tryStates(wanted: string): Promise<void> {
  for (const state of STATES) {
    if (!state.name.toLowerCase().includes(wanted)) continue;
    if (state.passes === true) for (const agent of AGENTS) await tryState(state, [agent]);
    else await tryState(state, AGENTS);
  }
}

async function tryState(state: State, agents: typeof AGENTS): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cam-states-'));
  const world = await createWorld(folder, state.config);
  const origin = world.baseUrl.replace(/\/v1$/, state.path ?? '/v1');
  try {
    const homeOf = (name: string) => join(folder, name);
    if (state.turnBefore === true) {
      const at = { baseUrl: world.baseUrl, key: CLIENT_KEY, prompt: 'say exactly: before' };
      for (const { name, agent } of agents) await agent({ ...at, home: homeOf(name) });
    }
    const entered = await state.enter(world);
    const key = state.key ?? (typeof entered === 'string' ? entered : CLIENT_KEY);
    const seen = await Promise.all(
      agents.map(async ({ name, agent }) => {
        const doorbell = await createDoorbell(origin, state.change);
        const run = await ask(agent, { state, home: homeOf(name), key, doorbell, baseUrl: world.baseUrl });
        await doorbell.close();
        return { name, run, doorbell };
      }),
    );
    for (const { name, run, doorbell } of seen) print(state, name, run, doorbell);
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Asking {
  readonly state: State;
  readonly home: string;
  readonly key: string;
  readonly doorbell: Doorbell;
  readonly baseUrl: string;
}

async function ask(agent: Agent, { state, home, key, doorbell, baseUrl }: Asking): Promise<AgentRun> {
  const direct = state.direct === true;
  const patience = new AbortController();
  const late = doorbell.rung.then(() => setTimeout(() => patience.abort(), PATIENCE_MS));
  const run = await agent({
    home,
    key,
    baseUrl: direct ? baseUrl : doorbell.baseUrl,
    prompt: `say exactly: ${SAY}`,
    resume: state.turnBefore === true,
    signal: patience.signal,
    timeoutMs: direct ? PATIENCE_MS : START_MS + PATIENCE_MS,
  });
  if (doorbell.firstRungMs() !== null) clearTimeout(await late);
  return run;
}

function print(state: State, name: string, run: AgentRun, doorbell: Doorbell): void {
  const askedMs = (doorbell.firstRungMs() ?? 0) - run.startedMs;
  const seen = firstWords(run.stdout);
  const after = seen === null ? null : run.seenAfterMs(seen.raw);
  console.log(`\n### ${state.name} · ${name}`);
  console.log(
    `exit ${run.code} · ${doorbell.answers.length} answers · ${Math.round(run.durationMs - askedMs)} ms`,
  );
  for (const line of new Set(doorbell.answers.map(describe))) console.log(`answered ${line}`);
  console.log(
    `user saw ${after === null ? 'nothing' : `after ${Math.round(after - askedMs)} ms: ${seen?.text}`}`,
  );
  console.log(
    `in the end ${run.stdout.includes(SAY) ? 'the answer' : run.stdout.trim().split('\n').at(-1)?.slice(0, 400)}`,
  );
}

function describe({ status, headers, body }: Doorbell['answers'][number]): string {
  const [, type = '–'] = /"type":"(\w+_error|tokens|\w*quota\w*)"/.exec(body) ?? [];
  const [, code = '–'] = /"code":"?(\w+)"?/.exec(body) ?? [];
  const [, message = ''] = /"message":"((?:[^"\\]|\\.)*)"/.exec(body) ?? [];
  const more = ['retry-after', 'x-should-retry', 'x-cam-attempts'].map(
    (header) => `${header}: ${headers[header] ?? '–'}`,
  );
  return `${status} ${status < 400 ? '' : `code ${code}, type ${type}, ${more.join(', ')}: ${message}`}`;
}

/** The first thing in the output that tells of trouble or holds the answer. */
function firstWords(stdout: string): { readonly raw: string; readonly text: string } | null {
  const line = stdout.split('\n').find((text) => text.includes('"error"') || text.includes(SAY));
  const [, message] = /"message":"((?:[^"\\]|\\.)*)"/.exec(line ?? '') ?? [];
  if (line === undefined) return null;
  return message === undefined ? { raw: SAY, text: SAY } : { raw: message, text: message };
}
