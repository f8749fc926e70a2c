import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leastUtilized } from '../../../lib/routing/strategies/least-utilized.ts';
import { priority } from '../../../lib/routing/strategies/priority.ts';
import { roundRobin } from '../../../lib/routing/strategies/round-robin.ts';
import { sortedHead } from '../../../lib/routing/strategies/sorted-head.ts';
import { sticky } from '../../../lib/routing/strategies/sticky.ts';
import { mixHash, type Scored, type StrategyContext } from '../../../lib/routing/strategies/strategy.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import { upstream } from './fixtures.ts';

const scored = (one: Upstream, share: number | null = null): Scored => ({
  upstream: one,
  hundredths: share === null ? 0 : Math.floor(share * 100),
  lot: mixHash(one.account.id, 0),
});
const names = (ordered: readonly Scored[]) => ordered.map(({ upstream: { account } }) => account.name);
const context = (over: Partial<StrategyContext> = {}): StrategyContext => ({
  turn: 0,
  session: null,
  seed: 0,
  ...over,
});
const weighted = (weights: readonly number[]) =>
  weights.map((weight, i) => scored(upstream(`w${i}`, { account: { weight } })));

describe('least utilised', () => {
  test('takes the lowest share, and what is unknown as unused', () => {
    const list = [
      scored(upstream('a'), 0.9),
      scored(upstream('b'), 0.2),
      scored(upstream('c'), null),
      scored(upstream('d'), 1.4),
    ];
    expect(names(leastUtilized(list, context()))).toEqual(['c', 'b', 'a', 'd']);
  });

  test('breaks ties by calls in flight, then by the longest rest', () => {
    const list = [
      scored(upstream('busy', { inFlight: 3, lastUsedAtMs: 1 }), 0.501),
      scored(upstream('recent', { inFlight: 1, lastUsedAtMs: 900 }), 0.509),
      scored(upstream('rested', { inFlight: 1, lastUsedAtMs: 100 }), 0.505),
      scored(upstream('never', { inFlight: 1 }), 0.502),
    ];
    expect(names(leastUtilized(list, context()))).toEqual(['never', 'rested', 'recent', 'busy']);
  });

  test('begins among equals where the seed says, and nowhere else', () => {
    const list = ['a', 'b', 'c'].map((name) => scored(upstream(name)));
    expect(names(leastUtilized(list, context({ seed: 4 })))).toEqual(['b', 'c', 'a']);
    expect(names(leastUtilized(list, context({ seed: 4 })))).toEqual(['b', 'c', 'a']);
  });
});

describe('priority', () => {
  test('takes the lowest number, and inside one number the least utilised', () => {
    const list = [
      scored(upstream('a', { account: { priority: 2 } }), 0),
      scored(upstream('b', { account: { priority: 1 } }), 0.9),
      scored(upstream('c', { account: { priority: 1 } }), 0.3),
    ];
    expect(names(priority(list, context()))).toEqual(['c', 'b', 'a']);
  });
});

describe('round robin', () => {
  test('takes each in turn', () => {
    const list = ['a', 'b', 'c'].map((name) => scored(upstream(name)));
    const first = (turn: number) => names(roundRobin(list, context({ turn })))[0];
    expect([0, 1, 2, 3, 4].map(first)).toEqual(['a', 'b', 'c', 'a', 'b']);
    expect(names(roundRobin(list, context({ turn: 1 })))).toEqual(['b', 'c', 'a']);
  });

  test('gives each exactly its weight in every round, whatever the weights', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 500 }),
        (weights, start) => {
          const list = weighted(weights);
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const counts = new Map<string, number>();
          for (let turn = start * total; turn < (start + 1) * total; turn++) {
            const name = names(roundRobin(list, context({ turn })))[0] ?? '';
            counts.set(name, (counts.get(name) ?? 0) + 1);
          }
          expect(list.map(({ upstream: { account } }) => counts.get(account.name))).toEqual(weights);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('spreads a heavy account out instead of serving it in one go', () => {
    const list = weighted([3, 1]);
    const firsts = Array.from({ length: 8 }, (_, turn) => names(roundRobin(list, context({ turn })))[0]);
    expect(firsts.filter((name) => name === 'w0')).toHaveLength(6);
    expect(firsts.join()).not.toContain('w1,w1');
  });

  test('of nobody is nobody', () => {
    expect(roundRobin([], context({ turn: 3 }))).toEqual([]);
  });
});

describe('sorting only the beginning', () => {
  test('gives the same first thirty-two as sorting everything, and loses nobody', () => {
    const item = fc.record({ rank: fc.nat({ max: 50 }), name: fc.nat() });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 300 }), (list) => {
        const compare = (a: { rank: number }, b: { rank: number }) => a.rank - b.rank;
        const head = sortedHead([...list], compare);
        const ranks = (items: readonly { rank: number }[]) => items.map(({ rank }) => rank);
        expect(ranks(head.slice(0, 32))).toEqual(ranks([...list].sort(compare).slice(0, 32)));
        expect(new Set(head)).toEqual(new Set(list));
        expect(head).toHaveLength(list.length);
      }),
    );
  });
});

describe('sticky', () => {
  const list = Array.from({ length: 5 }, (_, i) => scored(upstream(`account-${i}`)));
  const first = (candidates: readonly Scored[], session: string) =>
    names(sticky(candidates, context({ session })))[0];

  test('sends a session to the same account however the candidates are ordered and whatever the seed', () => {
    for (let s = 0; s < 50; s++) {
      const session = `session-${s}`;
      expect(names(sticky([...list].reverse(), context({ session, seed: s })))).toEqual(
        names(sticky(list, context({ session }))),
      );
    }
  });

  test('moves only the sessions of an account that left', () => {
    const [gone, ...rest] = list;
    for (let s = 0; s < 300; s++) {
      const before = first(list, `session-${s}`);
      const after = first(rest, `session-${s}`);
      if (before !== gone?.upstream.account.name) expect(after).toBe(before);
      else expect(after).toBe(names(sticky(list, context({ session: `session-${s}` })))[1]);
    }
  });

  test('spreads sessions over all accounts about evenly', () => {
    const counts = new Map<string, number>();
    for (let s = 0; s < 5_000; s++) {
      const name = first(list, `session-${s}`) ?? '';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(counts.size).toBe(5);
    for (const count of counts.values()) expect(count).toBeGreaterThan(800);
  });

  test('spreads calls without a session by the seed', () => {
    const firsts = new Set(
      Array.from({ length: 40 }, (_, seed) => names(sticky(list, context({ seed })))[0]),
    );
    expect(firsts.size).toBe(5);
  });
});
