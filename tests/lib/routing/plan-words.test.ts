import { describe, expect, it } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import { makePlan } from '../../../lib/routing/make-plan.ts';
import {
  type Deciding,
  LEFT_OUT_REASONS,
  type LeftOut,
  type LeftOutReason,
  STRATEGIES,
} from '../../../lib/routing/plan.ts';
import { sayDecided, sayLeftOut, saySessionSource, sayShare } from '../../../lib/routing/plan-words.ts';
import { input, upstream } from './fixtures.ts';

const plan = makePlan(input([upstream('a'), upstream('b')]));
const out = (reason: LeftOutReason, detail: string | null): LeftOut => ({
  accountId: accountId('a'),
  name: 'Work',
  reason,
  detail,
  untilMs: null,
});

describe('A plan in words', () => {
  it('has a sentence for every reason to be first, and each strategy its own', () => {
    const said = STRATEGIES.map((strategy) => sayDecided({ ...plan, strategy, decidedBy: 'strategy' }, true));
    expect(new Set(said).size).toBe(STRATEGIES.length);
    const others: readonly Deciding[] = [
      'hard_affinity',
      'session',
      'parent_session',
      'fixed_account',
      'none',
    ];
    for (const decidedBy of others) expect(sayDecided({ ...plan, decidedBy }, true)).not.toBe('');
    expect(sayDecided({ ...plan, strategy: 'sticky', decidedBy: 'strategy' }, false)).toContain('chance');
  });

  it('has words for every reason to be left out, with and without a detail', () => {
    for (const reason of LEFT_OUT_REASONS) {
      expect(sayLeftOut(out(reason, null)), reason).toMatch(/^[a-z]/);
      expect(sayLeftOut(out(reason, 'detail')), reason).not.toContain('_');
    }
  });

  it.each([
    ['breaker_open', 'paused', 'paused by hand'],
    ['breaker_open', 'gpt-5#silence', 'silent several times in a row (gpt-5)'],
    ['breaker_open', '#proxy', 'its outbound proxy failed several times in a row'],
    ['breaker_open', 'gpt-5', 'failed several times in a row (gpt-5)'],
    ['limit_reached', 'day.cost', 'at a limit you set (day budget)'],
    ['limit_reached', 'month.tokens', 'at a limit you set (month tokens)'],
    ['cooling_down', 'rate_limit_exceeded', 'cooling down (rate_limit_exceeded)'],
    ['cooling_down', 'credit_balance_exhausted', 'out of quota (credit_balance_exhausted)'],
    ['owned_elsewhere', 'another account owns what it names', 'another account owns what it names'],
    ['not_for_this_key', 'model', 'the client key may not use this model'],
    ['model_unsupported', 'It has no access.', 'does not have this model (It has no access)'],
  ] as const)('says of %s with the detail %s: %s', (reason, detail, said) => {
    expect(sayLeftOut(out(reason, detail))).toBe(said);
  });

  it.each([
    ['in_flight', 'calls under way'],
    ['header.tokens', 'tokens a minute'],
    ['header.project-tokens', 'project tokens a minute'],
    ['day.cost', 'day budget'],
    ['month.requests', 'month requests'],
  ])('calls the share %s %s', (decidedBy, said) => {
    expect(sayShare(decidedBy)).toBe(said);
  });

  it.each([
    ['none', 'no session key'],
    ['prefix', 'its opening'],
    ['prompt_cache_key', 'field prompt_cache_key'],
    ['x-session-id', 'header x-session-id'],
    ['session-id+thread-id', 'headers session-id and thread-id'],
  ])('calls the session key of %s %s', (source, said) => {
    expect(saySessionSource(source)).toBe(said);
  });
});
