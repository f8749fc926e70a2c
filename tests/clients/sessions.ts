/**
 * A conversation of ten turns whose account fails for good at the sixth, the other accounts being in other
 * organisations: what its user, the provider, the ledger and `cam explain` must then have seen.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { faults } from '../../server/demo/faults.ts';
import type { AgentSession, OpenSession } from './agent-session.ts';
import type { Doorbell, HeardAnswer } from './doorbell.ts';
import { createDoorbell } from './doorbell.ts';
import { ledgerOf } from './ledger.ts';
import type { World } from './world.ts';
import { ACCOUNTS, type AccountName, CLIENT_KEY } from './world.ts';

export interface Failing {
  readonly what: string;
  strike(world: World): void;
  /** What the first account's state must be called in the end; null where nothing keeps calls from it. */
  readonly stateAfter: string | null;
  /** Times that we may ask the provider whether the key is good. */
  readonly probes: number;
}

export const FAILINGS: readonly Failing[] = [
  {
    what: '429',
    strike: (world) => world.fault('First', faults.rateLimit(600)),
    stateAfter: 'cooling_down',
    probes: 0,
  },
  { what: '500', strike: (world) => world.fault('First', faults.serverError()), stateAfter: null, probes: 0 },
  { what: '401', strike: (world) => world.revoke('First'), stateAfter: 'credential_refused', probes: 1 },
];

export const TURNS = 10;
export const FAILS_AT = 6;
/** The answer of a tool comes between two calls. */
const CALLS_PER_TURN = 2;
const TURNS_BEFORE = FAILS_AT - 1;
const TURNS_AFTER = TURNS - TURNS_BEFORE;

export interface SessionScene {
  readonly world: World;
  readonly name: string;
  readonly open: OpenSession;
  /** Its answers bring encrypted reasoning along. */
  readonly seals: boolean;
}

export async function tenTurns(scene: SessionScene, failing: Failing): Promise<string> {
  const { world, name, open } = scene;
  const ledger = await ledgerOf(world);
  const doorbell = await createDoorbell(world.baseUrl);
  const session = await open({ home: join(world.folder, name), baseUrl: doorbell.baseUrl, key: CLIENT_KEY });
  try {
    await takeTurns(session, world, failing);
    mustHaveAnsweredAll(doorbell);
    mustHaveStayedTogether(world, scene.seals);
    await mustHaveJudged(world, failing);
    if (scene.seals) await mustHaveSaidSo(world, doorbell, await ledger.rows());
  } finally {
    await session.close();
    await doorbell.close();
  }
  return 'the answers, nothing else';
}

async function takeTurns(session: AgentSession, world: World, failing: Failing): Promise<void> {
  for (let turn = 1; turn <= TURNS; turn++) {
    if (turn === FAILS_AT) {
      assert.equal(main(world, 'Second').length, 0, 'the session left its account without a reason');
      failing.strike(world);
    }
    const { text, troubles } = await session.turn(`run \`echo turn-$((${turn}*1001))\``);
    assert.deepEqual(troubles, [], `the agent noticed something in turn ${turn}`);
    assert.ok(text.includes(`turn-${turn * 1001}`), `turn ${turn} was not answered: ${text.slice(-1_000)}`);
  }
}

/** The calls that do the work; titles go to small models and carry no tools. */
const isMain = (body: string): boolean => body.includes('"tools"');
const main = (world: World, account: AccountName) =>
  world.received(account).filter(({ method, body }) => method === 'POST' && isMain(body));
const refusedOf = (world: World, account: AccountName) =>
  main(world, account).filter(({ status }) => status !== 200);

function mustHaveAnsweredAll({ answers }: Doorbell): void {
  const bad = answers.filter(({ status }) => status !== 200);
  assert.deepEqual(bad.map(told), [], 'the agent was told of a failure');
}

const told = ({ status, body }: HeardAnswer): string => `${status} ${body.slice(0, 300)}`;

function mustHaveStayedTogether(world: World, seals: boolean): void {
  const { length: before } = main(world, 'First').filter(({ status }) => status === 200);
  assert.equal(before, TURNS_BEFORE * CALLS_PER_TURN, 'calls of the first account');
  const after = main(world, 'Second');
  assert.equal(after.length, TURNS_AFTER * CALLS_PER_TURN, 'every later call belongs to one new account');
  assert.ok(
    after.every(({ body }) => body.includes('turn-1001')),
    'the other account never saw the history',
  );
  assert.deepEqual(refusedOf(world, 'Second'), [], 'the new account was asked for what it must refuse');
  assert.equal(world.received('Third').length, 0, 'a third account was asked');
  const { length: struck } = refusedOf(world, 'First');
  // Without sealed reasoning a conversation goes home after a passing fault, until the breaker opens.
  const most = seals ? 1 : 5;
  assert.ok(struck >= 1 && struck <= most, `${struck} calls met the fault, expected 1 to ${most}`);
}

async function mustHaveJudged(world: World, { probes, stateAfter }: Failing): Promise<void> {
  const asked = world.received('First').filter(({ method, path }) => method === 'GET' && path === '/models');
  assert.equal(asked.length, probes, 'questions whether the key is good');
  const account = await world.ask('accounts.get', { ref: 'First' });
  const { state } = account as { readonly state: { readonly word: string } };
  if (stateAfter !== null) assert.equal(state.word, stateAfter);
}

/** Once in what the client is answered, once in the ledger, and in words. */
async function mustHaveSaidSo(
  world: World,
  { answers }: Doorbell,
  rows: Awaited<ReturnType<Awaited<ReturnType<typeof ledgerOf>>['rows']>>,
): Promise<void> {
  const said = answers.filter(({ headers }) => headers['x-cam-reasoning'] === 'dropped');
  assert.equal(said.length, 1, 'answers that say that reasoning was dropped');
  const dropped = rows.filter(({ reasoningDropped }) => reasoningDropped);
  assert.equal(dropped.length, 1, 'ledger rows that say so');
  assert.equal(dropped[0]?.id, said[0]?.headers['x-cam-request-id'], 'not the same call');
  const bodies = main(world, 'Second').map(({ body }) => body);
  for (const account of ACCOUNTS) {
    if (account === 'Second') continue;
    const seal = sealOf(account);
    assert.ok(
      bodies.every((body) => !body.includes(seal)),
      `reasoning of ${account} went elsewhere`,
    );
  }
  const text = await world.cam('explain', dropped[0]?.id ?? '');
  assert.match(text, /Sent without its encrypted reasoning/);
  assert.match(text, /Delivered by Second in .* after First could not serve it/);
}

/** How what the emulated organisation of an account seals begins. */
const sealOf = (account: AccountName): string =>
  Buffer.from(`{"name":"org-${account.toLowerCase()}"`).toString('base64url').slice(0, 24);
