import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonEnd } from '../../../lib/metering/json-end.ts';
import { bytesOf } from './streams.ts';

const RUNS = 300;
const container = fc.jsonValue().filter((value) => typeof value === 'object' && value !== null);

function endOf(...chunks: readonly Uint8Array[]): boolean {
  const end = new JsonEnd();
  for (const chunk of chunks) end.push(chunk);
  return end.whole();
}

describe('The end of a JSON body', () => {
  it('is seen in every body that is whole, however it is cut into chunks', () => {
    fc.assert(
      fc.property(container, fc.nat(), fc.boolean(), (value, at, indented) => {
        const bytes = bytesOf(`${JSON.stringify(value, null, indented ? 2 : 0)}\n`);
        const middle = at % bytes.length;
        expect(endOf(bytes)).toBe(true);
        expect(endOf(bytes.subarray(0, middle), bytes.subarray(middle))).toBe(true);
        expect(endOf(...Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)))).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('is seen in no body that stops before it, wherever it stops', () => {
    fc.assert(
      fc.property(container, fc.nat(), (value, at) => {
        const bytes = bytesOf(JSON.stringify(value));
        expect(endOf(bytes.subarray(0, at % bytes.length))).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    ['brackets and quotes inside strings', '{"a":"}]\\"}","b":["\\\\"]}', true],
    ['numbers that are none', '{"logprob":-Infinity,"b":NaN}', true],
    ['several values, one a line', '{"a":1}\n{"b":2}\n', true],
    ['several values, the last one cut', '{"a":1}\n{"b":', false],
    ['nothing', '', false],
    ['a word', '"text"', false],
  ])('takes %s for what they are', (_what, body, whole) => {
    expect(endOf(bytesOf(body))).toBe(whole);
  });
});
