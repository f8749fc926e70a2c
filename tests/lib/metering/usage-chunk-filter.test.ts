import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinBytes } from '../../../lib/metering/byte-search.ts';
import { createUsageChunkFilter } from '../../../lib/metering/usage-chunk-filter.ts';
import { anyPlaces, bytesOf, chatStream, cut, data, textOf, usageChunk } from './streams.ts';

function filtered(text: string, places: readonly number[] = []): string {
  const filter = createUsageChunkFilter();
  const out = cut(bytesOf(text), places).map((chunk) => filter.push(chunk));
  return textOf(joinBytes([...out, filter.end()]));
}

describe('the filter of the extra usage chunk', () => {
  test('takes out the usage chunk and leaves every other byte, however the stream is cut', () => {
    expect(chatStream()).toContain(usageChunk);
    fc.assert(
      fc.property(anyPlaces, (places) => {
        expect(filtered(chatStream(), places)).toBe(chatStream(false));
      }),
    );
  });

  test('leaves chunks with no choices that report no usage', () => {
    const text = data({ choices: [], prompt_filter_results: [], usage: null }) + data({ choices: [] });
    expect(filtered(text)).toBe(text);
  });

  test('forwards the very same chunk when there is nothing to take out', () => {
    const chunk = bytesOf(data({ choices: [{ delta: { content: 'a' } }] }));
    expect(createUsageChunkFilter().push(chunk)).toBe(chunk);
  });

  test('lets only whole events out, so that what was forwarded ends on a boundary', () => {
    const filter = createUsageChunkFilter();
    const [first, second] = cut(bytesOf(data({ choices: [{ delta: { content: 'abc' } }] })), [10]);
    expect(filter.push(first ?? new Uint8Array())).toHaveLength(0);
    expect(filter.onBoundary()).toBe(true);
    expect(filter.push(second ?? new Uint8Array()).length).toBeGreaterThan(10);
  });

  test('does not hold an event that is too long to be the usage chunk', () => {
    const long = data({ choices: [{ delta: { content: 'x'.repeat(200_000) } }] });
    const filter = createUsageChunkFilter();
    const chunks = cut(
      bytesOf(long + usageChunk + long),
      [50_000, 90_000, 200_020, 200_060, 200_900, 270_000],
    );
    const sizes: number[] = [];
    let text = '';
    for (const chunk of chunks) {
      const out = filter.push(chunk);
      sizes.push(out.length);
      text += textOf(out);
    }
    expect(text + textOf(filter.end())).toBe(long + long);
    expect(sizes.slice(0, 3)).toEqual([0, 90_000, 110_020]);
  });

  test('gives up the rest of an event that was never finished', () => {
    expect(filtered('data: {"choices":[')).toBe('data: {"choices":[');
  });
});
