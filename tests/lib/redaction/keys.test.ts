/** Ten thousand keys of every form, in every place where one turns up, in what a provider says. */
import { describe, expect, it } from 'vitest';
import { findPieces, PIECE_FOUND } from '../../../lib/redaction/pieces.ts';
import { readable, replaceSpans } from '../../../lib/redaction/readable.ts';
import { classify } from '../../../lib/resilience/classify.ts';
import { quotesAnAccount, scrub } from '../../../lib/resilience/scrub.ts';
import { FORMAT_NAMES, leaked, plant } from '../../support/keys.ts';
import { ORDINARY } from './ordinary.ts';

const KEYS = 10_000;
const SEED = 1;

describe('A key in what a provider says', { timeout: 60_000 }, () => {
  it('is noticed and taken out, whatever its form and wherever it stands', () => {
    const passed: string[] = [];
    const met = new Set<string>();
    for (let number = 0; number < KEYS; number++) {
      const { format, key, text } = plant(SEED, number, false);
      met.add(format);
      if (!quotesAnAccount(text) || leaked(scrub(text), key) !== null)
        passed.push(`${number} ${format}: ${text}`);
    }
    expect(passed).toEqual([]);
    expect(met.size).toBe(FORMAT_NAMES.length);
  });

  it('is in nothing that a failure tells, whichever field of the error it stands in', () => {
    const passed: string[] = [];
    for (let number = 0; number < KEYS; number++) {
      const { key, text } = plant(SEED + 1, number, false);
      const error = { message: text, code: number % 2 === 0 ? text : key, type: text, param: text };
      const failure = classify({
        phase: 'first_event',
        status: [400, 401, 403, 429, 500][number % 5] ?? 400,
        headers: { 'retry-after': text, 'x-request-id': text },
        body: JSON.stringify(number % 3 === 0 ? { ...error, code: null } : { error }),
        transportCode: null,
        nowMs: 0,
      });
      if (leaked(JSON.stringify(failure), key) !== null) passed.push(`${number}: ${JSON.stringify(failure)}`);
    }
    expect(passed).toEqual([]);
  });
});

describe('Ordinary sentences', () => {
  it.each(ORDINARY)('pass as they are: %s', (sentence) => {
    expect(scrub(sentence)).toBe(sentence);
    expect(scrub(JSON.stringify({ error: { message: sentence } }))).toBe(
      JSON.stringify({ error: { message: sentence } }),
    );
    expect(quotesAnAccount(sentence)).toBe(false);
  });

  it.each([
    ['user-Xb3k9ZqT7LmN2pRs5VwY8aCd is over its limit', '[user] is over its limit'],
    ['in organization org-AbC123def on requests', 'in organization [organization] on requests'],
    ['in organization acme-research on tokens', 'in organization [organization] on tokens'],
    ['in organisation "acme-research".', 'in organisation "[organization]".'],
  ])('but the names of accounts do not: %s', (said, shown) => {
    expect(scrub(said)).toBe(shown);
  });
});

describe('A key that is known', { timeout: 60_000 }, () => {
  const KEY = 'plain-words-without-a-shape-7f';

  it('is found in every piece of it that is long enough, wherever it is cut', () => {
    for (let from = 0; from + PIECE_FOUND <= KEY.length; from++) {
      for (let to = from + PIECE_FOUND; to <= KEY.length; to++) {
        const text = `before ${KEY.slice(from, to)}, after`;
        const view = readable(text);
        const clean = replaceSpans(text, view, findPieces(view.text, KEY), '…');
        expect(clean).toBe('before …, after');
      }
    }
  });

  it('is found when it is shorter than any piece', () => {
    expect(findPieces('the pin is 4711!', '4711')).toEqual([{ start: 11, end: 15 }]);
    expect(findPieces('nothing', '')).toEqual([]);
  });
});

describe('A hostile text', { timeout: 60_000 }, () => {
  it.each([
    'sk-',
    'Bearer ',
    '\\',
    '\\"a',
    '%2525',
    'eyJabcdefg.',
    '//a:',
    'in organization a-b-c ',
    'user-',
    'a1B',
  ])('of nothing but %j is searched in time that grows with its length only', (unit) => {
    const startedMs = performance.now();
    scrub(unit.repeat(Math.ceil(65_536 / unit.length)));
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });
});
