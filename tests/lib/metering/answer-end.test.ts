import { describe, expect, it } from 'vitest';
import type { EndpointFamily } from '../../../lib/calls/endpoint.ts';
import { createMeter } from '../../../lib/metering/meter.ts';
import { bytesOf, data, named } from './streams.ts';

const DONE = 'data: [DONE]\n\n';

function isOver(family: EndpointFamily, choices: number, ...events: readonly string[]): boolean {
  const meter = createMeter(family, { stream: true, choices });
  for (const event of events) meter.push(bytesOf(event));
  return meter.sawTerminal();
}

const chunk = (index: number, delta: object, finish: unknown): string =>
  data({ id: 'chatcmpl-1', choices: [{ index, delta, finish_reason: finish }] });

describe('A stream of several answers at once', () => {
  it('is over when each of them has ended, in whatever order', () => {
    expect(isOver('chat', 2, chunk(1, {}, 'stop'))).toBe(false);
    expect(isOver('chat', 2, chunk(1, {}, 'stop'), chunk(1, {}, 'stop'))).toBe(false);
    expect(isOver('chat', 2, chunk(1, {}, 'stop'), chunk(0, {}, 'length'))).toBe(true);
    expect(isOver('completions', 2, chunk(0, {}, 'stop'))).toBe(false);
  });

  it('is over when one event ends all of them', () => {
    const both = data({
      choices: [
        { index: 0, finish_reason: 'stop' },
        { index: 1, finish_reason: 'stop' },
      ],
    });
    expect(isOver('chat', 2, both)).toBe(true);
    expect(isOver('chat', 3, both)).toBe(false);
  });

  it('is over when it says that it is', () => {
    expect(isOver('chat', 8, chunk(0, {}, 'stop'), DONE)).toBe(true);
  });

  it('is over with its last picture', () => {
    const picture = named('image_generation.completed', { b64_json: 'AAAA' });
    expect(isOver('images', 2, picture)).toBe(false);
    expect(isOver('images', 2, picture, picture)).toBe(true);
  });

  it('is one answer on the Responses surface, whatever its client asked for', () => {
    expect(isOver('responses', 3, named('response.completed', { response: {} }))).toBe(true);
  });
});

describe('A chunk does not end an answer', () => {
  it.each([
    ['when it says an empty reason', chunk(0, { content: 'Hello' }, '')],
    ['when it says no reason', chunk(0, { content: 'Hello' }, null)],
    [
      'when the model writes the name of the field',
      chunk(0, { content: 'finish_reason', refusal: null }, null),
    ],
    ['when the model writes the whole field', chunk(0, { content: '"finish_reason":"stop"' }, null)],
  ])('%s', (_when, event) => {
    expect(isOver('chat', 1, event)).toBe(false);
  });

  it('but does so when only its second choice says why', () => {
    const second = data({
      choices: [
        { index: 0, delta: {}, finish_reason: null },
        { index: 1, delta: {}, finish_reason: 'stop' },
      ],
    });
    expect(isOver('chat', 1, second)).toBe(true);
  });
});

it('A chunk without a choice is no output: a report of usage, of content filters', () => {
  const meter = createMeter('chat', { stream: true });
  meter.push(bytesOf(data({ choices: [], prompt_filter_results: [] })));
  meter.push(bytesOf(chunk(0, { content: 'choices' }, null)));
  meter.push(bytesOf(data({ choices: [], usage: null })));
  meter.push(bytesOf(data({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } })));
  expect(meter.outputEvents()).toBe(1);
});
