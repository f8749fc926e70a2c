import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../lib/config.ts';
import { breakerVerdict } from '../../../lib/resilience/breaker.ts';
import type { Failure } from '../../../lib/resilience/failure.ts';
import {
  afterAbandoned,
  afterDial,
  afterFailure,
  afterSuccess,
  breakerKey,
  countedBy,
  type Health,
  PROXY_KEY,
  silenceKey,
  WELL,
  WHOLE,
  withoutExpired,
} from '../../../lib/resilience/health.ts';

const config = defaultConfig();
const T = Date.UTC(2026, 10, 22);

const failure = (over: Partial<Failure>): Failure => ({
  class: 'overload',
  phase: 'first_event',
  status: 500,
  code: 'server_error',
  summary: 'It failed.',
  toldWaitMs: null,
  toldWaitRaw: null,
  mark: null,
  requestedTokens: null,
  permanent: false,
  definite: false,
  ...over,
});
const failed = (health: Health, over: Partial<Failure>, model: string | null = 'gpt-5', nowMs = T) =>
  afterFailure(health, failure(over), model, 'responses', nowMs, config);
const failedTimes = (times: number, over: Partial<Failure>, model: string | null = 'gpt-5') => {
  let health: Health = WELL;
  for (let i = 0; i < times; i++) health = failed(health, over, model);
  return health;
};
const open = (health: Health, key: string, nowMs = T) =>
  breakerVerdict(health.breakers[key], nowMs, false, config.breaker).kind === 'open';

describe('the health of an account', () => {
  test('counts overload for the model, connect failures for the whole account, silence apart', () => {
    expect(breakerKey(failure({ class: 'overload' }), 'gpt-5')).toBe('gpt-5');
    expect(breakerKey(failure({ class: 'unknown' }), null)).toBe(WHOLE);
    expect(breakerKey(failure({ class: 'connect' }), 'gpt-5')).toBe(WHOLE);
    expect(breakerKey(failure({ class: 'silence' }), 'gpt-5')).toBe(silenceKey('gpt-5'));
    expect(breakerKey(failure({ class: 'scope', mark: null }), 'gpt-5')).toBe('gpt-5');
    const overloaded = failedTimes(5, { class: 'overload' });
    expect(open(overloaded, 'gpt-5')).toBe(true);
    expect(open(overloaded, WHOLE)).toBe(false);
    expect(open(failedTimes(5, { class: 'silence' }), 'gpt-5')).toBe(false);
  });

  test.each(['caller_fault', 'policy', 'too_large_for_limit', 'credential', 'state_elsewhere'] as const)(
    'is untouched by %s',
    (of) => {
      expect(failedTimes(20, { class: of })).toBe(WELL);
    },
  );

  test('counts a dead proxy apart, as the way out and not as the account or a model of it', () => {
    const cutOff = failedTimes(5, { class: 'proxy' });
    expect(Object.keys(cutOff.breakers)).toEqual([PROXY_KEY]);
    expect(open(cutOff, PROXY_KEY)).toBe(true);
    expect(afterDial(cutOff, 'any-model', T + 1, config)).toBe(null);
    expect(afterSuccess(failed(WELL, { class: 'proxy' }), 'gpt-5', T)).toEqual(WELL);
    expect(countedBy(PROXY_KEY)).toEqual({ what: 'proxy', model: null });
    expect(countedBy(silenceKey('gpt-5'))).toEqual({ what: 'silence', model: 'gpt-5' });
    expect(countedBy(WHOLE)).toEqual({ what: 'failures', model: null });
  });

  test('remembers a mark that ran out until an answer refutes it', () => {
    const of = { class: 'scope', mark: { kind: 'model', forMs: 1_000 } } as const;
    const marked = failed(failed(WELL, of, 'a'), of, 'b', T + 1_000);
    expect(marked.marks.map(({ subject }) => subject)).toEqual(['a', 'b']);
    expect(afterSuccess(marked, 'a', T + 999)).toBe(marked);
    expect(afterSuccess(marked, 'a', T + 1_000).marks.map(({ subject }) => subject)).toEqual(['b']);
  });

  test('cools down for the model after a rate limit and as a whole after a quota', () => {
    expect(Object.keys(failed(WELL, { class: 'rate_limit' }).cooldowns)).toEqual(['gpt-5']);
    expect(Object.keys(failed(WELL, { class: 'quota' }).cooldowns)).toEqual([WHOLE]);
  });

  test('keeps a told wait although a call from before it succeeds, and ends a quota when one does', () => {
    const limited = failed(WELL, { class: 'rate_limit', toldWaitMs: 10_000 });
    expect(afterSuccess(limited, 'gpt-5', T + 1_000)).toBe(limited);
    expect(afterSuccess(limited, 'gpt-5', T + 10_000).cooldowns).toEqual({});
    expect(afterSuccess(failed(WELL, { class: 'quota' }), 'gpt-5', T + 1_000).cooldowns).toEqual({});
  });

  test('is well again after a success, for the model and the whole, and for no other model', () => {
    const both = failed(failed(failed(WELL, {}, 'a'), {}, 'b'), { class: 'connect' }, 'a');
    expect(Object.keys(afterSuccess(both, 'a', T).breakers)).toEqual(['b']);
    expect(afterSuccess(WELL, 'a', T)).toBe(WELL);
  });

  test('marks what the account may not serve, until the mark expires, once per subject', () => {
    const of = { class: 'scope', mark: { kind: 'model', forMs: 3_600_000 } } as const;
    const marked = failed(failed(WELL, of), of, 'gpt-5', T + 1);
    expect(marked.marks).toEqual([
      { kind: 'model', subject: 'gpt-5', reason: 'It failed.', untilMs: T + 1 + 3_600_000 },
    ]);
    const family = failed(WELL, { class: 'scope', mark: { kind: 'family', forMs: 60_000 } });
    expect(family.marks[0]).toMatchObject({ kind: 'family', subject: 'responses' });
    expect(failed(WELL, { class: 'scope' }).marks).toEqual([]);
    expect(failed(WELL, of, null)).toBe(WELL);
    expect(withoutExpired(family, T + 60_000).marks).toEqual([]);
  });

  const dial = (health: Health, atMs: number): Health => {
    const dialled = afterDial(health, 'gpt-5', atMs, config);
    if (dialled === null) throw new Error('calls are kept away');
    return dialled;
  };

  test('allows one probe at a time, and the next when the probing call said nothing', () => {
    const resting = failedTimes(5, {});
    const dialled = dial(resting, T + 15_000);
    expect(open(dialled, 'gpt-5', T + 15_001)).toBe(true);
    expect(afterDial(dialled, 'gpt-5', T + 15_001, config)).toBe(null);
    expect(open(afterAbandoned(dialled, dialled, 'gpt-5'), 'gpt-5', T + 15_001)).toBe(false);
    const refused = failed(dialled, { class: 'caller_fault' });
    expect(open(afterAbandoned(refused, dialled, 'gpt-5'), 'gpt-5', T + 15_001)).toBe(false);
    expect(afterDial(WELL, 'gpt-5', T, config)).toBe(WELL);
  });

  test('keeps the place of a probe that is not the one that said nothing', () => {
    const first = dial(failedTimes(5, {}), T + 15_000);
    // The first was lost for half a minute, so a second went.
    const second = dial(first, T + 45_000);
    expect(open(afterAbandoned(second, first, 'gpt-5'), 'gpt-5', T + 45_001)).toBe(true);
    const again = failed(second, {}, 'gpt-5', T + 45_002);
    expect(afterAbandoned(again, second, 'gpt-5')).toBe(again);
  });

  test('keeps calls away that were planned before it went out, but not one that waits as it was told', () => {
    const limited = failed(WELL, { class: 'rate_limit', toldWaitMs: 1_000 });
    expect(afterDial(limited, 'gpt-5', T + 1, config)).toBe(null);
    expect(afterDial(limited, 'gpt-4o', T + 1, config)).toBe(limited);
    expect(afterDial(limited, 'gpt-5', T + 1, config, true)).toBe(limited);
    expect(afterDial(failedTimes(5, {}), 'gpt-5', T + 1, config, true)).toBe(null);
  });

  test('moves the hourly quota probe on when a call uses it, and back when that call said nothing', () => {
    const empty = failed(WELL, { class: 'quota' });
    const dialled = dial(empty, T + 3_600_000);
    expect(dialled.cooldowns[WHOLE]?.probeAtMs).toBe(T + 7_200_000);
    expect(afterAbandoned(dialled, dialled, 'gpt-5').cooldowns[WHOLE]?.probeAtMs).toBe(T + 3_600_000);
    const refused = failed(dialled, { class: 'quota' }, 'gpt-5', T + 3_600_000);
    expect(afterAbandoned(refused, dialled, 'gpt-5')).toBe(refused);
  });

  test('remembers a bounded number of models, whatever clients ask for, and never forgets the whole', () => {
    let health = failed(WELL, { class: 'connect' }, 'first');
    for (let i = 0; i < 200; i++) health = failed(health, {}, `model-${i}`);
    expect(Object.keys(health.breakers)).toHaveLength(64);
    expect(health.breakers[WHOLE]).toBeDefined();
    expect(health.breakers['model-199']).toBeDefined();
    expect(health.breakers['model-0']).toBeUndefined();
  });

  test('forgets cooldowns some time after they ended, so that their streak still counts for a while', () => {
    const limited = failed(WELL, { class: 'rate_limit', toldWaitMs: 1_000 });
    expect(withoutExpired(limited, T + 2_000)).toBe(limited);
    expect(withoutExpired(limited, T + 400_000).cooldowns).toEqual({});
  });
});
