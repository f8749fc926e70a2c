import { describe, expect, test } from 'vitest';
import {
  isRampSpent,
  NOT_STARTED,
  onRamped,
  onRampedEnd,
  type Ramp,
  rampedUntilMs,
} from '../../../lib/resilience/ramp.ts';

const config = { ramp_step_ms: 250, ramp_ms: 10_000 };
const T = 5_000;
const held = (count: number, startedMs = T): Ramp => ({ startedMs, lastMs: startedMs, held: count });

describe('a ramp', () => {
  test('lets the first call in at once, whenever it comes', () => {
    expect(rampedUntilMs(NOT_STARTED, T, config)).toBe(null);
    expect(rampedUntilMs(NOT_STARTED, T + 3_600_000, config)).toBe(null);
  });

  test('then one more at once every 250 ms', () => {
    let ramp = onRamped(NOT_STARTED, T);
    expect(rampedUntilMs(ramp, T, config)).toBe(T + 250);
    expect(rampedUntilMs(ramp, T + 249, config)).toBe(T + 250);
    expect(rampedUntilMs(ramp, T + 250, config)).toBe(null);
    ramp = onRamped(ramp, T + 250);
    expect(rampedUntilMs(ramp, T + 250, config)).toBe(T + 500);
  });

  test('lets in a herd of long calls no faster than that: 40 within its ten seconds', () => {
    let ramp = NOT_STARTED;
    let gone = 0;
    for (let now = T; now < T + 10_000; now += 10) {
      while (rampedUntilMs(ramp, now, config) === null) {
        ramp = onRamped(ramp, now);
        gone++;
      }
      expect(ramp.held).toBeLessThanOrEqual(1 + Math.floor((now - T) / 250));
    }
    expect(gone).toBe(40);
    expect(rampedUntilMs(ramp, T + 10_000, config)).toBe(null);
  });

  test('gives the place of a call that ended to the next, so short calls pass quickly', () => {
    const ramp = onRampedEnd(onRamped(NOT_STARTED, T));
    expect(rampedUntilMs(ramp, T + 1, config)).toBe(null);
    expect(onRampedEnd(onRampedEnd(ramp)).held).toBe(0);
  });

  test('holds nobody back for longer than its own length', () => {
    expect(rampedUntilMs(held(500), T + 9_999, config)).toBe(T + 10_000);
    expect(rampedUntilMs(held(500), T + 10_000, config)).toBe(null);
  });

  test('is forgotten once nobody has come for as long again, so that the next herd finds a new one', () => {
    const ramp = onRamped(held(3), T + 9_000);
    expect(isRampSpent(ramp, T + 18_999, config)).toBe(false);
    expect(isRampSpent(ramp, T + 19_000, config)).toBe(true);
    expect(isRampSpent(NOT_STARTED, T + 1e9, config)).toBe(false);
  });

  test('with a step of 0 is none', () => {
    expect(rampedUntilMs(held(500), T, { ...config, ramp_step_ms: 0 })).toBe(null);
  });
});
