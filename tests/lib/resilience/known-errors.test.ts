import { describe, expect, test } from 'vitest';
import { classify } from '../../../lib/resilience/classify.ts';
import { FAILURE_CLASSES } from '../../../lib/resilience/failure.ts';
import { MONEY, THE_KEY, THROTTLES } from './known/limits.ts';
import { POLICY, SCOPES, STATE, THE_REQUEST } from './known/request.ts';
import { json, type KnownError, raw } from './known/say.ts';
import { THEIR_TROUBLE, TRANSPORT } from './known/trouble.ts';

const KNOWN_ERRORS: readonly KnownError[] = [
  ...THE_REQUEST,
  ...POLICY,
  ...THROTTLES,
  ...MONEY,
  ...THE_KEY,
  ...SCOPES,
  ...STATE,
  ...THEIR_TROUBLE,
  ...TRANSPORT,
  json('a proxy that wants a sign-in is the proxy', 407, {}, 'proxy'),
  raw('an answer that nobody knows is said to be unknown', 302, '', 'unknown'),
];
const NOW_MS = Date.UTC(2026, 10, 22, 9, 50);
const NOTHING = { phase: 'first_event', status: null, headers: {}, body: '', transportCode: null } as const;

describe('Of what providers are known to answer,', () => {
  for (const { promise, evidence, class: means, more } of KNOWN_ERRORS) {
    test(promise, () => {
      const failure = classify({ ...NOTHING, ...evidence, nowMs: NOW_MS });
      expect(failure).toMatchObject({ class: means, ...more });
      if (!('mark' in more) && means !== 'scope') expect(failure.mark).toBeNull();
      if (!('permanent' in more)) expect(failure.permanent).toBe(false);
      if (!('requestedTokens' in more)) expect(failure.requestedTokens).toBeNull();
    });
  }

  test('every class has an example', () => {
    const shown = new Set(KNOWN_ERRORS.map((known) => known.class));
    expect(FAILURE_CLASSES.filter((one) => !shown.has(one))).toEqual([]);
  });

  test('the code decides before the type, the type before the status, the status before the text', () => {
    const means = (status: number, error: object): string =>
      classify({ ...NOTHING, status, body: JSON.stringify({ error }), nowMs: NOW_MS }).class;
    const quota = { message: 'You exceeded your current quota' };
    expect(means(401, { ...quota, type: 'insufficient_quota', code: 'rate_limit_exceeded' })).toBe(
      'rate_limit',
    );
    expect(means(401, { ...quota, type: 'insufficient_quota', code: 'unheard_of' })).toBe('quota');
    expect(means(401, { ...quota, type: 'unheard_of' })).toBe('credential');
  });
});
