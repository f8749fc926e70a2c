import { describe, expect, test } from 'vitest';
import { FAILURE_CLASSES, type Failure } from '../../../lib/resilience/failure.ts';
import { makePlan } from '../../../lib/routing/make-plan.ts';
import { chooseNext, mayMove, type NextQuestion } from '../../../lib/routing/may-move.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';
import { endpoint, failure, id, input, member, NO_FACTS, RESPONSES, upstream } from './fixtures.ts';

const question = { endpoint: RESPONSES, facts: NO_FACTS, replayable: true, attempts: 1, attemptsMax: 3 };
const FILES = endpoint('POST', '/v1/files');

describe('whether a failed call may go elsewhere', () => {
  test.each(FAILURE_CLASSES.map((of) => [of, ['caller_fault', 'policy', 'unknown'].includes(of)] as const))(
    'after %s: stays = %s',
    (of, stays) => {
      expect(mayMove({ ...question, failure: failure({ class: of }) })).toBe(stays ? 'its_own_fault' : null);
    },
  );

  test('not once output was shown', () => {
    expect(mayMove({ ...question, failure: failure({ phase: 'mid_stream' }) })).toBe('output_was_shown');
  });

  test('inference after an ambiguous end, a background response only after a definite refusal', () => {
    const facts = { ...NO_FACTS, background: true };
    expect(mayMove({ ...question, failure: failure({ definite: false }) })).toBeNull();
    expect(mayMove({ ...question, facts, failure: failure({ definite: false }) })).toBe('ambiguous');
    expect(mayMove({ ...question, facts, failure: failure({ definite: true }) })).toBeNull();
  });

  test('never a call to stored objects', () => {
    expect(mayMove({ ...question, endpoint: FILES, failure: failure({ definite: true }) })).toBe(
      'fixed_account',
    );
  });

  test('not when a streamed body has begun to leave', () => {
    const gone = { ...question, replayable: false };
    expect(mayMove({ ...gone, failure: failure({ definite: true }) })).toBe('body_is_gone');
    expect(
      mayMove({ ...gone, failure: failure({ class: 'connect', phase: 'connect', definite: true }) }),
    ).toBeNull();
  });

  test('not after the last attempt', () => {
    expect(mayMove({ ...question, attempts: 3, failure: failure({}) })).toBe('attempts_used_up');
  });
});

function next(upstreams: readonly Upstream[], failed: Failure, over: Partial<NextQuestion> = {}) {
  const plan = makePlan(input(upstreams));
  const last = plan.candidates[0];
  if (last === undefined) throw new Error('a plan with candidates is needed');
  return chooseNext({
    ...question,
    model: 'gpt-5',
    failure: failed,
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
}

const limited = failure({ class: 'rate_limit', toldWaitMs: 1_500, definite: true });

describe('where a failed call goes next', () => {
  const two = [upstream('a'), upstream('b')];

  test('is another candidate first, at once', () => {
    expect(next(two, failure({}))).toMatchObject({ kind: 'next', candidate: { name: 'b' } });
    expect(next(two, limited)).toMatchObject({ kind: 'next', candidate: { name: 'b' } });
  });

  test('is never an account that was tried already', () => {
    expect(next(two, failure({ class: 'quota' }), { tried: new Set([id('a'), id('b')]) })).toEqual({
      kind: 'stop',
      why: 'nobody_left',
    });
  });

  test('is not an account that shares the bucket that was empty', () => {
    const same = [member('a', 'o1'), member('b', 'o1'), member('c', 'o2')];
    expect(next(same, limited)).toMatchObject({ kind: 'next', candidate: { name: 'c' } });
    expect(next(same, failure({}))).toMatchObject({ kind: 'next', candidate: { name: 'b' } });
  });

  test('is an account with a bucket large enough for a large request', () => {
    const bucket = (limit: number) => ({ tokens: { limit, remaining: limit, fullAtMs: null, readAtMs: 0 } });
    const accounts = [
      upstream('a', { headerLimits: bucket(30_000) }),
      upstream('b', { headerLimits: bucket(30_000) }),
      upstream('c', { headerLimits: bucket(90_000) }),
    ];
    const large = failure({ class: 'too_large_for_limit', requestedTokens: 36_055, definite: true });
    expect(next(accounts, large)).toMatchObject({ kind: 'next', candidate: { name: 'c' } });
    expect(next(accounts.slice(0, 2), large)).toEqual({ kind: 'stop', why: 'nobody_left' });
  });

  test('is the same account after a jittered pause when it is the last and the trouble passes', () => {
    expect(next([upstream('a')], failure({}))).toMatchObject({ kind: 'again', delayMs: 250 });
    expect(next([upstream('a')], failure({}), { random: 0.999 })).toMatchObject({ delayMs: 500 });
    expect(next([upstream('a')], failure({}), { attempts: 2 })).toMatchObject({ delayMs: 500 });
    expect(next([upstream('a')], limited)).toMatchObject({ kind: 'again', delayMs: 1_500 });
  });

  test.each<readonly [string, Failure, Partial<NextQuestion>]>([
    ['a long told wait', failure({ class: 'rate_limit', toldWaitMs: 9_000 }), {}],
    ['a guessed wait', failure({ class: 'rate_limit' }), {}],
    ['silence', failure({ class: 'silence' }), {}],
    ['a refused key', failure({ class: 'credential', definite: true }), {}],
    ['an empty purse', failure({ class: 'quota', definite: true }), {}],
    ['a proxy', failure({ class: 'proxy' }), {}],
    ['a spent retry budget', failure({}), { mayRepeat: false }],
    ['no time left to wait', failure({}), { waitLeftMs: 100 }],
  ])('is not the same account after %s', (_what, failed, over) => {
    expect(next([upstream('a')], failed, over)).toEqual({ kind: 'stop', why: 'nobody_left' });
  });

  describe('with a spent retry budget', () => {
    const spent = { mayRepeat: false };

    test('is still another account: the first move to a healthy one is never refused', () => {
      expect(next(two, failure({}), spent)).toMatchObject({ kind: 'next', repeat: false });
      expect(next([member('a', 'o1'), member('b', 'o2')], failure({}), spent)).toMatchObject({
        kind: 'next',
        candidate: { name: 'b' },
        repeat: false,
      });
    });

    test('is not another key of the same limit group, which counts as a repeat', () => {
      const same = [member('a', 'o1'), member('b', 'o1')];
      expect(next(same, failure({}))).toMatchObject({ kind: 'next', candidate: { name: 'b' }, repeat: true });
      expect(next(same, failure({}), spent)).toEqual({ kind: 'stop', why: 'nobody_left' });
      expect(next([...same, member('c', 'o2')], failure({}), spent)).toMatchObject({
        candidate: { name: 'c' },
        repeat: false,
      });
    });
  });

  test('is never earlier than the provider asked', () => {
    for (const random of [0, 0.5, 0.999]) {
      const step = next([upstream('a')], limited, { random });
      expect(step.kind === 'again' && step.delayMs).toBeGreaterThanOrEqual(1_500);
    }
  });

  test('is the same account again after a conflict, while attempts are left, and never another', () => {
    const locked = failure({ class: 'caller_fault', status: 409, definite: false });
    const accounts = [upstream('a'), upstream('b')];
    expect(next(accounts, locked)).toMatchObject({ kind: 'again', candidate: { name: 'a' }, delayMs: 250 });
    expect(next(accounts, locked, { attempts: 3 })).toEqual({ kind: 'stop', why: 'its_own_fault' });
    const facts = { ...NO_FACTS, background: true };
    expect(next(accounts, locked, { facts })).toEqual({ kind: 'stop', why: 'its_own_fault' });
    expect(next(accounts, locked, { endpoint: FILES })).toEqual({ kind: 'stop', why: 'its_own_fault' });
  });

  describe('with reasoning that cannot be read', () => {
    const facts = { ...NO_FACTS, sealedReasoning: 'h' };
    const sealed = failure({
      class: 'state_elsewhere',
      code: 'invalid_encrypted_content',
      status: 400,
      definite: true,
    });

    test('is the same account once more without the reasoning', () => {
      expect(next(two, sealed, { facts })).toMatchObject({
        kind: 'again',
        delayMs: 0,
        candidate: { name: 'a', stripReasoning: true, stripAll: true },
      });
    });

    test('is the same account without any of it when some was kept and even that was refused', () => {
      const [first] = makePlan(input(two)).candidates;
      if (first === undefined) throw new Error('no candidate');
      expect(next(two, sealed, { facts, last: { ...first, stripReasoning: true } })).toMatchObject({
        kind: 'again',
        candidate: { name: 'a', stripAll: true },
      });
    });

    test('is nowhere when it was removed already, may not be removed, or is the history itself', () => {
      const plan = makePlan(input(two));
      const [first] = plan.candidates;
      if (first === undefined) throw new Error('no candidate');
      const stop = { kind: 'stop', why: 'its_own_fault' };
      const bare = { ...first, stripReasoning: true, stripAll: true };
      expect(next(two, sealed, { facts, last: bare })).toEqual(stop);
      expect(next(two, sealed, { facts, reasoningFailover: 'refuse' })).toEqual(stop);
      expect(next(two, sealed, { facts: { ...NO_FACTS, hasCompaction: true } })).toEqual(stop);
    });

    test('stays without it on every account that follows', () => {
      const [first] = makePlan(input(two)).candidates;
      if (first === undefined) throw new Error('no candidate');
      const step = next(two, limited, { facts, last: { ...first, stripReasoning: true } });
      expect(step).toMatchObject({ kind: 'next', candidate: { name: 'b', stripReasoning: true } });
    });

    test('is nowhere for a stored object that this one does not have: its owner would have been asked', () => {
      const stored = failure({
        class: 'state_elsewhere',
        code: 'previous_response_not_found',
        definite: true,
      });
      expect(next(two, stored)).toEqual({ kind: 'stop', why: 'its_own_fault' });
    });
  });
});
