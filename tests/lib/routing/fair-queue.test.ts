import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFairQueue } from '../../../lib/routing/fair-queue.ts';

interface Item {
  readonly key: string;
  readonly number: number;
}
const names = (items: readonly Item[]) => items.map(({ key, number }) => `${key}${number}`);

function queueOf(...arrivals: string[]) {
  const queue = createFairQueue<Item>();
  const items = arrivals.map((key, number) => ({ key, number }));
  for (const item of items) queue.add(item, 100);
  return { queue, items };
}

describe('a fair queue', () => {
  test('takes turns between keys, and keeps the order inside a key', () => {
    const { queue } = queueOf('a', 'a', 'a', 'b', 'c', 'b');
    expect(names(queue.inTurn())).toEqual(['a0', 'b3', 'c4', 'a1', 'b5', 'a2']);
  });

  test('puts a key that was served behind the others', () => {
    const { queue, items } = queueOf('a', 'a', 'a', 'b');
    const served: string[] = [];
    while (queue.size > 0) {
      const [next] = queue.inTurn();
      if (!next) break;
      served.push(...names([next]));
      queue.serve(next);
    }
    expect(served).toEqual(['a0', 'b3', 'a1', 'a2']);
    expect(queue.size).toBe(0);
    expect(items).toHaveLength(4);
  });

  test('lets one that cannot use the slot be passed without losing its place', () => {
    const { queue, items } = queueOf('a', 'b', 'b');
    const [, b1] = items;
    if (b1) queue.serve(b1);
    expect(names(queue.inTurn())).toEqual(['a0', 'b2']);
  });

  test('forgets who left, and does not mind being told twice', () => {
    const { queue, items } = queueOf('a', 'b');
    const [first] = items;
    if (first) queue.remove(first);
    if (first) queue.remove(first);
    expect(names(queue.inTurn())).toEqual(['b1']);
  });

  test('when full, a newcomer of a key that waits with less takes the last place of the one that waits with most', () => {
    const { queue } = queueOf('a', 'a', 'a');
    const out = queue.add({ key: 'b', number: 9 }, 3);
    expect(out).toMatchObject({ key: 'a', number: 2 });
    expect(names(queue.inTurn())).toEqual(['a0', 'b9', 'a1']);
  });

  test('when full, the key that fills it gets no more in, nor does one with as much as the others', () => {
    const { queue } = queueOf('a', 'a', 'b');
    for (const key of ['a', 'b']) {
      const newcomer = { key, number: 9 };
      expect(queue.add(newcomer, 3)).toBe(newcomer);
    }
    expect(queue.size).toBe(3);
  });

  test('never holds more than it may, and no key stands behind more than one call of another in a round', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), serve: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = createFairQueue<Item>();
        for (const [number, { key, serve }] of steps.entries()) {
          queue.add({ key, number }, 8);
          const [next] = queue.inTurn();
          if (serve && next) queue.serve(next);
          expect(queue.size).toBeLessThanOrEqual(8);
          const order = queue.inTurn();
          expect(order).toHaveLength(queue.size);
          for (const waiting of new Set(order.map((one) => one.key))) {
            const before = order.slice(
              0,
              order.findIndex((one) => one.key === waiting),
            );
            expect(new Set(before.map((one) => one.key)).size).toBe(before.length);
            const own = order.filter((one) => one.key === waiting).map((one) => one.number);
            expect(own).toEqual([...own].sort((x, y) => x - y));
          }
        }
      }),
    );
  });
});
