import { describe, expect, test } from 'vitest';
import { clientKeyId } from '../../../lib/base/id.ts';
import type { Caller } from '../../../lib/clients/client-key.ts';
import { toWireError } from '../../../lib/errors.ts';
import { NOT_FIXED, OWNED_ELSEWHERE } from '../../../lib/routing/affinity.ts';
import { nothingLeft } from '../../../lib/routing/nothing-left.ts';
import type { LeftOut, LeftOutReason, RoutePlan } from '../../../lib/routing/plan.ts';
import { id, NOW_MS } from './fixtures.ts';

const ACCOUNT = '0192f3a1-7c00-7000-8000-000000000001';
const left = (
  reason: LeftOutReason,
  untilMs: number | null = null,
  detail: string | null = null,
  name = 'Work',
): LeftOut => ({ accountId: id(ACCOUNT), name, reason, detail, untilMs });
const plan = (...leftOut: LeftOut[]): RoutePlan => ({
  strategy: 'least_utilized',
  decidedBy: 'none',
  candidates: [],
  leftOut,
  madeAtMs: NOW_MS,
  home: null,
});
const operator = { clientKeyId: clientKeyId('k'), scopes: ['inference', 'see_accounts'] as const };
const stranger = { clientKeyId: clientKeyId('k'), scopes: ['inference'] as const };
const error = (...leftOut: LeftOut[]) => nothingLeft(plan(...leftOut), operator, 'gpt-5', NOW_MS);
const soon = NOW_MS + 12_000;

describe('a call that no account may take', () => {
  test('without any account says how to add one', () => {
    expect(error()).toMatchObject({ code: 'no_account', kind: { status: 503, retry: false } });
    expect(toWireError(error()).error.message).toContain('cam -- add');
  });

  test('says how long it has waited, when it has', () => {
    const waited = { ...plan(left('full', NOW_MS + 1_000)), waitedMs: 5_000 };
    const refused = nothingLeft(waited, operator, 'gpt-5', NOW_MS);
    expect(refused).toMatchObject({ code: 'all_accounts_unusable', details: { waitedMs: 5_000 } });
    expect(refused.message).toContain('The call has waited 5 s for one.');
    expect(error(left('full', NOW_MS + 1_000)).message).not.toContain('waited');
  });

  test.each<readonly [string, LeftOut[], string, number | undefined]>([
    [
      'all cooling down',
      [left('cooling_down', soon), left('cooling_down', NOW_MS + 30_000)],
      'all_accounts_cooling_down',
      12_000,
    ],
    [
      'one cooling down, one switched off',
      [left('cooling_down', soon), left('disabled')],
      'all_accounts_cooling_down',
      12_000,
    ],
    ['all resting', [left('breaker_open', soon)], 'all_accounts_unusable', 12_000],
    ['all full', [left('full', NOW_MS + 1_000)], 'all_accounts_unusable', 1_000],
    ['one back in a moment', [left('cooling_down', NOW_MS + 3)], 'all_accounts_cooling_down', 1_000],
    [
      'all at their limits',
      [left('limit_reached', NOW_MS + 3_600_000, 'day.requests')],
      'limit_reached',
      undefined,
    ],
    [
      'all out of money',
      [left('cooling_down', NOW_MS + 3_600_000, 'insufficient_quota')],
      'all_accounts_exhausted',
      undefined,
    ],
    [
      'all out of money, and one of them asked again in a moment',
      [left('cooling_down', NOW_MS + 20_000, 'insufficient_quota')],
      'all_accounts_exhausted',
      undefined,
    ],
    [
      'none that may use the endpoint',
      [left('endpoint_unsupported', NOW_MS + 3_600_000)],
      'no_account_for_call',
      undefined,
    ],
    ['no price, and limits in money everywhere', [left('price_unknown')], 'all_accounts_unusable', undefined],
    [
      'a key tied to one account, and to other models',
      [left('not_for_this_key', null, 'account'), left('not_for_this_key', null, 'model')],
      'model_not_allowed',
      undefined,
    ],
    [
      'limited for hours',
      [left('cooling_down', NOW_MS + 7_200_000, 'rate_limit_exceeded')],
      'all_accounts_exhausted',
      undefined,
    ],
    [
      'out of money, and another resting',
      [left('cooling_down', NOW_MS + 3_600_000, 'insufficient_quota'), left('breaker_open', soon)],
      'all_accounts_cooling_down',
      12_000,
    ],
    ['all switched off', [left('disabled'), left('quarantined')], 'all_accounts_unusable', undefined],
    ['all paused', [left('breaker_open', null, 'paused')], 'all_accounts_unusable', undefined],
    [
      'the model nowhere in scope',
      [left('model_not_in_scope'), left('model_unsupported', NOW_MS + 3_600_000)],
      'model_not_found',
      undefined,
    ],
    [
      'the model nowhere in scope, but one switched off',
      [left('model_not_in_scope'), left('disabled')],
      'model_not_found',
      undefined,
    ],
    [
      'the model in scope of one that cools down',
      [left('model_not_in_scope'), left('cooling_down', soon)],
      'all_accounts_cooling_down',
      12_000,
    ],
    [
      'a client key without accounts',
      [left('not_for_this_key', null, 'account')],
      'no_account_for_call',
      undefined,
    ],
    [
      'a client key that may not use the model',
      [left('not_for_this_key', null, 'model')],
      'model_not_allowed',
      undefined,
    ],
    [
      'an owner that cools down',
      [left('owned_elsewhere', null, 'x'), left('cooling_down', soon)],
      'account_pinned_unusable',
      12_000,
    ],
    ['an owner that is gone', [left('owned_elsewhere', null, 'x')], 'account_pinned_unusable', undefined],
    [
      'reasoning that may not be dropped',
      [
        left('owned_elsewhere', null, 'another organization sealed the reasoning'),
        left('cooling_down', soon),
      ],
      'reasoning_elsewhere',
      12_000,
    ],
  ])('with %s', (_what, leftOut, code, retryAfterMs) => {
    expect(error(...leftOut)).toMatchObject({ code, retryAfterMs });
  });

  test.each([
    ['a stored object', 'x', 'account_pinned_unusable', 'provider'],
    // Only a person helps: together with a wait that is not told, this makes the answer final.
    ['reasoning', 'another organization sealed the reasoning', 'reasoning_elsewhere', 'operator'],
  ])('never has a client sleep for a wait of more than a minute, for %s', (_what, detail, code, blame) => {
    const failed = error(left('owned_elsewhere', null, detail), left('cooling_down', NOW_MS + 9e6));
    expect(failed).toMatchObject({ code, retryAfterMs: undefined, kind: { blame } });
  });

  test('tells of reasoning elsewhere which account holds it, and what can be done', () => {
    const failed = error(
      left('owned_elsewhere', null, 'another organization sealed the reasoning', 'Other'),
      left('disabled', null, null, 'Work'),
    );
    expect(failed.message).toContain('Work is switched off.');
    expect(failed.message).not.toContain('Other');
    expect(failed.hint).toContain('reasoning_failover');
  });

  test('says of each account why, by name to those who may see names', () => {
    const failed = error(
      left('cooling_down', soon, 'rate_limit_exceeded'),
      left('disabled', null, null, 'Private'),
    );
    expect(failed.message).toBe(
      'No account can serve this call for 12 s. Work is cooling down for 12 s; Private is switched off. Nothing was sent.',
    );
    expect(failed.details).toEqual({
      accounts: [
        { account: ACCOUNT, name: 'Work', reason: 'cooling_down', until: new Date(soon).toISOString() },
        { account: ACCOUNT, name: 'Private', reason: 'disabled', until: null },
      ],
    });
  });

  test('gives others the beginning of the id only', () => {
    const failed = nothingLeft(plan(left('cooling_down', soon)), stranger, 'gpt-5', NOW_MS);
    expect(JSON.stringify(toWireError(failed))).not.toContain('Work');
    expect(failed.message).toContain('Account 0192f3a1-7c00 is cooling down');
  });

  test('keeps the sentence short however many accounts there are', () => {
    const many = Array.from({ length: 300 }, (_, i) => left('disabled', null, null, `Account ${i}`));
    expect(error(...many).message).toContain('and 295 more');
  });

  test('does not repeat an endless model name', () => {
    const failed = nothingLeft(plan(left('model_not_in_scope')), operator, 'm'.repeat(9_999), NOW_MS);
    expect(failed.message.length).toBeLessThan(400);
  });
});

/** Every state there is, with what a person can do in it. */
const STATES: readonly (readonly [string, LeftOut[], RegExp])[] = [
  ['no account', [], /npm run -s cam -- add NAME/],
  ['all cooling down', [left('cooling_down', soon)], /passes by itself; an account of another organization/],
  ['all resting', [left('breaker_open', soon)], /passes by itself; "cam status"/],
  [
    'all behind a dead proxy',
    [left('breaker_open', soon, '#proxy')],
    /through its outbound proxy for 12 s\..*passes by itself/,
  ],
  ['all silent', [left('breaker_open', soon, 'gpt-5#silence')], /did not answer several times for 12 s/],
  ['all full', [left('full', NOW_MS + 1_000)], /passes by itself/],
  ['all paused', [left('breaker_open', null, 'paused')], /is paused\..*"cam resume NAME"/],
  ['all switched off', [left('disabled')], /is switched off\..*"cam enable NAME"/],
  [
    'all keys refused',
    [left('disabled', null, 'the provider does not accept its key')],
    /does not accept its key\..*new key on the page \/admin\/accounts/,
  ],
  ['all quarantined', [left('quarantined')], /Remove it and add it again/],
  ['all without a price', [left('price_unknown')], /price of this model is unknown\..*limits\.unknown_price/],
  [
    'all at their limits',
    [left('limit_reached', NOW_MS + 7_200_000, 'day.cost')],
    /limit \(day cost\) for 2 h\..*Raise the limit/,
  ],
  [
    'all out of money',
    [left('cooling_down', NOW_MS + 3_600_000, 'insufficient_quota')],
    /out of quota and is asked again in 1 h\..*Add credit/,
  ],
  [
    'a model nowhere',
    [left('model_unsupported', NOW_MS + 3_600_000)],
    /no access to this model for 1 h\..*Check the name of the model/,
  ],
  [
    'an endpoint nowhere',
    [left('endpoint_unsupported', NOW_MS + 3_600_000)],
    /may not use this endpoint for 1 h\..*permission at the provider/,
  ],
  ['a key without accounts', [left('not_for_this_key', null, 'account')], /\/admin\/clients/],
  [
    'a key without the model',
    [left('not_for_this_key', null, 'model')],
    /may not use the model `gpt-5`\..*\/admin\/clients/,
  ],
  [
    'an owner that cools down',
    [left('owned_elsewhere', null, 'x'), left('cooling_down', soon)],
    /Only that account can serve it/,
  ],
  [
    'reasoning elsewhere',
    [left('owned_elsewhere', null, 'sealed reasoning'), left('cooling_down', soon)],
    /routing\.reasoning_failover/,
  ],
];

describe.each(STATES)('with %s', (_what, leftOut, says) => {
  const said = (attempts?: number) =>
    toWireError(nothingLeft(plan(...leftOut), operator, 'gpt-5', NOW_MS, attempts)).error;

  test('the sentence has the accounts with their reasons, what was done, and what a person can do', () => {
    expect(said().message).toMatch(says);
    expect(said().message).toContain('Nothing was sent.');
    expect(said(1).message).toContain('It was tried once.');
    expect(said(3).message).toContain('It was tried 3 times.');
  });

  test('it sounds like something that passes only where it does', () => {
    const failed = error(...leftOut);
    const passes =
      failed.kind.retry && !(failed.kind.blame === 'operator' && failed.retryAfterMs === undefined);
    // What makes OpenCode repeat a call in silence.
    if (!passes)
      expect(said(3).message).not.toMatch(
        /server.?error|rate.?limit|overloaded|too many requests|try again/i,
      );
    else expect(failed.retryAfterMs).toBeGreaterThanOrEqual(1_000);
  });
});

describe('a call that names what one account keeps', () => {
  const OWNER = '0192f3a1-7c00-7000-8000-000000000009';
  const ownedBy = { accountId: id(OWNER), name: 'Archive' };
  const others = Array.from({ length: 9 }, (_, n) =>
    left('owned_elsewhere', null, OWNED_ELSEWHERE, `Other ${n}`),
  );
  const owner = (reason: LeftOutReason, untilMs: number | null = null, detail: string | null = null) => ({
    ...left(reason, untilMs, detail, 'Archive'),
    accountId: id(OWNER),
  });
  const failed = (caller: Pick<Caller, 'scopes'>, ...leftOut: LeftOut[]) =>
    nothingLeft({ ...plan(...leftOut), ownedBy }, caller, 'gpt-5', NOW_MS);

  test('is told of that account alone, however many others there are', () => {
    const error = failed(operator, ...others, owner('cooling_down', soon));
    expect(error).toMatchObject({ code: 'account_pinned_unusable', retryAfterMs: 12_000 });
    expect(error.message).toBe(
      'What this call refers to is stored at one account, and that one cannot serve now. Archive is cooling down for 12 s. Nothing was sent.',
    );
    expect(error.details).toEqual({
      accounts: [
        { account: OWNER, name: 'Archive', reason: 'cooling_down', until: new Date(soon).toISOString() },
      ],
    });
  });

  test('can be tried again though nobody knows when, where the account is switched off', () => {
    const error = failed(operator, owner('disabled'), ...others);
    expect(error).toMatchObject({ code: 'account_pinned_unusable', retryAfterMs: undefined });
    expect(error.kind.retry).toBe(true);
    expect(error.message).toContain('Archive is switched off');
  });

  test('is told that the account was removed, by its name or the beginning of its id', () => {
    const named = failed(operator, ...others);
    expect(named).toMatchObject({ code: 'object_owner_gone', kind: { status: 404, retry: false } });
    expect(named.message).toContain('stored at Archive, which was removed');
    const strange = failed(stranger, ...others);
    expect(JSON.stringify(toWireError(strange))).not.toContain('Archive');
    expect(strange.message).toContain('account 0192f3a1-7c00');
    expect(failed(operator).code).toBe('object_owner_gone');
  });

  test('is told that the account is not for its key', () => {
    const error = failed(operator, ...others, owner('not_for_this_key', null, 'account'));
    expect(error.code).toBe('no_account_for_call');
    expect(error.message).toContain('stored at Archive, which this client key may not use');
  });

  test('is not told of stored things where only its kind of call, or its history, has one place', () => {
    const fixed = error(left('owned_elsewhere', null, NOT_FIXED), left('cooling_down', soon));
    expect(fixed.message).toContain('Calls of this kind go to one account');
    const detail = 'another organization sealed the compacted history';
    const history = error(left('owned_elsewhere', null, detail), left('cooling_down', soon));
    expect(history.message).toContain('was compacted by one organization');
  });
});
