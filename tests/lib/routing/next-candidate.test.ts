import { describe, expect, test } from 'vitest';
import { CLOSED } from '../../../lib/resilience/breaker.ts';
import { silenceKey, WHOLE } from '../../../lib/resilience/health.ts';
import { makePlan } from '../../../lib/routing/make-plan.ts';
import { chooseNext, type NextQuestion } from '../../../lib/routing/may-move.ts';
import { isTroubled, provenFirst } from '../../../lib/routing/next-candidate.ts';
import type { Candidate } from '../../../lib/routing/plan.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import { failure, id, input, member, NO_FACTS, NOW_MS, RESPONSES, upstream } from './fixtures.ts';

const about = { model: 'gpt-5', family: 'responses' };
const failedOnce = { breakers: { 'gpt-5': { state: 'closed', failuresAtMs: [NOW_MS - 1] } } } as const;
const rested = {
  breakers: { [WHOLE]: { state: 'open', openedAtMs: NOW_MS - 20_000, untilMs: NOW_MS - 5_000, streak: 1 } },
} as const;
const cooled = {
  cause: 'rate_limit',
  untilMs: NOW_MS - 1,
  sinceMs: NOW_MS - 20_000,
  guessed: false,
  streak: 1,
  code: 'rate_limit_exceeded',
  probeAtMs: null,
} as const;
const mark = { kind: 'model', subject: 'gpt-5', reason: 'No.', untilMs: NOW_MS - 1 } as const;

function next(upstreams: readonly Upstream[], over: Partial<NextQuestion> = {}) {
  const plan = over.plan ?? makePlan(input(upstreams, { routing: { strategy: 'priority' } }));
  const last = plan.candidates[0];
  if (last === undefined) throw new Error('a plan with candidates is needed');
  const step = chooseNext({
    failure: failure({}),
    endpoint: RESPONSES,
    model: 'gpt-5',
    facts: NO_FACTS,
    replayable: true,
    attempts: 1,
    attemptsMax: 3,
    plan,
    upstreams,
    last,
    tried: new Set([last.accountId]),
    reasoningFailover: 'strip',
    waitLeftMs: 30_000,
    mayRepeat: true,
    random: 0,
    ...over,
  });
  return step.kind === 'next' ? step.candidate.name : step.kind;
}

const inOrder = (...over: Parameters<typeof upstream>[1][]): Upstream[] =>
  over.map((one, n) => upstream(`account-${n}`, { ...one, account: { ...one?.account, priority: n } }));

describe('an account is troubled', () => {
  test.each<readonly [string, Parameters<typeof upstream>[1], boolean]>([
    ['after one failure that no answer followed', failedOnce, true],
    ['by a breaker that has rested', rested, true],
    ['by silence', { breakers: { [silenceKey('gpt-5')]: failedOnce.breakers['gpt-5'] } }, true],
    ['by a cooldown that is over', { cooldowns: { 'gpt-5': cooled } }, true],
    ['by a mark that ran out', { marks: [mark] }, true],
    ['by a mark of this endpoint', { marks: [{ ...mark, kind: 'family', subject: 'responses' }] }, true],
    [
      'not at another model',
      { marks: [{ ...mark, subject: 'gpt-4' }], cooldowns: { 'gpt-4': cooled } },
      false,
    ],
    ['not by failures that were forgotten', { breakers: { [WHOLE]: CLOSED } }, false],
    ['not when nothing is known', {}, false],
  ])('%s', (_what, over, troubled) => {
    expect(isTroubled(upstream('a', over), about)).toBe(troubled);
  });
});

describe('after a failed attempt the next is', () => {
  test('the first of which nothing bad is known, wherever it stands in the plan', () => {
    expect(
      next(inOrder({}, rested, failedOnce, { cooldowns: { 'gpt-5': cooled } }, { marks: [mark] }, {})),
    ).toBe('account-5');
  });

  test('in the order of the plan where all are well, and where none is', () => {
    expect(next(inOrder({}, {}, {}))).toBe('account-1');
    expect(next(inOrder({}, rested, failedOnce))).toBe('account-1');
  });

  describe('with encrypted reasoning', () => {
    const own = [member('a', 'o1'), member('b', 'o1', failedOnce), member('c', 'o2')];
    const plan = makePlan(
      input(own, {
        home: { accountId: id('a'), organization: 'o1', mixed: false },
        call: { facts: { ...NO_FACTS, sealedReasoning: 'sealed', continues: true } },
      }),
    );

    test('one that can read it although it failed before, while an attempt is left after that', () => {
      expect(plan.candidates.map(({ name, stripReasoning }) => [name, stripReasoning])).toEqual([
        ['a', false],
        ['b', false],
        ['c', true],
      ]);
      expect(next(own, { plan, attempts: 1 })).toBe('b');
    });

    test('at the last attempt one that is well, because an answer is worth more', () => {
      expect(next(own, { plan, attempts: 2 })).toBe('c');
    });
  });
});

test('a plan that is made anew after a failure has those first that need not be tried out', () => {
  const candidate = (name: string, probe: boolean, stripReasoning = false): Candidate => ({
    accountId: id(name),
    name,
    utilization: null,
    decidedBy: null,
    stripReasoning,
    probe,
  });
  const plan = [
    candidate('a', true),
    candidate('b', false),
    candidate('c', true, true),
    candidate('d', false, true),
  ];
  expect(provenFirst(plan).map(({ name }) => name)).toEqual(['b', 'a', 'd', 'c']);
});
