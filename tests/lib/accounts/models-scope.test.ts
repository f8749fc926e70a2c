import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelAllowed } from '../../../lib/accounts/models-scope.ts';

describe('a model scope', () => {
  test.each<readonly [string[], string | null, boolean]>([
    [[], 'gpt-5', true],
    [['gpt-5'], 'gpt-5', true],
    [['gpt-5'], 'gpt-5-mini', false],
    [['gpt-5*'], 'gpt-5-mini', true],
    [['*mini'], 'gpt-5-mini', true],
    [['*mini'], 'gpt-5-mini-2', false],
    [['gpt-*-mini'], 'gpt-5-mini', true],
    [['gpt-*-mini'], 'gpt-mini', false],
    [['a*a'], 'a', false],
    [['*'], 'anything', true],
    [['**'], 'anything', true],
    [['gpt-5', 'o3*'], 'o3-pro', true],
    [['*', '!gpt-4*'], 'gpt-4o', false],
    [['!gpt-4*', '*'], 'gpt-4o', false],
    [['gpt-4o', '!gpt-4*'], 'gpt-4o', false],
    [['!gpt-4*'], 'gpt-5', true],
    [['!gpt-4*'], 'gpt-4o', false],
    [['gpt-5'], null, true],
    [['gpt.5'], 'gpt-5', false],
  ])('%j for %s is %s', (patterns, model, allowed) => {
    expect(modelAllowed(patterns, model)).toBe(allowed);
  });

  test('means what the same pattern means as a regular expression', () => {
    const text = fc.stringMatching(/^[ab-]{0,8}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*-]{1,8}$/), text, (pattern, model) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(modelAllowed([pattern], model)).toBe(expression.test(model));
        expect(modelAllowed(['*', `!${pattern}`], model)).toBe(!expression.test(model));
      }),
      { numRuns: 1_000 },
    );
  });

  test('with many stars ends, however long the model', () => {
    expect(modelAllowed([`${'a*'.repeat(200)}b`], 'a'.repeat(5_000))).toBe(false);
  });
});
