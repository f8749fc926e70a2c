import { describe, expect, test } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import { NO_RULES } from '../../../lib/clients/client-key.ts';
import { type Grants, widened } from '../../../lib/clients/widened.ts';

const GRANTS: Grants = {
  ...NO_RULES,
  scopes: ['inference'],
  expiresAtMs: null,
};
const of = (before: Partial<Grants>, after: Partial<Grants>) =>
  widened({ ...GRANTS, ...before }, { ...GRANTS, ...after });
const A = accountId('a');
const B = accountId('b');

describe('a change of a client key', () => {
  const narrower: readonly (readonly [Partial<Grants>, Partial<Grants>])[] = [
    [{}, {}],
    [{}, { limits: { hour: { requests: 5 } } }],
    [
      { limits: { day: { requests: 5 } } },
      { limits: { day: { requests: 5, tokens: 9 }, week: { requests: 50 } } },
    ],
    [{ limits: { day: { cost: nanoDollars(5) } } }, { limits: { day: { cost: nanoDollars(4) } } }],
    [{}, { accounts: [] }],
    [{ accounts: [A, B] }, { accounts: [B] }],
    [{}, { models: ['gpt-5*'] }],
    [{ models: ['gpt-5*', 'gpt-4*'] }, { models: ['gpt-4*', '!gpt-4-32k'] }],
    [{ models: ['!o3'] }, { models: ['!o3', 'gpt-5'] }],
    [{}, { serviceTiers: ['flex'], reasoningEfforts: [] }],
    [{}, { expiresAtMs: 5 }],
    [{ expiresAtMs: 5 }, { expiresAtMs: 4 }],
    [{ scopes: ['inference', 'see_accounts'] }, { scopes: ['inference'] }],
  ];
  test.each(narrower)('from %j to %j gives it no more', (before, after) => {
    expect(of(before, after)).toEqual([]);
  });

  const wider: readonly (readonly [keyof Grants, Partial<Grants>, Partial<Grants>])[] = [
    ['limits', { limits: { day: { requests: 5 } } }, {}],
    ['limits', { limits: { day: { requests: 5 } } }, { limits: { day: { requests: 6 } } }],
    ['limits', { limits: { day: { requests: 5 } } }, { limits: { day: { tokens: 5 } } }],
    ['limits', { limits: { day: { requests: 5 } } }, { limits: { month: { requests: 5 } } }],
    [
      'limits',
      { limits: { byModel: [{ models: ['gpt-5*'], day: { requests: 5 } }] } },
      { limits: { byModel: [{ models: ['gpt-5'], day: { requests: 5 } }] } },
    ],
    ['accounts', { accounts: [A] }, { accounts: null }],
    ['accounts', { accounts: [A] }, { accounts: [A, B] }],
    ['models', { models: ['gpt-5'] }, { models: [] }],
    ['models', { models: ['gpt-5'] }, { models: ['gpt-5', 'o3'] }],
    ['models', { models: ['gpt-5*', '!gpt-5-pro'] }, { models: ['gpt-5*'] }],
    ['serviceTiers', { serviceTiers: [] }, { serviceTiers: ['priority'] }],
    ['reasoningEfforts', { reasoningEfforts: ['low'] }, { reasoningEfforts: null }],
    ['expiresAtMs', { expiresAtMs: 5 }, { expiresAtMs: 6 }],
    ['expiresAtMs', { expiresAtMs: 5 }, { expiresAtMs: null }],
    ['scopes', {}, { scopes: ['inference', 'metrics'] }],
  ];
  test.each(wider)('that widens its %s is told apart: from %j to %j', (name, before, after) => {
    expect(of(before, after)).toEqual([name]);
  });
});
