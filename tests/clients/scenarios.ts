/**
 * What has to work with every real agent, as promises. A scenario throws when its promise is broken.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Fault } from '../../server/demo/faults.ts';
import { faults } from '../../server/demo/faults.ts';
import type { OpenSession } from './agent-session.ts';
import { createDoorbell } from './doorbell.ts';
import type { Failing } from './sessions.ts';
import { FAILINGS, FAILS_AT, TURNS, tenTurns } from './sessions.ts';
import type { Agent, AgentOptions, AgentRun } from './spawn-agent.ts';
import type { World } from './world.ts';
import { ACCOUNTS, CLIENT_KEY } from './world.ts';

export interface Scenario {
  readonly promise: string;
  /**
   * @param name for this scenario's folder
   * @returns what a person saw, in a few words
   */
  run(world: World, name: string): Promise<string>;
}

export interface TestedAgent {
  readonly name: string;
  readonly agent: Agent;
  readonly session: OpenSession;
  /** Its answers bring encrypted reasoning along. */
  readonly seals: boolean;
}

interface Scene extends Omit<TestedAgent, 'name'> {
  readonly world: World;
  readonly name: string;
}

interface AgentScenario {
  readonly promise: string;
  /** Agents it is not for. */
  readonly notFor?: readonly string[];
  run(scene: Scene): Promise<string>;
}

const SAY = 'The marker is 4711 and there is nothing more to tell about it';
/** Words by which the agents tell people that something went wrong. */
const TROUBLE = /"type":"error"|Reconnecting|turn\.failed/;

async function ask(scene: Scene, prompt: string, more: Partial<AgentOptions> = {}): Promise<AgentRun> {
  const { world, name } = scene;
  return scene.agent({
    home: join(world.folder, name),
    baseUrl: world.baseUrl,
    key: CLIENT_KEY,
    prompt,
    ...more,
  });
}

function mustSay(run: AgentRun, text: string): void {
  assert.ok(run.stdout.includes(text), `the agent never said ${JSON.stringify(text)}:\n${shown(run)}`);
}

const shown = ({ code, stdout, stderr }: AgentRun): string =>
  `exit ${code}\n${stdout.slice(-3000)}\n${stderr.slice(-1000)}`;

function mustBeCalm(run: AgentRun): void {
  assert.equal(run.code, 0, shown(run));
  assert.doesNotMatch(run.stdout, TROUBLE);
}

const callsOf = (world: World, account: (typeof ACCOUNTS)[number]) =>
  world.received(account).filter(({ method }) => method === 'POST');

/** No account may ever be shown the client's own key, or an account another one's. */
function mustKeepKeysApart(world: World): void {
  assert.deepEqual(world.strangers(), []);
  for (const name of ACCOUNTS) {
    for (const { headers } of world.received(name)) {
      assert.ok(!JSON.stringify(headers).includes(CLIENT_KEY), 'the client key reached an account');
    }
  }
}

const plain: AgentScenario = {
  promise: 'answers a plain prompt',
  async run(scene) {
    const run = await ask(scene, `say exactly: ${SAY}`);
    mustSay(run, SAY);
    mustBeCalm(run);
    mustKeepKeysApart(scene.world);
    return 'the answer';
  },
};

const tool: AgentScenario = {
  promise: 'runs a tool and answers with what it said',
  async run(scene) {
    const run = await ask(scene, 'run `echo tool-$((4000+711))` 2 times');
    mustSay(run, 'The command ran 2 times');
    mustSay(run, 'tool-4711');
    mustBeCalm(run);
    assert.equal(callsOf(scene.world, 'Second').length, 0, 'the session must stay on its account');
    return 'the answer';
  },
};

const customTool: AgentScenario = {
  promise: 'runs a tool of the newer kind, in JavaScript',
  notFor: ['OpenCode', 'OpenCode (chat)'],
  async run(scene) {
    const run = await ask(scene, 'run `echo tool-$((4000+711))`', { model: 'gpt-6.1-sol' });
    mustSay(run, 'tool-4711');
    mustBeCalm(run);
    return 'the answer';
  },
};

const unseen = (what: string, fault: Fault): AgentScenario => ({
  promise: `notices nothing when the first account ${what}`,
  async run(scene) {
    scene.world.fault('First', fault);
    const run = await ask(scene, `say exactly: ${SAY}`);
    mustSay(run, SAY);
    mustBeCalm(run);
    const struck = callsOf(scene.world, 'First').some((call) => call.fault === fault.kind);
    assert.ok(struck, 'the fault never happened');
    assert.ok(callsOf(scene.world, 'Second').length > 0, 'nobody else was asked');
    mustKeepKeysApart(scene.world);
    return 'the answer, nothing else';
  },
});

const session = (failing: Failing, notFor: readonly string[]): AgentScenario => ({
  promise: `finishes ${TURNS} turns whose account answers ${failing.what} from turn ${FAILS_AT} on`,
  notFor,
  async run({ world, name, session: open, seals }) {
    const saw = await tenTurns({ world, name, open, seals }, failing);
    mustKeepKeysApart(world);
    return saw;
  },
});

function broken(what: string, fault: Fault): AgentScenario {
  return {
    promise: `sends the request again when the answer ${what}`,
    async run(scene) {
      const { world } = scene;
      world.fault('First', fault, 1);
      const run = await ask(scene, `say exactly: ${SAY}`);
      mustSay(run, SAY);
      assert.equal(run.code, 0, shown(run));
      const main = ACCOUNTS.flatMap((name) => callsOf(world, name)).filter(({ body }) =>
        body.includes('"tools"'),
      );
      assert.ok(
        main.some((call) => call.fault === fault.kind),
        'the fault never happened',
      );
      assert.equal(main.length, 2, `expected one call and one more, not ${main.length}`);
      assert.equal(run.stdout.split(SAY).length, 2, 'the answer must be there once');
      return TROUBLE.test(run.stdout) ? 'a note that it is reconnecting, then the answer' : 'the answer';
    },
  };
}

const LOCKED = /is locked/i;
const READ_WITHIN_MS = 15_000;

const locked: AgentScenario = {
  promise: 'shows within 15 seconds of asking that the server is locked, and where to unlock it',
  async run(scene) {
    await scene.world.lock();
    const doorbell = await createDoorbell(scene.world.baseUrl);
    try {
      const run = await ask(scene, `say exactly: ${SAY}`, { baseUrl: doorbell.baseUrl, stopAt: '/admin' });
      assert.match(run.stdout + run.stderr, LOCKED, shown(run));
      const askedAfterMs = (doorbell.firstRungMs() ?? Infinity) - run.startedMs;
      const readAfterMs = (run.seenAfterMs('/admin') ?? Infinity) - askedAfterMs;
      const answers = doorbell.answers.map(
        ({ askedMs, asked, status }) => `${asked} after ${Math.round(askedMs - run.startedMs)} ms: ${status}`,
      );
      assert.ok(
        readAfterMs <= READ_WITHIN_MS,
        `only after ${readAfterMs} ms; ${answers.join(', ')}; ${doorbell.count()} asked: ${shown(run)}`,
      );
      return `the sentence, ${(readAfterMs / 1000).toFixed(1)} s after asking`;
    } finally {
      await doorbell.close();
    }
  },
};

/** The last one leaves the server locked. */
const SCENARIOS: readonly AgentScenario[] = [
  plain,
  tool,
  customTool,
  unseen('answers 429', faults.rateLimit(30)),
  unseen('is overloaded inside HTTP 200', faults.overloadInside()),
  unseen('refuses its key', faults.unauthorized()),
  ...FAILINGS.map((failing) => session(failing, failing.what === '500' ? [] : ['OpenCode (chat)'])),
  broken('is cut on an event boundary', { kind: 'cut', onBoundary: true }),
  broken('is cut inside an event', { kind: 'cut', onBoundary: false }),
  broken('ends cleanly but early', { kind: 'clean_end' }),
  broken('goes silent', { kind: 'stall' }),
  locked,
];

export function scenariosOf({ name: agentName, ...agent }: TestedAgent): readonly Scenario[] {
  return SCENARIOS.filter(({ notFor }) => notFor?.includes(agentName) !== true).map(({ promise, run }) => ({
    promise,
    run: (world, name) => run({ ...agent, world, name }),
  }));
}
