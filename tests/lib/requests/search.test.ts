/** What is understood of a search, and what is said of the rest. */
import { describe, expect, it } from 'vitest';
import { parseSearch, wordsOf } from '../../../lib/requests/search.ts';

const one = (text: string) => {
  const { terms, faults } = parseSearch(text);
  expect(faults).toEqual([]);
  expect(terms).toHaveLength(1);
  return terms[0];
};
const MOST = Number.MAX_SAFE_INTEGER;

describe('A search', () => {
  it.each([
    ['status:429', { key: 'status', not: false, from: 429, to: 429 }],
    ['-status:5xx', { key: 'status', not: true, from: 500, to: 599 }],
    ['STATUS:4XX', { key: 'status', not: false, from: 400, to: 499 }],
    ['result:Delivered', { key: 'result', not: false, outcome: 'delivered' }],
    ['result:running', { key: 'result', not: false, outcome: 'running' }],
    ['model:gpt-5*', { key: 'model', not: false, text: 'gpt-5' }],
    ['account:"Side project"', { key: 'account', not: false, text: 'Side project' }],
    ['-client:ci', { key: 'client', not: true, text: 'ci' }],
    ['cost:>0.05', { key: 'cost', not: false, least: 50_000_001, most: MOST }],
    ['cost:>=$0.05', { key: 'cost', not: false, least: 50_000_000, most: MOST }],
    ['cost:<1', { key: 'cost', not: false, least: 0, most: 999_999_999 }],
    ['cost:0.01..0.1', { key: 'cost', not: false, least: 10_000_000, most: 100_000_000 }],
    ['cost:0', { key: 'cost', not: false, least: 0, most: 0 }],
    ['tokens:<=20k', { key: 'tokens', not: false, least: 0, most: 20_000 }],
    ['tokens:1.5M', { key: 'tokens', not: false, least: 1_500_000, most: 1_500_000 }],
    ['took:>5', { key: 'took', not: false, least: 5_001, most: MOST }],
    ['took:<300ms', { key: 'took', not: false, least: 0, most: 299 }],
    ['moved:no', { key: 'moved', not: false, moved: false }],
    ['error:timeout', { key: 'error', not: false, text: 'timeout' }],
    ['codex', { key: 'any', not: false, text: 'codex' }],
    ['-codex', { key: 'any', not: true, text: 'codex' }],
    ['"ft:gpt-4.1:acme"', { key: 'any', not: false, text: 'ft:gpt-4.1:acme' }],
    ['-', { key: 'any', not: false, text: '-' }],
  ])('understands %s', (text, term) => {
    expect(one(text)).toEqual(term);
  });

  it('takes words apart at blanks, but not inside quotes, also while one is being typed', () => {
    expect(wordsOf('a  account:"Side project" -"x y" account:"Si').map(({ word }) => word)).toEqual([
      'a',
      'account:"Side project"',
      '-"x y"',
      'account:"Si',
    ]);
    expect(wordsOf('  a b').map(({ at }) => at)).toEqual([2, 4]);
    expect(one('account:"Si')).toMatchObject({ text: 'Si' });
  });

  it.each(['', '   ', 'status:', '-model:', '""'])('asks nothing where nothing stands yet: %j', (text) => {
    expect(parseSearch(text)).toEqual({ terms: [], faults: [] });
  });

  it.each([
    ['stauts:429', /There is no filter “stauts”. There are status, result/],
    ['status:4', /“4” is no status/],
    ['status:600', /no status/],
    ['result:fine', /“fine” is no result. There are delivered/],
    ['cost:cheap', /“cheap” is no amount for cost: dollars/],
    ['cost:>0.01..2', /no amount/],
    ['cost:1e99', /no amount/],
    ['cost:99999999999', /no amount/],
    ['tokens:5q', /no amount for tokens/],
    ['took:constructor', /no amount for took/],
    ['moved:maybe', /yes or no/],
  ])('says what is wrong with %s', (text, message) => {
    const { terms, faults } = parseSearch(`gpt ${text}`);
    expect(faults).toEqual([expect.stringMatching(message)]);
    expect(terms).toHaveLength(1);
  });
});
