/**
 * The states that an agent's user may meet, and how to get the server into each. Those that an agent cannot be
 * brought into from outside (no memory left, a failing disk) answer like another one that is here.
 */
import type { Fault } from '../../server/demo/faults.ts';
import { faults } from '../../server/demo/faults.ts';
import type { World } from './world.ts';
import { ACCOUNTS, CLIENT_KEY, keyOf, MASTER_KEY } from './world.ts';

export interface State {
  readonly name: string;
  /** May give back the client key that the agent then uses. */
  enter(world: World): Promise<unknown>;
  readonly key?: string;
  /** Lines of the server's configuration file. */
  readonly config?: string;
  /** Of the base URL, instead of `/v1`. */
  readonly path?: string;
  /** Headers that are changed on the way to the server; null takes one away. */
  readonly change?: Readonly<Record<string, string | null>>;
  /** The agent has had one good turn before. */
  readonly turnBefore?: boolean;
  /** It strikes once, so each agent needs a world of its own. */
  readonly passes?: boolean;
  /** Nothing stands between agent and server. */
  readonly direct?: boolean;
}

const everywhere = (fault: Fault, times?: number) => async (world: World) => {
  for (const name of ACCOUNTS) world.fault(name, fault, times);
};
const eachAccount = (procedure: string, input: object) => async (world: World) => {
  for (const ref of ACCOUNTS) await world.admin(procedure, { ref, ...input });
};
const nothing = async () => undefined;

/** A client key with rules of its own, for the agent. */
const keyWith = (grants: object) => (world: World) => newKey(world, 'narrow', grants);

async function newKey(world: World, name: string, grants: object): Promise<string> {
  const { key } = (await world.admin('clients.add', { name, ...grants })) as { readonly key: string };
  return key;
}

/** So many calls of a key that get no answer, until the world ends. */
async function hold(world: World, key: string, calls: number): Promise<void> {
  for (let n = 0; n < calls; n++) {
    fetch(`${world.baseUrl}/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'gpt-5', input: 'hold', stream: true }),
    }).catch(() => undefined);
  }
  for (let waited = 0; world.received('First').filter(({ method }) => method === 'POST').length < calls; ) {
    if (waited++ > 1_000) throw new Error('the calls to hold never arrived');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  world.forget();
}

const stalled: Fault = { kind: 'stall', beforeHeaders: true };

/** Worlds are not repaired: each state is the only one of its world. */
export const STATES: readonly State[] = [
  { name: 'wrong client key', key: 'sk-not-a-key-of-ours', enter: nothing },
  { name: 'no client key sent', change: { authorization: null }, enter: nothing },
  {
    name: 'client key revoked',
    async enter(world) {
      const key = await newKey(world, 'narrow', {});
      await world.admin('clients.revoke', { ref: 'narrow' });
      return key;
    },
  },
  { name: 'client key of another model', enter: keyWith({ models: ['gpt-4.1'] }) },
  { name: 'client key of another effort', enter: keyWith({ reasoningEfforts: ['low'] }) },
  {
    name: 'client key whose account was removed',
    async enter(world) {
      const { id } = (await world.ask('accounts.get', { ref: 'First' })) as { readonly id: string };
      const key = await newKey(world, 'narrow', { accounts: [id] });
      await world.admin('accounts.remove', { ref: 'First' });
      return key;
    },
  },
  { name: 'base url without v1', path: '', enter: nothing },
  { name: 'host of another name', change: { host: 'cam.example' }, enter: nothing },
  { name: 'server not running', direct: true, enter: (world) => world.stopServer() },
  { name: 'body too large', config: 'server.body_bytes_max = 4096\n', enter: nothing },
  {
    name: 'too many calls under way',
    config: 'server.in_flight_max = 1\n',
    async enter(world) {
      world.fault('First', stalled);
      await hold(world, CLIENT_KEY, 1);
    },
  },
  {
    name: 'share of the client key reached',
    config: 'server.in_flight_max = 5\n',
    async enter(world) {
      world.fault('First', stalled);
      await hold(world, CLIENT_KEY, 2);
      await hold(world, await newKey(world, 'other', {}), 2);
    },
  },
  { name: 'vault locked', enter: (world) => world.lock() },
  { name: 'no account', enter: eachAccount('accounts.remove', {}) },
  { name: 'every account disabled', enter: eachAccount('accounts.disable', {}) },
  { name: 'model in nobody’s scope', enter: eachAccount('accounts.edit', { models: ['gpt-4.1'] }) },
  {
    name: 'day limit of every account reached',
    enter: eachAccount('accounts.edit', { limits: { day: { tokens: 1 } } }),
  },
  { name: 'every account rate limited for 5 s', passes: true, enter: everywhere(faults.rateLimit(5), 1) },
  { name: 'every account out of quota', enter: everywhere(faults.quota()) },
  { name: 'every key refused', enter: everywhere(faults.unauthorized()) },
  { name: 'every account overloaded', enter: everywhere(faults.overloaded()) },
  { name: 'request too large for every account', enter: everywhere(faults.tooLarge(10_000, 30_000)) },
  { name: 'request refused by policy', enter: everywhere(faults.policy()) },
  { name: 'web page instead of an answer', enter: everywhere(faults.html502()) },
  { name: 'provider silent', config: 'upstream.first_byte_ms = 1000\n', enter: everywhere(stalled) },
  { name: 'provider unreachable', enter: (world) => world.pauseProvider() },
  {
    name: 'provider without tls',
    async enter(world) {
      const baseUrl = world.providerUrl.replace('http:', 'https:');
      for (const ref of ACCOUNTS) {
        await world.admin('accounts.edit', { ref, baseUrl, key: keyOf(ref), masterKey: MASTER_KEY });
      }
    },
  },
  {
    name: 'reasoning of an account that is out',
    config: 'routing.reasoning_failover = "refuse"\n',
    turnBefore: true,
    enter: async (world) => world.fault('First', faults.rateLimit(600)),
  },
  {
    name: 'reasoning of an account that was switched off',
    config: 'routing.reasoning_failover = "refuse"\n',
    turnBefore: true,
    enter: (world) => world.admin('accounts.disable', { ref: 'First' }),
  },
  {
    name: 'answer broken after output',
    passes: true,
    enter: everywhere({ kind: 'cut', onBoundary: true }, 1),
  },
];
