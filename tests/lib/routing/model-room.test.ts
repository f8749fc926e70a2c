/** Whether a provider's limits leave enough for a call, by what it said and what was sent since. */
import { describe, expect, it, test } from 'vitest';
import { makePlan } from '../../../lib/routing/make-plan.ts';
import {
  fitsAtMs,
  type ModelRoom,
  type Rooms,
  shortageOf,
  withFigures,
  withSent,
} from '../../../lib/routing/model-room.ts';
import type { HeaderLimit } from '../../../lib/routing/upstream.ts';
import { id, input, NO_FACTS, NOW_MS, upstream } from './fixtures.ts';

const figure = (remaining: number | null, over: Partial<HeaderLimit> = {}): HeaderLimit => ({
  limit: 10_000,
  remaining,
  fullAtMs: NOW_MS + 60_000,
  readAtMs: NOW_MS,
  ...over,
});
const nothing = { tokens: 0, requests: 0 };
const room = (over: Partial<ModelRoom>): ModelRoom => ({
  tokens: null,
  requests: null,
  sent: nothing,
  told: nothing,
  ...over,
});

describe('What a provider’s limits leave for a call', () => {
  test.each<readonly [string, ModelRoom, number, ReturnType<typeof shortageOf>]>([
    ['is enough when it fits', room({ tokens: figure(500) }), 500, null],
    ['is too little when it does not', room({ tokens: figure(500) }), 501, 'tokens'],
    ['is too little when no request is left', room({ requests: figure(0) }), 1, 'requests'],
    ['is not known without figures', room({}), 1_000_000, null],
    ['is not known when the provider does not say', room({ tokens: figure(null) }), 1_000_000, null],
    [
      'is less by what was sent since',
      room({ tokens: figure(500), sent: { tokens: 700, requests: 3 }, told: { tokens: 400, requests: 2 } }),
      201,
      'tokens',
    ],
    [
      'is less by one request for each call sent since',
      room({ requests: figure(2), sent: { tokens: 0, requests: 5 }, told: { tokens: 0, requests: 3 } }),
      1,
      'requests',
    ],
    [
      'grows evenly until the reset',
      room({ tokens: figure(0, { readAtMs: NOW_MS - 30_000, fullAtMs: NOW_MS + 30_000 }) }),
      5_000,
      null,
    ],
    [
      'and by no more than that',
      room({ tokens: figure(0, { readAtMs: NOW_MS - 30_000, fullAtMs: NOW_MS + 30_000 }) }),
      5_001,
      'tokens',
    ],
    ['is all of it again past the reset', room({ tokens: figure(0, { fullAtMs: NOW_MS }) }), 10_000, null],
    ['and no more than the limit', room({ tokens: figure(0, { fullAtMs: NOW_MS }) }), 10_001, 'tokens'],
    [
      'is not believed for longer than a minute',
      room({ tokens: figure(0, { readAtMs: NOW_MS - 60_000, fullAtMs: null }) }),
      9_000,
      null,
    ],
    [
      'is not believed from a clock that was a year ahead',
      room({ tokens: figure(0, { readAtMs: NOW_MS + 31_536_000_000, fullAtMs: NOW_MS + 31_536_060_000 }) }),
      9_000,
      null,
    ],
    [
      'is not believed from a clock that was a year behind',
      room({ tokens: figure(0, { readAtMs: NOW_MS - 31_536_000_000, fullAtMs: null }) }),
      9_000,
      null,
    ],
  ])('%s', (_, left, tokens, expected) => {
    expect(shortageOf(left, tokens, NOW_MS)).toBe(expected);
  });

  it('counts what was sent after the call that was answered, whatever came in between', () => {
    let rooms: Rooms = withSent({}, 'gpt-5', 100);
    const first = rooms['gpt-5']?.sent ?? nothing;
    rooms = withSent(rooms, 'gpt-5', 300);
    rooms = withFigures(rooms, 'gpt-5', { tokens: figure(1_000) }, first);
    const told = rooms['gpt-5'];
    expect(told && shortageOf(told, 700, NOW_MS)).toBeNull();
    expect(told && shortageOf(told, 701, NOW_MS)).toBe('tokens');
  });

  it('is told by the latest of the answers, in whatever order they come', () => {
    let rooms: Rooms = withSent({}, 'gpt-5', 100);
    const first = rooms['gpt-5']?.sent ?? nothing;
    rooms = withSent(rooms, 'gpt-5', 100);
    const second = rooms['gpt-5']?.sent ?? nothing;
    rooms = withFigures(rooms, 'gpt-5', { tokens: figure(800) }, second);
    expect(withFigures(rooms, 'gpt-5', { tokens: figure(900) }, first)).toBe(rooms);
  });

  it('is enough again when the bucket has filled that far, and never for a call that is larger than it', () => {
    const left = room({
      tokens: figure(1_000, { fullAtMs: NOW_MS + 90_000 }),
      sent: { tokens: 500, requests: 1 },
    });
    const atMs = fitsAtMs(left, 2_500, NOW_MS);
    expect(atMs).toBe(NOW_MS + 20_000);
    expect(shortageOf(left, 2_500, atMs ?? 0)).toBeNull();
    expect(shortageOf(left, 2_500, (atMs ?? 0) - 10)).toBe('tokens');
    expect(fitsAtMs(left, 100, NOW_MS)).toBe(NOW_MS);
    expect(fitsAtMs(left, 20_000, NOW_MS)).toBeNull();
  });

  it('is remembered for the 32 models asked for last', () => {
    let rooms: Rooms = {};
    for (let n = 0; n < 40; n++) rooms = withSent(rooms, `model-${n}`, 1);
    expect(Object.keys(rooms)).toHaveLength(32);
    expect(rooms['model-7']).toBeUndefined();
    expect(rooms['model-8']).toBeDefined();
  });
});

describe('A plan for a call that is larger than what an account has left', () => {
  const short = { 'gpt-5': room({ tokens: figure(500) }) };
  const a = upstream('a', { rooms: short, account: { priority: 1 } });
  const b = upstream('b', { account: { priority: 2 } });
  const sizeTokens = () => 600;
  const session = { hash: 'f'.repeat(32), source: 'session-id', parentHash: null };
  const home = { accountId: id('a'), organization: null };
  const planned = (over: Parameters<typeof input>[1] = {}) =>
    makePlan(input([a, b], { sizeTokens, routing: { strategy: 'priority' }, ...over }));
  const names = (over?: Parameters<typeof input>[1]) => planned(over).candidates.map(({ name }) => name);

  it('goes to one that has room first, and says why', () => {
    expect(names()).toEqual(['b', 'a']);
    expect(planned().candidates.map(({ short }) => short)).toEqual([undefined, 'tokens']);
    expect(names({ sizeTokens: () => 500 })).toEqual(['a', 'b']);
  });

  it('is about that model only, and says nothing where the size is not known', () => {
    expect(names({ call: { model: 'gpt-4' } })).toEqual(['a', 'b']);
    expect(planned({ call: { model: null } }).candidates[0]?.name).toBe('a');
    expect(makePlan(input([a, b], { routing: { strategy: 'priority' } })).candidates[0]?.name).toBe('a');
  });

  it('leaves nobody out: an account that is short is tried when it is the last', () => {
    expect(makePlan(input([a], { sizeTokens })).candidates.map(({ name }) => name)).toEqual(['a']);
  });

  it('lends a conversation to another account and calls it a move, so that a herd of them ramps', () => {
    const plan = planned({ call: { session }, home });
    expect(plan.candidates.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(plan).toMatchObject({ home: id('a'), movedFrom: id('a') });
    const fits = planned({ call: { session }, home, sizeTokens: () => 1 });
    expect(fits).toMatchObject({ decidedBy: 'session', candidates: [{ name: 'a' }, { name: 'b' }] });
    expect(fits.movedFrom).toBeUndefined();
  });

  it('waits for the conversation’s own account with affinity = "wait", until it has room, when that is soon', () => {
    const wait = { strategy: 'priority', affinity: 'wait' } as const;
    const at = (rooms: Rooms) =>
      makePlan(input([{ ...a, rooms }, b], { sizeTokens, call: { session }, home, routing: wait })).waitFor;
    expect(at(short)).toEqual({ accountId: id('a'), untilMs: NOW_MS + 632 });
    const slow = { 'gpt-5': room({ tokens: figure(500, { limit: 700, fullAtMs: NOW_MS + 600_000 }) }) };
    expect(at(slow)).toBeUndefined();
    expect(at({ 'gpt-5': room({ tokens: figure(600) }) })).toBeUndefined();
  });

  it('keeps to the account that can read its reasoning: losing that is worse than one refusal', () => {
    const own = upstream('a', { rooms: short, facts: { organization: 'org-a' } });
    const other = upstream('b', { facts: { organization: 'org-b' } });
    const plan = makePlan(
      input([own, other], {
        sizeTokens,
        home: { accountId: id('a'), organization: 'org-a' },
        call: { session, facts: { ...NO_FACTS, sealedReasoning: 'sealed' } },
      }),
    );
    expect(plan.candidates.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('is sized up once for all accounts, and not at all where no provider has told its figures', () => {
    let asked = 0;
    const count = () => {
      asked++;
      return 600;
    };
    planned({ sizeTokens: count });
    expect(asked).toBe(1);
    makePlan(input([a, { ...b, rooms: short }], { sizeTokens: count }));
    expect(asked).toBe(2);
    makePlan(input([b, upstream('c')], { sizeTokens: count }));
    expect(asked).toBe(2);
  });
});
