/**
 * Puts the server into each state that an agent's user may meet and prints what the agent was answered and what
 * its user saw, as rows for `docs/clients-and-errors.md`. It judges nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../../server/demo/faults.ts';
import { faults } from '../../server/demo/faults.ts';
import type { Doorbell } from './doorbell.ts';
import { createDoorbell } from './doorbell.ts';
import type { Agent, AgentRun } from './spawn-agent.ts';
import { codex, openCode } from './spawn-agent.ts';
import type { World } from './world.ts';
import { ACCOUNTS, CLIENT_KEY, createWorld } from './world.ts';

interface State {
  readonly name: string;
  enter(world: World): Promise<unknown>;
  readonly key?: string;
}

const everywhere = (fault: Fault, times?: number) => async (world: World) => {
  for (const name of ACCOUNTS) world.fault(name, fault, times);
};
const eachAccount = (procedure: string, input: object) => async (world: World) => {
  for (const ref of ACCOUNTS) await world.admin(procedure, { ref, ...input });
};

/** Worlds are not repaired between states: each state is the only one of its world. */
const STATES: readonly State[] = [
  { name: 'wrong client key', key: 'sk-not-a-key-of-ours', enter: async () => undefined },
  { name: 'vault locked', enter: (world) => world.lock() },
  { name: 'no account', enter: eachAccount('accounts.remove', {}) },
  { name: 'every account disabled', enter: eachAccount('accounts.disable', {}) },
  { name: 'model in nobody’s scope', enter: eachAccount('accounts.edit', { models: ['gpt-4.1'] }) },
  {
    name: 'day limit of every account reached',
    enter: eachAccount('accounts.edit', { limits: { day: { tokens: 1 } } }),
  },
  { name: 'every account rate limited for 5 s', enter: everywhere(faults.rateLimit(5), 1) },
  { name: 'every account out of quota', enter: everywhere(faults.quota()) },
  { name: 'every key refused', enter: everywhere(faults.unauthorized()) },
  { name: 'every account overloaded', enter: everywhere(faults.overloaded()) },
  { name: 'request refused by policy', enter: everywhere(faults.policy()) },
  { name: 'provider unreachable', enter: (world) => world.pauseProvider() },
  { name: 'answer broken after output', enter: everywhere({ kind: 'cut', onBoundary: true }, 1) },
];

const AGENTS: readonly { readonly name: string; readonly agent: Agent }[] = [
  { name: 'Codex', agent: codex },
  { name: 'OpenCode', agent: openCode },
];

const PATIENCE_MS = 75_000;
const SAY = 'The marker is 4711 and there is nothing more to tell about it';
/** @param wanted tries only states whose name contains it */
export async function tryStates(wanted: string): Promise<void> {
  for (const state of STATES) {
    if (!state.name.includes(wanted)) continue;
    for (const { name, agent } of AGENTS) await tryState(state, name, agent);
  }
}

async function tryState(state: State, name: string, agent: Agent): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cam-states-'));
  const world = await createWorld(folder);
  const doorbell = await createDoorbell(world.baseUrl);
  try {
    await state.enter(world);
    const key = state.key ?? CLIENT_KEY;
    const options = { home: join(folder, 'agent'), baseUrl: doorbell.baseUrl, key, timeoutMs: PATIENCE_MS };
    const run = await agent({ ...options, prompt: `say exactly: ${SAY}` });
    print(state, name, run, doorbell);
  } finally {
    await doorbell.close();
    await world.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
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
