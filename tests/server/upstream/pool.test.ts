import { describe, expect, it } from 'vitest';
import type { SealedAccount } from '../../../lib/accounts/account.ts';
import { accountId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { defaultConfig } from '../../../lib/config.ts';
import type { Failure } from '../../../lib/resilience/failure.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { createPool, type Pool } from '../../../server/upstream/pool.ts';
import { chat, openRig } from '../../support/gateway-rig.ts';
import { createFakeClock } from '../vault/fake-clock.ts';

const NOTHING_USED = { requests: 0, tokens: 0, cost: nanoDollars(0) };
const NOW = 1_800_000_000_000;

function account(name: string): SealedAccount {
  return {
    id: accountId(name),
    name,
    provider: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    allowLocal: false,
    organizationId: null,
    projectId: null,
    models: [],
    priority: 0,
    weight: 1,
    enabled: true,
    limits: {},
    priceMultiplier: 1,
    createdAtMs: 0,
    sealedKey: new Uint8Array(),
    intact: true,
  };
}

function poolOf(...names: string[]): Pool {
  return poolAt({ nowMs: () => NOW, monotonicMs: () => 0 }, ...names);
}

function poolAt(clock: Clock, ...names: string[]): Pool {
  const pool = createPool({
    clock,
    config: defaultConfig,
    uses: () => ({ day: NOTHING_USED, month: NOTHING_USED }),
    probe: async () => false,
    announce: () => undefined,
  });
  pool.load(names.map((name) => ({ account: account(name), facts: UNKNOWN, health: null })));
  return pool;
}

const UNKNOWN = { organization: null, project: null, modelIds: null, checkedAtMs: null };
const LIMITED: Failure = {
  class: 'rate_limit',
  phase: 'first_event',
  status: 429,
  code: 'rate_limit_exceeded',
  summary: '',
  toldWaitMs: 30_000,
  toldWaitRaw: '30',
  mark: null,
  requestedTokens: null,
  permanent: false,
  definite: true,
};

describe('A lease', () => {
  it('counts as in flight until it is released, once', () => {
    const pool = poolOf('a');
    const lease = pool.lease(accountId('a'), null);
    expect(pool.snapshot()[0]?.inFlight).toBe(1);
    lease?.release();
    lease?.release();
    expect(pool.snapshot()[0]?.inFlight).toBe(0);
  });

  it('is taken back when the account is disabled, deleted or given another key', () => {
    const pool = poolOf('a', 'b', 'c');
    const leases = ['a', 'b', 'c'].map((name) => pool.lease(accountId(name), null));
    pool.put(accountId('a'), { account: { ...account('a'), enabled: false }, facts: UNKNOWN, health: null });
    pool.put(accountId('b'), null);
    pool.put(accountId('c'), { account: account('c'), facts: UNKNOWN, health: null }, { keyReplaced: true });
    expect(leases.map((lease) => lease?.revoked)).toEqual([true, true, true]);
    expect(pool.lease(accountId('a'), null)).toBe(null);
    expect(pool.lease(accountId('b'), null)).toBe(null);
    expect(pool.lease(accountId('c'), null)).not.toBe(null);
  });

  it('is not given for a quarantined account, nor beyond the cap in flight', () => {
    const pool = poolOf('a');
    const cap = defaultConfig().routing.in_flight_per_account;
    for (let i = 0; i < cap; i++) expect(pool.lease(accountId('a'), null)).not.toBe(null);
    expect(pool.lease(accountId('a'), null)).toBe(null);
    pool.put(accountId('q'), { account: { ...account('q'), intact: false }, facts: UNKNOWN, health: null });
    expect(pool.lease(accountId('q'), null)).toBe(null);
  });
});

const FAILED: Failure = {
  ...LIMITED,
  class: 'overload',
  status: 500,
  code: 'server_error',
  toldWaitMs: null,
};
const A = accountId('a');
const B = accountId('b');

describe('A lease of an account on a ramp', () => {
  function moving() {
    const clock = createFakeClock();
    return { clock, pool: poolAt(clock, 'a', 'b') };
  }

  it('is given to the first call that moves there, then to one more every 250 ms', () => {
    const { clock, pool } = moving();
    const move = () => pool.lease(B, 'gpt-5', { from: A });
    const first = move();
    expect(first).not.toBe(null);
    expect(move()).toBe(null);
    expect(pool.rampedUntilMs(B, 'gpt-5', A)).toBe(clock.monotonicMs() + 250);
    clock.advance(250);
    expect(move()).not.toBe(null);
    expect(move()).toBe(null);
    first?.release();
    expect(move()).not.toBe(null);
    clock.advance(9_750);
    for (let i = 0; i < 100; i++) expect(move()).not.toBe(null);
  });

  it('is given at once to calls that move from elsewhere, that belong there, and that have waited enough', () => {
    const { pool } = moving();
    pool.lease(B, 'gpt-5', { from: A });
    expect(pool.lease(B, 'gpt-5', { from: accountId('c') })).not.toBe(null);
    expect(pool.lease(B, 'gpt-5')).not.toBe(null);
    expect(pool.lease(B, 'gpt-5', { from: A, pastRamp: true })).not.toBe(null);
  });

  it('is held back for everybody after the account was out, for the model that was', () => {
    const { clock, pool } = moving();
    pool.failed(A, 'gpt-5', 'chat', LIMITED);
    expect(pool.lease(A, 'gpt-5')).toBe(null);
    expect(pool.rampedUntilMs(A, 'gpt-5', null)).toBe(null);
    clock.advance(30_000);
    expect(pool.lease(A, 'gpt-5')).not.toBe(null);
    expect(pool.lease(A, 'gpt-5')).toBe(null);
    expect(pool.lease(A, 'gpt-4o')).not.toBe(null);
    expect(pool.lease(A, 'gpt-4o')).not.toBe(null);
  });

  it('is held back after it was disabled or paused by a human', () => {
    const { pool } = moving();
    pool.put(A, { account: { ...account('a'), enabled: false }, facts: UNKNOWN, health: null });
    pool.put(A, { account: account('a'), facts: UNKNOWN, health: null });
    pool.isolate(B, true);
    expect(pool.lease(B, null)).toBe(null);
    pool.isolate(B, false);
    for (const id of [A, B]) {
      expect(pool.lease(id, null)).not.toBe(null);
      expect(pool.lease(id, null)).toBe(null);
    }
  });
});

describe('A probe', () => {
  it('is one lease and no more, and when it ends without a word the next is it', () => {
    const clock = createFakeClock();
    const pool = poolAt(clock, 'a');
    for (let i = 0; i < 5; i++) pool.failed(A, 'gpt-5', 'chat', FAILED);
    clock.advance(20_000);
    const probe = pool.lease(A, 'gpt-5');
    expect(probe?.probe).toBe(true);
    expect(pool.lease(A, 'gpt-5')).toBe(null);
    probe?.release();
    const next = pool.lease(A, 'gpt-5');
    expect(next?.probe).toBe(true);
    pool.failed(A, 'gpt-5', 'chat', FAILED);
    next?.release();
    expect(pool.lease(A, 'gpt-5')).toBe(null);
    expect(pool.snapshot()[0]?.breakers['gpt-5']).toMatchObject({ state: 'open', streak: 2 });
  });
});

describe('Who waits for room', () => {
  it('hears of every lease that ends, of every change by an operator, and of an account that is well again', () => {
    const pool = poolOf('a', 'b');
    const heard: (string | null)[] = [];
    pool.failed(A, 'gpt-5', 'chat', FAILED);
    pool.onRoom((id) => heard.push(id));
    pool.lease(B, null)?.release();
    pool.succeeded(A, 'gpt-5');
    pool.succeeded(A, 'gpt-5');
    pool.clearMarks(A);
    pool.put(A, null);
    expect(heard).toEqual(['b', null, null, null]);
    pool.onRoom(null);
    pool.put(B, null);
    expect(heard).toHaveLength(4);
  });
});

describe('The slots of all accounts', () => {
  it('are those of the accounts that can be dialled', () => {
    const pool = poolOf('a', 'b', 'c');
    const cap = defaultConfig().routing.in_flight_per_account;
    expect(pool.slots()).toBe(3 * cap);
    pool.put(A, { account: { ...account('a'), enabled: false }, facts: UNKNOWN, health: null });
    pool.refuseCredential(B, 'refused', false);
    expect(pool.slots()).toBe(cap);
    pool.clear();
    expect(pool.slots()).toBe(0);
  });
});

describe('Health', () => {
  it('of an open breaker and of a human’s pause survive a restart', () => {
    const clock = createFakeClock();
    const pool = poolAt(clock, 'a', 'b');
    for (let i = 0; i < 5; i++) pool.failed(A, 'gpt-5', 'chat', FAILED);
    pool.isolate(B, true);
    const stored = pool.dirtyHealth();
    const restarted = poolAt(clock);
    restarted.load(
      ['a', 'b'].map((name) => ({
        account: account(name),
        facts: UNKNOWN,
        health: stored.find(({ id }) => id === name)?.health ?? null,
      })),
    );
    expect(restarted.lease(A, 'gpt-5')).toBe(null);
    clock.advance(20_000);
    expect(restarted.lease(A, 'gpt-5')?.probe).toBe(true);
    clock.advance(365 * 86_400_000);
    expect(restarted.lease(B, null)).toBe(null);
    restarted.isolate(B, false);
    expect(restarted.lease(B, null)).not.toBe(null);
  });

  it('survives being stored and read again', () => {
    const pool = poolOf('a');
    pool.failed(accountId('a'), 'gpt-5', 'chat', LIMITED);
    pool.refuseCredential(accountId('a'), 'refused', false);
    const [stored] = pool.dirtyHealth();
    expect(pool.dirtyHealth()).toEqual([]);
    const other = poolOf();
    other.load([{ account: account('a'), facts: UNKNOWN, health: stored?.health ?? null }]);
    expect(other.snapshot()[0]).toMatchObject({
      credentialRefused: 'refused',
      cooldowns: { 'gpt-5': { untilMs: NOW + 30_000 } },
    });
  });

  it('that is not ours to read is nothing known, and no crash', () => {
    for (const document of [
      '{',
      '[]',
      'null',
      '{"version":1,"breakers":{"":{"state":"open"}},"marks":[1]}',
      '{"version":9}',
    ]) {
      const pool = poolOf();
      pool.load([{ account: account('a'), facts: UNKNOWN, health: document }]);
      expect(pool.snapshot()[0]).toMatchObject({ breakers: {}, cooldowns: {}, marks: [] });
    }
  });

  it('stays with an account that is edited, and is forgotten with its key', () => {
    const pool = poolOf('a');
    pool.failed(accountId('a'), 'gpt-5', 'chat', LIMITED);
    pool.put(accountId('a'), { account: { ...account('a'), name: 'renamed' }, facts: UNKNOWN, health: null });
    expect(Object.keys(pool.snapshot()[0]?.cooldowns ?? {})).toEqual(['gpt-5']);
    pool.put(accountId('a'), { account: account('a'), facts: UNKNOWN, health: null }, { keyReplaced: true });
    expect(pool.snapshot()[0]?.cooldowns).toEqual({});
  });

  it('is cleared by hand, but not a human’s own pause', () => {
    const pool = poolOf('a');
    pool.isolate(accountId('a'), true);
    pool.failed(accountId('a'), 'gpt-5', 'chat', LIMITED);
    pool.clearMarks(accountId('a'));
    expect(pool.snapshot()[0]).toMatchObject({ cooldowns: {}, breakers: { '': { state: 'isolated' } } });
    pool.isolate(accountId('a'), false);
    expect(pool.snapshot()[0]?.breakers['']?.state).toBe('closed');
  });
});

describe('What answers teach', () => {
  it('is the organisation, the project and the limits of the key', async () => {
    await using rig = await openRig({
      accounts: [{ name: 'one', emulated: { organization: 'org-x', project: 'proj_x' } }],
    });
    await (await rig.post('/v1/chat/completions', chat())).text();
    const [upstream] = rig.room.pool.snapshot();
    expect(upstream?.facts).toMatchObject({ organization: 'org-x', project: 'proj_x' });
    expect(upstream?.headerLimits.requests?.limit).toBeGreaterThan(0);
  });

  it('is that two keys of one project share a bucket: a 429 of one is not tried on the other', async () => {
    const shared = { emulated: { organization: 'org-x', project: 'proj_x' } };
    await using rig = await openRig({
      accounts: [
        { name: 'one', organizationId: 'org-x', projectId: 'proj_x', ...shared },
        { name: 'two', organizationId: 'org-x', projectId: 'proj_x', ...shared },
        { name: 'three' },
      ],
    });
    rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(30)));
    const answer = await rig.post('/v1/chat/completions', chat());
    expect(answer.headers.get('x-cam-account')).toBe(rig.account('three').id);
    expect(rig.received('two')).toBe(0);
  });
});

describe('A check of an account', () => {
  it('learns its models and owner without an inference, and tells a refused key from an unreachable place', async () => {
    await using rig = await openRig({
      accounts: [
        { name: 'good' },
        { name: 'bad' },
        { name: 'gone', baseUrl: 'http://127.0.0.1:1/v1' },
        { name: 'narrow' },
      ],
    });
    rig.emulator.script('sk-emulated-bad', { steps: [{ fault: faults.unauthorized() }], on: 'all' });
    rig.emulator.script('sk-emulated-narrow', {
      steps: [{ fault: faults.scope('api.model.read') }],
      on: 'all',
    });
    const check = (name: string) => rig.room.checkAccount(rig.account(name));
    expect(await check('good')).toMatchObject({
      ok: true,
      verdict: 'accepted',
      status: 200,
      organization: 'org-good',
    });
    expect((await check('good')).modelIds?.length).toBeGreaterThan(0);
    expect(await check('bad')).toMatchObject({ ok: false, verdict: 'refused', status: 401 });
    expect(await check('gone')).toMatchObject({ ok: false, verdict: 'unreachable', status: null });
    expect(await check('narrow')).toMatchObject({ ok: true, verdict: 'limited_scopes' });
    expect(rig.received('good')).toBe(0);
  });
});
