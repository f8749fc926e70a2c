import { describe, expect, test } from 'vitest';
import { toWireError } from '../../../lib/errors.ts';
import { FAILURE_CLASSES, type Failure } from '../../../lib/resilience/failure.ts';
import { giveUp } from '../../../lib/routing/give-up.ts';
import { failure, id } from './fixtures.ts';

const tried = (name: string, over: Partial<Failure>) => ({
  candidate: { accountId: id(`${name}-0123456789`), name },
  failure: failure({ summary: `${name} failed somehow.`, ...over }),
});

describe('what a client hears when every attempt failed', () => {
  test.each(FAILURE_CLASSES.map((of) => [of] as const))(
    'after %s, nothing about an account that is not its business',
    (of) => {
      const said = giveUp([tried('Work', { class: of })], false);
      const ours = ['rate_limit', 'quota', 'credential', 'silence', 'proxy', 'connect'].includes(of);
      expect(said.kind).toBe(ours ? 'ours' : 'as_it_came');
      expect(JSON.stringify(toWireError(said.error))).not.toContain('"Work"');
    },
  );

  test('is the provider’s answer about the request before anything about accounts', () => {
    const said = giveUp(
      [
        tried('a', { class: 'rate_limit' }),
        tried('b', { class: 'caller_fault', status: 400 }),
        tried('c', { class: 'credential', status: 401 }),
      ],
      true,
    );
    expect(said).toMatchObject({ kind: 'as_it_came', index: 1 });
  });

  test('is the original answer when all say that the model is unknown', () => {
    const missing = { class: 'scope', status: 404, code: 'model_not_found' } as const;
    expect(giveUp([tried('a', missing), tried('b', missing)], true)).toMatchObject({
      kind: 'as_it_came',
      index: 1,
    });
  });

  test('is an error of ours where there was no answer to pass on', () => {
    expect(giveUp([tried('a', { class: 'overload', status: null, code: 'CAM_EARLY_END' })], true).kind).toBe(
      'ours',
    );
    expect(giveUp([tried('a', { class: 'overload', status: 200 })], true).kind).toBe('ours');
  });

  test.each([
    ['rate_limit', 'rate_limit_exceeded', 'all_accounts_cooling_down'],
    ['quota', 'insufficient_quota', 'all_accounts_exhausted'],
    ['credential', 'invalid_api_key', 'upstream_credential'],
    ['silence', 'UND_ERR_HEADERS_TIMEOUT', 'upstream_timeout'],
    ['connect', 'ECONNREFUSED', 'upstream_unreachable'],
    ['connect', 'CERT_HAS_EXPIRED', 'upstream_tls'],
    ['proxy', 'CAM_PROXY_ECONNREFUSED', 'upstream_unreachable'],
    ['overload', 'CAM_EARLY_END', 'upstream_error'],
  ] as const)('after %s (%s) has the code %s', (of, code, expected) => {
    expect(giveUp([tried('a', { class: of, code, status: null })], true).error.code).toBe(expected);
  });

  test('names each attempt, and the shortest wait but never more than a minute', () => {
    const said = giveUp(
      [
        tried('Work', { class: 'rate_limit', toldWaitMs: 90_000 }),
        tried('Private', { class: 'rate_limit', toldWaitMs: 70_000 }),
      ],
      true,
    );
    expect(said.error.message).toBe(
      'All 2 attempts met a rate limit. Work: Work failed somehow. Private: Private failed somehow.',
    );
    expect(said.error.retryAfterMs).toBe(60_000);
  });
});
