import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nanoDollars } from '../../../lib/base/money.ts';
import type { Cooldown } from '../../../lib/resilience/cooldown.ts';
import { makePlan, nextStrategyState } from '../../../lib/routing/make-plan.ts';
import { STRATEGIES } from '../../../lib/routing/plan.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import {
  CALLER,
  endpoint,
  type InputOver,
  id,
  input,
  member,
  NO_FACTS,
  NOW_MS,
  UNUSED,
  upstream,
} from './fixtures.ts';

const plan = (upstreams: readonly Upstream[], over: InputOver = {}) => makePlan(input(upstreams, over));
const names = (upstreams: readonly Upstream[], over: InputOver = {}) =>
  plan(upstreams, over).candidates.map(({ name }) => name);
const out = (upstreams: readonly Upstream[], over: InputOver = {}) =>
  Object.fromEntries(plan(upstreams, over).leftOut.map(({ name, reason }) => [name, reason]));

const cooling = (untilMs: number, over: Partial<Cooldown> = {}): Cooldown => ({
  cause: 'rate_limit',
  untilMs,
  sinceMs: NOW_MS - 1,
  guessed: false,
  streak: 1,
  code: 'rate_limit_exceeded',
  probeAtMs: null,
  ...over,
});
const emptyPurse = (code: string, probeAtMs = NOW_MS + 3_600_000) =>
  cooling(NOW_MS + 86_400_000, { cause: 'quota', code, probeAtMs });
const open = (untilMs: number) =>
  ({ state: 'open', openedAtMs: NOW_MS - 1_000, untilMs, streak: 1 }) as const;
const session = { hash: 'f'.repeat(32), source: 'session-id', parentHash: null };
const owner = (name: string, organization: string | null = null, project: string | null = null) => ({
  accountId: id(name),
  organization,
  project,
});
const home = (name: string, organization: string | null = null) => ({ accountId: id(name), organization });

describe('every account is a candidate or left out for a named reason', () => {
  const spent = { day: { ...UNUSED.day, requests: 10 }, month: UNUSED.month };
  test.each<readonly [string, Upstream, InputOver, string, number | null]>([
    ['switched off', upstream('x', { account: { enabled: false } }), {}, 'disabled', null],
    ['changed from outside', upstream('x', { intact: false }), {}, 'quarantined', null],
    ['with a refused key', upstream('x', { credentialRefused: 'refused' }), {}, 'disabled', null],
    ['not for this model', upstream('x', { account: { models: ['o3*'] } }), {}, 'model_not_in_scope', null],
    [
      'for which the client key is not meant',
      upstream('x'),
      { caller: { ...CALLER, accounts: [id('ok')] } },
      'not_for_this_key',
      null,
    ],
    [
      'known not to have the model',
      upstream('x', { marks: [{ kind: 'model', subject: 'gpt-5', reason: 'r', untilMs: NOW_MS + 5 }] }),
      {},
      'model_unsupported',
      NOW_MS + 5,
    ],
    [
      'known not to have the endpoint',
      upstream('x', { marks: [{ kind: 'family', subject: 'responses', reason: 'r', untilMs: NOW_MS + 5 }] }),
      {},
      'endpoint_unsupported',
      NOW_MS + 5,
    ],
    [
      'at its daily limit',
      upstream('x', { account: { limits: { day: { requests: 10 } } }, used: spent }),
      {},
      'limit_reached',
      Date.UTC(2026, 10, 23),
    ],
    [
      'without a price for its money limit',
      upstream('x', { account: { limits: { month: { cost: nanoDollars(5) } } } }),
      { priceKnown: false, limits: { unknown_price: 'refuse' } },
      'price_unknown',
      null,
    ],
    [
      'told to wait for this model',
      upstream('x', { cooldowns: { 'gpt-5': cooling(NOW_MS + 5) } }),
      {},
      'cooling_down',
      NOW_MS + 5,
    ],
    [
      'told to wait altogether',
      upstream('x', { cooldowns: { '': cooling(NOW_MS + 5) } }),
      {},
      'cooling_down',
      NOW_MS + 5,
    ],
    [
      'with an open breaker for this model',
      upstream('x', { breakers: { 'gpt-5': open(NOW_MS + 5) } }),
      {},
      'breaker_open',
      NOW_MS + 5,
    ],
    [
      'with an open breaker altogether',
      upstream('x', { breakers: { '': open(NOW_MS + 5) } }),
      {},
      'breaker_open',
      NOW_MS + 5,
    ],
    [
      'that is silent',
      upstream('x', { breakers: { 'gpt-5#silence': open(NOW_MS + 5) } }),
      {},
      'breaker_open',
      NOW_MS + 5,
    ],
    [
      'paused by a human',
      upstream('x', { breakers: { '': { state: 'isolated', sinceMs: 1 } } }),
      {},
      'breaker_open',
      null,
    ],
    ['with all its slots taken', upstream('x', { inFlight: 1_200 }), {}, 'full', NOW_MS + 1_000],
  ])('an account %s', (_what, account, over, reason, untilMs) => {
    const made = plan([upstream('ok'), account], over);
    expect(made.candidates.map(({ name }) => name)).toEqual(['ok']);
    expect(made.leftOut).toMatchObject([{ name: 'x', reason, untilMs }]);
  });

  test('an account that cools down for another model, or whose marks ran out, is a candidate', () => {
    const other = upstream('x', {
      cooldowns: { 'gpt-4': cooling(NOW_MS + 5_000) },
      breakers: { 'gpt-4': open(NOW_MS + 5_000) },
      marks: [{ kind: 'model', subject: 'gpt-5', reason: 'r', untilMs: NOW_MS }],
    });
    expect(names([other])).toEqual(['x']);
  });

  test('a client key tied to accounts that are all gone has none, never all', () => {
    expect(names([upstream('a'), upstream('b')], { caller: { ...CALLER, accounts: [] } })).toEqual([]);
  });

  test('a client key that may not use the model has no candidate', () => {
    expect(out([upstream('a')], { caller: { ...CALLER, models: ['o3*'] } })).toEqual({
      a: 'not_for_this_key',
    });
  });

  test('an unknown price matters only where it is configured to and a money limit exists', () => {
    const limited = upstream('x', { account: { limits: { month: { cost: nanoDollars(5) } } } });
    expect(names([limited], { priceKnown: false })).toEqual(['x']);
    expect(names([upstream('x')], { priceKnown: false, limits: { unknown_price: 'refuse' } })).toEqual(['x']);
  });

  test('nobody is lost or listed twice, whatever the accounts are like', () => {
    const any = fc.record({
      enabled: fc.boolean(),
      intact: fc.boolean(),
      inFlight: fc.nat({ max: 300 }),
      organization: fc.option(fc.constantFrom('o1', 'o2')),
      cooling: fc.boolean(),
      open: fc.boolean(),
      remaining: fc.nat({ max: 100 }),
      priority: fc.nat({ max: 3 }),
      weight: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(
        fc.array(any, { maxLength: 12 }),
        fc.constantFrom(...STRATEGIES),
        fc.nat(),
        fc.boolean(),
        (list, strategy, seed, sealed) => {
          const accounts = list.map((one, i) =>
            upstream(`n${i}`, {
              intact: one.intact,
              inFlight: one.inFlight,
              account: { enabled: one.enabled, priority: one.priority, weight: one.weight },
              facts: { organization: one.organization, project: one.organization },
              cooldowns: one.cooling ? { '': cooling(NOW_MS + 9) } : {},
              breakers: one.open ? { 'gpt-5': open(NOW_MS + 9) } : {},
              headerLimits: {
                tokens: { limit: 100, remaining: one.remaining, fullAtMs: null, readAtMs: NOW_MS },
              },
            }),
          );
          const over: InputOver = {
            seed,
            strategyState: { turn: seed },
            routing: { strategy },
            home: list.length > 0 ? home('n0', 'o1') : null,
            call: { session, facts: { ...NO_FACTS, sealedReasoning: sealed ? 'h' : null } },
          };
          const made = plan(accounts, over);
          const listed = [...made.candidates, ...made.leftOut].map(({ name }) => name).sort();
          expect(listed).toEqual(accounts.map(({ account }) => account.name).sort());
          expect(plan(accounts, over)).toEqual(made);
        },
      ),
    );
  });
});

describe('limit groups', () => {
  test('accounts of one organisation and project cool down together', () => {
    const cold = member('a', 'o1', { cooldowns: { 'gpt-5': cooling(NOW_MS + 5) } });
    expect(out([cold, member('b', 'o1'), member('c', 'o2')])).toEqual({
      a: 'cooling_down',
      b: 'cooling_down',
    });
  });

  test('another project, an unknown project and another model do not', () => {
    const cold = member('a', 'o1', { cooldowns: { 'gpt-5': cooling(NOW_MS + 5) } });
    const other = member('b', 'o1', { facts: { project: 'other' } });
    const unknown = upstream('c', { facts: { organization: 'o1' } });
    expect(names([cold, other, unknown])).toEqual(['b', 'c']);
    expect(names([cold, member('b', 'o1')], { call: { model: 'gpt-4' } })).toEqual(['a', 'b']);
  });

  test('an empty purse of the organisation empties all its projects, a project limit only its own', () => {
    const sibling = member('b', 'o1', { facts: { project: 'other' } });
    const broke = (code: string) => member('a', 'o1', { cooldowns: { '': emptyPurse(code) } });
    expect(names([broke('credit_balance_exhausted'), sibling])).toEqual([]);
    expect(names([broke('project_spend_limit_exceeded'), sibling])).toEqual(['b']);
  });
});

describe('probes', () => {
  test('one call may try an account whose breaker has rested or whose purse is asked once an hour', () => {
    const rested = upstream('a', { breakers: { 'gpt-5': open(NOW_MS) } });
    const asked = upstream('b', { cooldowns: { '': emptyPurse('insufficient_quota', NOW_MS) } });
    const made = plan([rested, asked, upstream('c')]);
    expect(made.candidates.map(({ name, probe }) => [name, probe])).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
    ]);
  });

  test('a breaker that is the only obstacle lets a probe through after twenty seconds', () => {
    const resting = {
      state: 'open',
      openedAtMs: NOW_MS - 20_000,
      untilMs: NOW_MS + 200_000,
      streak: 5,
    } as const;
    const unwell = upstream('a', { breakers: { 'gpt-5': resting } });
    expect(names([unwell])).toEqual(['a']);
    expect(names([unwell, upstream('b')])).toEqual(['b']);
    expect(names([unwell, upstream('b', { account: { enabled: false } })])).toEqual(['a']);
  });
});

describe('hard affinity', () => {
  test('the owner of what the call names serves it, and nobody else', () => {
    const made = plan([upstream('a'), upstream('b')], { owner: owner('b'), home: home('a') });
    expect(made.decidedBy).toBe('hard_affinity');
    expect(made.candidates.map(({ name }) => name)).toEqual(['b']);
    expect(made.leftOut).toMatchObject([{ name: 'a', reason: 'owned_elsewhere' }]);
  });

  test('an owner that cannot serve leaves nobody, and its own reason stays visible', () => {
    const unwell = upstream('b', { cooldowns: { '': cooling(NOW_MS + 5) } });
    expect(out([upstream('a'), unwell], { owner: owner('b') })).toEqual({
      a: 'owned_elsewhere',
      b: 'cooling_down',
    });
  });

  test('keys of the owner’s project reach its objects too, after the owner itself', () => {
    const accounts = [member('a', 'o1'), member('b', 'o1'), member('c', 'o1', { facts: { project: 'p2' } })];
    const over: InputOver = { owner: owner('b', 'o1', 'o1-main'), home: home('a') };
    expect(names(accounts, over)).toEqual(['b', 'a']);
    expect(out(accounts, over)).toEqual({ c: 'owned_elsewhere' });
    expect(names([member('a', 'o1')], over)).toEqual(['a']);
  });

  test('an owner of which no project is known stands alone', () => {
    const accounts = [upstream('a'), upstream('b')];
    expect(names(accounts, { owner: owner('b', null, null) })).toEqual(['b']);
  });

  test('how the others are does not matter: each is said to be the wrong place', () => {
    const cool = upstream('a', { cooldowns: { '': cooling(NOW_MS + 5) } });
    const off = upstream('b', { account: { enabled: false } });
    expect(out([cool, off], { owner: owner('b') })).toEqual({ a: 'owned_elsewhere', b: 'disabled' });
  });

  test('the plan names the owner even when it is not here any more', () => {
    expect(plan([upstream('a')], { owner: owner('gone') }).ownedBy).toEqual({
      accountId: id('gone'),
      name: null,
    });
    expect(plan([upstream('a')], { owner: owner('a') }).ownedBy).toEqual({ accountId: id('a'), name: 'a' });
    expect(plan([upstream('a')]).ownedBy).toBeUndefined();
  });

  test('a compacted history goes by its own seal, wherever the conversation was served last', () => {
    const facts = { ...NO_FACTS, hasCompaction: true, sealedCompaction: 'h', sealedReasoning: 'r' };
    const accounts = [member('a', 'o1'), member('b', 'o2')];
    const over: InputOver = { call: { facts, session }, home: home('a', 'o1'), historySealedBy: 'o2' };
    expect(names(accounts, over)).toEqual(['b']);
    expect(names(accounts, { ...over, historySealedBy: null })).toEqual(['a']);
  });

  test('a compacted history stays in the organisation that sealed it', () => {
    const facts = { ...NO_FACTS, hasCompaction: true, sealedCompaction: 'h' };
    const accounts = [member('a', 'o1'), member('b', 'o2'), member('c', 'o2', { facts: { project: 'p2' } })];
    const made = plan(accounts, { call: { facts }, historySealedBy: 'o2' });
    expect(made.decidedBy).toBe('hard_affinity');
    expect(made.candidates.map(({ name, stripReasoning }) => [name, stripReasoning])).toEqual([
      ['b', false],
      ['c', false],
    ]);
    expect(names(accounts, { call: { facts } })).toEqual(['a', 'b', 'c']);
  });
});

describe('organisation affinity', () => {
  const facts = { ...NO_FACTS, sealedReasoning: 'h' };
  const accounts = [member('a', 'o1'), member('b', 'o2'), member('c', 'o1', { facts: { project: 'p2' } })];

  test('encrypted reasoning prefers the organisation that sealed it, and is removed for others', () => {
    const made = plan(accounts, { call: { facts }, sealedBy: 'o2' });
    expect(made.decidedBy).toBe('organization_affinity');
    expect(made.candidates.map(({ name, stripReasoning }) => [name, stripReasoning])).toEqual([
      ['b', false],
      ['a', true],
      ['c', true],
    ]);
  });

  test('the organisation that last served the conversation is believed before the sealed text', () => {
    const made = plan(accounts, { call: { facts, session }, home: home('a', 'o1'), sealedBy: 'o2' });
    expect(made.candidates.map(({ name, stripReasoning }) => [name, stripReasoning])).toEqual([
      ['a', false],
      ['c', false],
      ['b', true],
    ]);
  });

  describe('of a conversation that carries reasoning of two organisations', () => {
    const mixed = { ...home('a', 'o2'), mixed: true };
    const strips = (over: InputOver) =>
      plan(accounts, over).candidates.map(({ name, stripReasoning }) => [name, stripReasoning]);

    test('is sifted wherever it goes, first where the newest of it was sealed', () => {
      expect(strips({ call: { facts, session }, home: mixed, sealedBy: 'o2' })).toEqual([
        ['b', true],
        ['a', true],
        ['c', true],
      ]);
    });

    test('goes home when the newest of it was sealed there', () => {
      expect(names(accounts, { call: { facts, session }, home: mixed, sealedBy: 'o1' })[0]).toBe('a');
    });

    test('is left alone where it may not be removed, and where the call carries none', () => {
      const refuse: InputOver = { routing: { reasoning_failover: 'refuse' } };
      expect(strips({ call: { facts, session }, home: mixed, sealedBy: 'o2', ...refuse })).toEqual([
        ['b', false],
      ]);
      expect(strips({ call: { facts: NO_FACTS, session }, home: mixed })[0]).toEqual(['a', false]);
    });
  });

  test('configured to refuse, accounts of other organisations are left out', () => {
    const over: InputOver = { call: { facts }, sealedBy: 'o2', routing: { reasoning_failover: 'refuse' } };
    expect(names(accounts, over)).toEqual(['b']);
    expect(out(accounts, over)).toEqual({ a: 'owned_elsewhere', c: 'owned_elsewhere' });
  });

  test('while its own account is away, a conversation stays where it was served last', () => {
    const away = upstream('a', { cooldowns: { '': emptyPurse('insufficient_quota') } });
    for (const seed of [0, 1, 2, 3]) {
      const over = { call: { session }, seed };
      const organized = [away, member('b', 'o2'), member('c', 'o3'), member('d', 'o3')];
      expect(names(organized, { ...over, home: home('a', 'o2') })[0]).toBe('b');
      expect(['c', 'd']).toContain(names(organized, { ...over, home: home('a', 'o3') })[0]);
      // An account whose organisation was never learned stands for itself.
      const unknown = [away, upstream('b'), upstream('c')];
      expect(names(unknown, { ...over, home: home('a', `account:${id('c')}`) })[0]).toBe('c');
    }
  });

  test('a temporary move keeps the conversation where its newest reasoning can be read', () => {
    const made = plan(accounts, { call: { facts, session }, home: home('a', 'o2') });
    expect(made.candidates[0]).toMatchObject({ name: 'b', stripReasoning: false });
  });

  test('an account whose organisation was never learned stands for itself', () => {
    const unknown = [upstream('a'), upstream('b')];
    const made = plan(unknown, { call: { facts, session }, home: home('b') });
    expect(made.candidates.map(({ name, stripReasoning }) => [name, stripReasoning])).toEqual([
      ['b', false],
      ['a', true],
    ]);
  });

  test('nothing is removed where nobody knows who sealed it, or where nothing is sealed', () => {
    expect(plan(accounts, { call: { facts } }).candidates.some(({ stripReasoning }) => stripReasoning)).toBe(
      false,
    );
    expect(plan(accounts, { sealedBy: 'o2' }).candidates.some(({ stripReasoning }) => stripReasoning)).toBe(
      false,
    );
  });

  test('holds with affinity switched off, because it is about being readable and not about caches', () => {
    const made = plan(accounts, { call: { facts }, sealedBy: 'o2', routing: { affinity: 'off' } });
    expect(made.candidates[0]).toMatchObject({ name: 'b' });
  });
});

describe('soft affinity', () => {
  test.each(STRATEGIES)('a conversation keeps its account under %s', (strategy) => {
    const accounts = ['a', 'b', 'c', 'd'].map((name) => upstream(name, { inFlight: name === 'c' ? 50 : 0 }));
    for (let turn = 0; turn < 8; turn++) {
      const made = plan(accounts, {
        home: home('c'),
        call: { session },
        routing: { strategy },
        strategyState: { turn },
        seed: turn,
      });
      expect(made).toMatchObject({ decidedBy: 'session', candidates: [{ name: 'c' }, {}, {}, {}] });
    }
  });

  test('a pin to an account that cannot serve blocks nothing', () => {
    const accounts = [upstream('a'), upstream('b', { credentialRefused: 'refused' })];
    expect(plan(accounts, { home: home('b'), call: { session } })).toMatchObject({
      decidedBy: 'only_candidate',
      candidates: [{ name: 'a' }],
    });
  });

  test('a pin to an account that was deleted blocks nothing', () => {
    expect(names([upstream('a'), upstream('b')], { home: home('gone') })).toEqual(['a', 'b']);
  });

  test('without its home, the home’s organisation comes next, because it shares the cache', () => {
    const accounts = [
      member('a', 'o1'),
      member('b', 'o2'),
      member('c', 'o2', { facts: { project: 'p2' }, cooldowns: { '': cooling(NOW_MS + 5) } }),
    ];
    expect(names(accounts, { home: home('c', 'o2') })).toEqual(['b', 'a']);
  });

  test('a sub-agent starts where its parent lives, and stays where it then is', () => {
    const accounts = [upstream('a'), upstream('b'), upstream('c')];
    const first = plan(accounts, { parentHome: home('b'), call: { session } });
    expect(first).toMatchObject({ decidedBy: 'parent_session', candidates: [{ name: 'b' }, {}, {}] });
    const later = plan(accounts, { home: home('c'), parentHome: home('b'), call: { session } });
    expect(later).toMatchObject({ decidedBy: 'session', candidates: [{ name: 'c' }, {}, {}] });
  });

  test('switched off, the strategy alone decides', () => {
    const made = plan([upstream('a'), upstream('b')], { home: home('b'), routing: { affinity: 'off' } });
    expect(made).toMatchObject({ decidedBy: 'strategy', candidates: [{ name: 'a' }, { name: 'b' }] });
  });

  test('says which account a conversation leaves while that one cannot serve, and only then', () => {
    const accounts = [upstream('a'), upstream('b', { cooldowns: { '': cooling(NOW_MS + 5) } })];
    expect(plan(accounts, { home: home('b') }).movedFrom).toBe(id('b'));
    expect(plan(accounts, { parentHome: home('b'), call: { session } }).movedFrom).toBe(id('b'));
    expect(plan(accounts, { home: home('gone') }).movedFrom).toBe(id('gone'));
    expect(plan(accounts, { home: home('a') }).movedFrom).toBeUndefined();
    expect(plan(accounts).movedFrom).toBeUndefined();
  });

  test('set to wait, the plan says how long the own account is worth waiting for', () => {
    const routing = { affinity: 'wait' } as const;
    const accounts = (untilMs: number) => [
      upstream('a'),
      upstream('b', { cooldowns: { '': cooling(untilMs) } }),
    ];
    const wait = (untilMs: number) => plan(accounts(untilMs), { home: home('b'), routing }).waitFor;
    expect(wait(NOW_MS + 60_000)).toEqual({ accountId: id('b'), untilMs: NOW_MS + 60_000 });
    expect(wait(NOW_MS + 60_001)).toBeUndefined();
    expect(plan(accounts(NOW_MS + 5), { home: home('b') }).waitFor).toBeUndefined();
    expect(
      plan([upstream('a'), upstream('b', { account: { enabled: false } })], { home: home('b'), routing })
        .waitFor,
    ).toBeUndefined();
  });

  test('sessions may use the reserve of their own account, newcomers go elsewhere first', () => {
    const tight = upstream('a', {
      headerLimits: { tokens: { limit: 100, remaining: 8, fullAtMs: null, readAtMs: NOW_MS } },
    });
    const busy = upstream('b', {
      account: { priority: 900 },
      headerLimits: { tokens: { limit: 100, remaining: 50, fullAtMs: null, readAtMs: NOW_MS } },
    });
    const routing = { strategy: 'priority' } as const;
    expect(names([tight, busy], { routing })).toEqual(['b', 'a']);
    expect(names([tight, busy], { routing, home: home('a') })).toEqual(['a', 'b']);
    expect(names([tight], { routing })).toEqual(['a']);
    expect(names([tight, busy], { routing: { ...routing, reserve: 0 } })).toEqual(['a', 'b']);
  });
});

describe('calls to stored objects', () => {
  const files = endpoint('POST', '/v1/files');
  const accounts = [
    upstream('newer', { account: { priority: 1, createdAtMs: 9 } }),
    upstream('older', { account: { priority: 1, createdAtMs: 5 } }),
    upstream('oldest', { account: { priority: 2, createdAtMs: 1 } }),
  ];

  test('go to one fixed account: lowest priority number, then oldest', () => {
    const made = plan(accounts, { call: { endpoint: files } });
    expect(made).toMatchObject({ decidedBy: 'fixed_account', candidates: [{ name: 'older' }] });
    expect(made.candidates).toHaveLength(1);
    expect(made.leftOut.every(({ reason }) => reason === 'owned_elsewhere')).toBe(true);
  });

  test('do not wander off while that account cools down', () => {
    const cold = accounts.map((one) =>
      one.account.name === 'older'
        ? upstream('older', { account: one.account, cooldowns: { '': cooling(NOW_MS + 5) } })
        : one,
    );
    expect(names(cold, { call: { endpoint: files, model: null } })).toEqual([]);
  });

  test('go to the next when a human switched it off', () => {
    const off = accounts.map((one) =>
      one.account.name === 'older' ? upstream('older', { account: { ...one.account, enabled: false } }) : one,
    );
    expect(names(off, { call: { endpoint: files } })).toEqual(['newer']);
  });
});

describe('the turn of round robin', () => {
  test('is taken by calls that the strategy placed and by no others', () => {
    const accounts = [upstream('a'), upstream('b')];
    const placed = plan(accounts);
    expect(nextStrategyState({ turn: 4 }, placed)).toEqual({ turn: 5 });
    expect(nextStrategyState({ turn: 4 }, plan(accounts, { home: home('a') }))).toEqual({ turn: 4 });
    expect(nextStrategyState({ turn: 4 }, plan([]))).toEqual({ turn: 4 });
  });
});
