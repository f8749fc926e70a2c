/** How guessing the master key is slowed down. */
import { expect, test } from 'vitest';
import { createLoginThrottle } from '../../../server/vault/throttle.ts';
import { createFakeClock } from './fake-clock.ts';

test('five tries are free, then waits double up to five minutes', () => {
  const clock = createFakeClock();
  const throttle = createLoginThrottle({ clock });
  for (let left = 5; left > 0; left--) {
    expect(throttle.triesLeft()).toBe(left);
    expect(throttle.waitMs()).toBe(0);
    throttle.failed();
  }
  const waits: number[] = [];
  for (let i = 0; i < 10; i++) {
    waits.push(throttle.waitMs() / 1_000);
    clock.advance(throttle.waitMs());
    expect(throttle.waitMs()).toBe(0);
    throttle.failed();
  }
  expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
});

test('a right key clears it, and turning the clock does not', () => {
  const clock = createFakeClock();
  const throttle = createLoginThrottle({ clock });
  for (let i = 0; i < 6; i++) throttle.failed();
  clock.jump(3_600_000);
  expect(throttle.waitMs()).toBe(4_000);
  throttle.succeeded();
  expect(throttle.waitMs()).toBe(0);
  expect(throttle.triesLeft()).toBe(5);
});
