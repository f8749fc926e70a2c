/** Nothing but a human keeps an account out for ever. */
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../lib/config.ts';
import type { BreakerState } from '../../../lib/resilience/breaker.ts';
import { FAILURE_CLASSES, type FailureClass } from '../../../lib/resilience/failure.ts';
import { afterFailure, type Health, WELL } from '../../../lib/resilience/health.ts';
import { makePlan } from '../../../lib/routing/make-plan.ts';
import { failure, input, NOW_MS, upstream } from './fixtures.ts';

const config = defaultConfig();
const HOUR_MS = 3_600_000;

/** The same failure again and again, the worst that can be remembered of it. */
function unwell(of: FailureClass): Health {
  const mark = of === 'scope' ? ({ kind: 'model', forMs: HOUR_MS } as const) : null;
  let health = WELL;
  for (let n = 0; n < 50; n++) {
    health = afterFailure(health, failure({ class: of, mark }), 'gpt-5', 'responses', NOW_MS, config);
  }
  return health;
}
const plan = (health: Health, inMs: number, others: string[] = []) =>
  makePlan(
    input([upstream('sick', { ...health }), ...others.map((name) => upstream(name))], {
      nowMs: NOW_MS + inMs,
    }),
  );
const serves = (health: Health, inMs: number, others: string[] = []): boolean =>
  plan(health, inMs, others).candidates.some(({ name }) => name === 'sick');

describe('whatever an account failed with', () => {
  test.each(FAILURE_CLASSES.map((of) => [of]))('%s: an hour later at most it is asked again', (of) => {
    expect(serves(unwell(of), HOUR_MS)).toBe(true);
    expect(serves(unwell(of), HOUR_MS, ['well'])).toBe(true);
  });
});

describe('an open breaker', () => {
  const rests: BreakerState = { state: 'open', openedAtMs: NOW_MS, untilMs: NOW_MS + 300_000, streak: 9 };
  const health: Health = { ...WELL, breakers: { 'gpt-5': rests } };

  test('rests for as long as it may while another account serves', () => {
    expect(serves(health, 299_999, ['well'])).toBe(false);
    expect(serves(health, 300_000, ['well'])).toBe(true);
  });

  test('lets a probe through after 20 s when it is the only obstacle to serving', () => {
    expect(serves(health, 19_999)).toBe(false);
    expect(plan(health, 19_999).leftOut).toMatchObject([
      { reason: 'breaker_open', untilMs: NOW_MS + 20_000 },
    ]);
    expect(plan(health, 20_000).candidates).toMatchObject([{ name: 'sick', probe: true }]);
  });

  test('is the only obstacle too when the others are out for a reason of their own', () => {
    const made = makePlan(
      input([upstream('sick', { ...health }), upstream('off', { account: { enabled: false } })], {
        nowMs: NOW_MS + 20_000,
      }),
    );
    expect(made.candidates).toMatchObject([{ name: 'sick', probe: true }]);
  });

  test('set by a human stays until that human ends it', () => {
    const paused: Health = { ...WELL, breakers: { '': { state: 'isolated', sinceMs: NOW_MS } } };
    expect(serves(paused, 365 * 24 * HOUR_MS)).toBe(false);
  });
});
