import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BreakerConfig,
  type BreakerState,
  breakerVerdict,
  CLOSED,
  forgetFailures,
  isolate,
  onFailure,
  onProbe,
  onProbeAbandoned,
  onSuccess,
} from '../../../lib/resilience/breaker.ts';

const config: BreakerConfig = {
  failures: 5,
  window_ms: 30_000,
  open_ms: 15_000,
  open_max_ms: 300_000,
  open_alone_max_ms: 20_000,
};
const T = 1_000_000;

const failTimes = (state: BreakerState, times: number, atMs: number, stepMs = 0) => {
  let next = state;
  for (let i = 0; i < times; i++) next = onFailure(next, atMs + i * stepMs, config);
  return next;
};
const verdict = (state: BreakerState, atMs: number, alone = false) =>
  breakerVerdict(state, atMs, alone, config);
/** Opened `times` in a row: each probe fails. Answers the state and when it opened last. */
const reopened = (times: number): { state: BreakerState; atMs: number } => {
  let state = failTimes(CLOSED, 5, T);
  let atMs = T;
  for (let i = 1; i < times; i++) {
    const seen = verdict(state, atMs);
    atMs = seen.kind === 'open' ? seen.untilMs : atMs;
    state = onFailure(onProbe(state, atMs), atMs, config);
  }
  return { state, atMs };
};

describe('a breaker', () => {
  test('stays closed below five failures in thirty seconds', () => {
    expect(verdict(failTimes(CLOSED, 4, T), T).kind).toBe('closed');
    expect(verdict(failTimes(CLOSED, 20, T, 7_500), T + 150_000).kind).toBe('closed');
  });

  test('opens at the fifth and stays open for fifteen seconds', () => {
    const open = failTimes(CLOSED, 5, T, 1_000);
    expect(verdict(open, T + 4_000)).toEqual({ kind: 'open', untilMs: T + 19_000 });
    expect(verdict(open, T + 18_999).kind).toBe('open');
    expect(verdict(open, T + 19_000).kind).toBe('probe');
  });

  test('starts counting anew after a success', () => {
    expect(verdict(failTimes(onSuccess(failTimes(CLOSED, 4, T)), 4, T), T).kind).toBe('closed');
  });

  test('lets one probe through, and nobody else while it is on its way', () => {
    const probing = onProbe(failTimes(CLOSED, 5, T), T + 15_000);
    expect(verdict(probing, T + 15_001).kind).toBe('open');
  });

  test('closes when the probe succeeds', () => {
    const probing = onProbe(failTimes(CLOSED, 5, T), T + 15_000);
    expect(onSuccess(probing)).toBe(CLOSED);
  });

  test('opens again, twice as long, when the probe fails, up to five minutes', () => {
    const opens = [15_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000];
    opens.forEach((ms, i) => {
      const { state, atMs } = reopened(i + 1);
      expect(verdict(state, atMs)).toEqual({ kind: 'open', untilMs: atMs + ms });
    });
  });

  test('stays open at most twenty seconds where it is the only obstacle', () => {
    const { state, atMs } = reopened(6);
    expect(verdict(state, atMs + 19_999, true)).toEqual({ kind: 'open', untilMs: atMs + 20_000 });
    expect(verdict(state, atMs + 20_000, true).kind).toBe('probe');
    expect(verdict(state, atMs + 20_000, false).kind).toBe('open');
  });

  test('frees the probe when the probing call ended without saying anything', () => {
    const probing = onProbe(failTimes(CLOSED, 5, T), T + 15_000);
    expect(verdict(onProbeAbandoned(probing), T + 15_001).kind).toBe('probe');
  });

  test('frees the probe after half a minute in which nobody reported its end', () => {
    const probing = onProbe(failTimes(CLOSED, 5, T), T + 15_000);
    expect(verdict(probing, T + 44_999).kind).toBe('open');
    expect(verdict(probing, T + 45_000).kind).toBe('probe');
  });

  test('is neither opened longer nor closed by calls from before it opened', () => {
    const open = failTimes(CLOSED, 5, T);
    expect(onFailure(open, T + 1_000, config)).toBe(open);
    expect(onSuccess(open)).toBe(open);
  });

  test('isolated by a human ends by a human only', () => {
    const paused = isolate(failTimes(CLOSED, 3, T), true, T);
    expect(verdict(paused, T + 1e9, true).kind).toBe('isolated');
    expect(onSuccess(paused)).toBe(paused);
    expect(failTimes(paused, 9, T)).toBe(paused);
    expect(onProbe(paused, T)).toBe(paused);
    expect(isolate(paused, true, T + 5)).toBe(paused);
    expect(isolate(paused, false, T)).toBe(CLOSED);
    expect(isolate(undefined, false, T)).toBe(CLOSED);
  });

  test('forgets failures that were not the account’s, and keeps what is open', () => {
    const open = failTimes(CLOSED, 5, T);
    expect(forgetFailures(failTimes(CLOSED, 4, T))).toBe(CLOSED);
    expect(forgetFailures(open)).toBe(open);
  });

  test('does not stay open for a year because the clock was set back', () => {
    const open = failTimes(CLOSED, 5, T + 365 * 86_400_000);
    expect(verdict(open, T).kind).toBe('probe');
    expect(verdict(onProbe(open, T + 365 * 86_400_000), T).kind).toBe('probe');
  });

  test('never holds more failures than open it, and always lets a probe through in the end', () => {
    const step = fc.record({
      what: fc.constantFrom('fail', 'succeed', 'dial', 'leave'),
      passedMs: fc.integer({ min: 0, max: 60_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state: BreakerState = CLOSED;
        let now = T;
        for (const { what, passedMs } of steps) {
          now += passedMs;
          if (what === 'fail') state = onFailure(state, now, config);
          else if (what === 'succeed') state = onSuccess(state);
          else if (what === 'leave') state = onProbeAbandoned(state);
          else if (verdict(state, now).kind === 'probe') state = onProbe(state, now);
          if (state.state === 'closed') expect(state.failuresAtMs.length).toBeLessThan(config.failures);
          expect(verdict(state, now + config.open_max_ms).kind).not.toBe('open');
          expect(verdict(state, now + 30_000, true).kind).not.toBe('open');
        }
      }),
    );
  });
});
