import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EndpointFamily } from '../../../lib/calls/endpoint.ts';
import { createMeter } from '../../../lib/metering/meter.ts';
import { SEALS_MAX } from '../../../lib/metering/seals.ts';
import { anyPlaces, bytesOf, chatStream, cut, data, named, responsesStream } from './streams.ts';

const STREAM = { stream: true };

function readAll(family: EndpointFamily, chunks: readonly Uint8Array[], stream = true) {
  const meter = createMeter(family, { stream });
  for (const chunk of chunks) meter.push(chunk);
  return { ...meter.end(), boundary: meter.onBoundary(), next: meter.nextSequence() };
}

describe('a meter of a stream', () => {
  test('reads usage, model, id, end and output of a Responses stream', () => {
    const reading = readAll('responses', [bytesOf(responsesStream())]);
    expect(reading.usage).toMatchObject({
      inputTokens: 1200,
      cachedTokens: 1024,
      cacheWriteTokens: 100,
      outputTokens: 40,
      reasoningTokens: 16,
      serviceTier: 'default',
      flagged: false,
    });
    expect(reading).toMatchObject({
      servedModel: 'gpt-5.5',
      responseId: 'resp_abc',
      outputEvents: 2,
      sawTerminal: true,
      sawError: false,
      boundary: true,
      next: 6,
    });
  });

  test('reads usage and the end of a chat stream, and does not count the usage chunk as output', () => {
    const reading = readAll('chat', [bytesOf(chatStream())]);
    expect(reading.usage).toMatchObject({ inputTokens: 900, cachedTokens: 512, outputTokens: 12 });
    expect(reading.usage?.serviceTier).toBe('priority');
    expect(reading).toMatchObject({ servedModel: 'gpt-4.1-2025-04-14', outputEvents: 2, sawTerminal: true });
  });

  test('gives the same reading however the stream is cut into chunks', () => {
    for (const family of ['responses', 'chat'] as const) {
      const stream = bytesOf(family === 'chat' ? chatStream() : responsesStream());
      const whole = readAll(family, [stream]);
      fc.assert(
        fc.property(anyPlaces, (places) => {
          expect(readAll(family, cut(stream, places))).toEqual(whole);
        }),
      );
      const single = Array.from(stream, (_, i) => stream.slice(i, i + 1));
      expect(readAll(family, single)).toEqual(whole);
      const crlf = bytesOf(new TextDecoder().decode(stream).replaceAll('\n', '\r\n'));
      const chunksOfThree = cut(
        crlf,
        Array.from({ length: crlf.length }, (_, i) => i * 3),
      );
      expect({ ...readAll(family, chunksOfThree), bytes: whole.bytes }).toEqual(whole);
    }
  });

  test('knows after every byte whether an event boundary has been reached', () => {
    const text = `${named('response.created')}${named('response.output_text.delta', { delta: 'x' })}`;
    const meter = createMeter('responses', STREAM);
    const boundaries = new Set([named('response.created').length, text.length]);
    expect(meter.onBoundary()).toBe(true);
    bytesOf(text).forEach((byte, i) => {
      meter.push(Uint8Array.of(byte));
      expect(meter.onBoundary()).toBe(boundaries.has(i + 1));
    });
  });

  test('has not seen the end of a stream that only stopped', () => {
    const beforeFinish = chatStream().split('\n\n').slice(0, 3).join('\n\n');
    const reading = readAll('chat', [bytesOf(`${beforeFinish}\n\n`)]);
    expect(reading).toMatchObject({ sawTerminal: false, usage: null, outputEvents: 2, boundary: true });
  });

  test('takes response.failed for an end that says it failed, and an error event for no end at all', () => {
    const failed = readAll('responses', [bytesOf(named('response.failed', { response: { id: 'resp_1' } }))]);
    expect(failed).toMatchObject({ sawTerminal: true, sawError: true });
    const error = readAll('responses', [bytesOf(named('error', { code: 'server_error' }))]);
    expect(error).toMatchObject({ sawTerminal: false, sawError: true });
    const chat = readAll('chat', [bytesOf(data({ error: { message: 'no', code: 'server_error' } }))]);
    expect(chat).toMatchObject({ sawTerminal: false, sawError: true, outputEvents: 0 });
  });

  test('leaves the end of a surface that announces none to the transport', () => {
    expect(readAll('other', [bytesOf('data: {"x":1}\n\n')]).sawTerminal).toBe(true);
    expect(readAll('images', [bytesOf(named('image_generation.partial_image'))]).sawTerminal).toBe(false);
    expect(readAll('images', [bytesOf(named('image_generation.completed'))]).sawTerminal).toBe(true);
    expect(readAll('audio', [bytesOf(named('transcript.text.done'))]).sawTerminal).toBe(true);
  });

  test('finds the usage at the end of an event far larger than what it keeps', () => {
    const usage = { input_tokens: 5, output_tokens: 7, total_tokens: 12 };
    const event = named('image_generation.completed', { b64_json: 'A'.repeat(3_000_000), usage });
    const stream = bytesOf(event + named('image_generation.completed', { note: 'after' }));
    const chunks = cut(
      stream,
      Array.from({ length: 700 }, (_, i) => i * 4321),
    );
    const reading = readAll('images', chunks);
    expect(reading.usage).toMatchObject({ inputTokens: 5, outputTokens: 7 });
    expect(reading).toMatchObject({ sawTerminal: true, boundary: true });
  });

  test('clamps figures that no honest provider reports, and says so', () => {
    const usage = { prompt_tokens: -5, completion_tokens: 1e12, total_tokens: 1.5 };
    const reading = readAll('chat', [bytesOf(data({ choices: [], usage }))]);
    expect(reading.usage).toMatchObject({
      inputTokens: 0,
      outputTokens: 1_000_000_000,
      // Less than its parts: the parts are believed.
      totalTokens: 1_000_000_000,
      flagged: true,
    });
  });
});

describe('a meter of a JSON body', () => {
  const body = (size: number) =>
    JSON.stringify({
      id: 'chatcmpl-9',
      model: 'gpt-5',
      choices: [{ message: { content: '"usage":{"prompt_tokens":1}'.padEnd(size, 'x') } }],
      usage: { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23 },
      service_tier: 'flex',
    });

  test.each([10, 100_000, 2_500_000])('reads the usage of a body with %i bytes of text', (size) => {
    const bytes = bytesOf(body(size));
    const reading = readAll('chat', cut(bytes, [1, 700, 40_000, 1_100_000, 2_000_000]), false);
    expect(reading.usage).toMatchObject({ inputTokens: 20, outputTokens: 3, serviceTier: 'flex' });
    expect(reading.bytes).toBe(bytes.length);
  });

  test('has no usage for a body that has none or is not JSON', () => {
    expect(readAll('chat', [bytesOf('{"choices":[]}')], false).usage).toBeNull();
    expect(readAll('chat', [bytesOf('<html>usage</html>')], false).usage).toBeNull();
    expect(readAll('chat', [], false).usage).toBeNull();
  });
});

describe('what an answer seals', () => {
  const hash = (content: string | Uint8Array) =>
    typeof content === 'string' ? content : new TextDecoder().decode(content);
  const item = (encrypted_content: string | null, type = 'reasoning') =>
    named('response.output_item.done', { item: { type, summary: [], encrypted_content } });
  const sealsOf = (chunks: readonly Uint8Array[], stream: boolean, family: EndpointFamily = 'responses') => {
    const meter = createMeter(family, { stream, hash });
    for (const chunk of chunks) meter.push(chunk);
    return meter.end().seals;
  };

  test('is known by the hash of each sealed text, reasoning and compaction alike, however it is cut', () => {
    const text = `${item('AAA')}${item('BB/B', 'compaction').replace('/', '\\/')}${item(null)}${item('')}`;
    expect(sealsOf([bytesOf(text)], true)).toEqual(['AAA', 'BB/B']);
    fc.assert(
      fc.property(anyPlaces, (places) => {
        expect(sealsOf(cut(bytesOf(text), places), true)).toEqual(['AAA', 'BB/B']);
      }),
    );
  });

  test('is read from a JSON answer too, and is nothing on other surfaces or where nobody asks', () => {
    const json = bytesOf(JSON.stringify({ output: [{ type: 'reasoning', encrypted_content: 'AAA' }] }));
    expect(sealsOf([json], false)).toEqual(['AAA']);
    expect(sealsOf([json], false, 'chat')).toEqual([]);
    expect(readAll('responses', [bytesOf(item('AAA'))]).seals).toEqual([]);
  });

  test('is not taken from what people write', () => {
    const text = named('response.output_item.done', { item: { content: '"encrypted_content":"AAA"' } });
    expect(sealsOf([bytesOf(text)], true)).toEqual([]);
  });

  test('is bounded: the last ones count', () => {
    const many = Array.from({ length: SEALS_MAX + 5 }, (_, n) => item(`n${n}`)).join('');
    expect(sealsOf([bytesOf(many)], true)).toHaveLength(SEALS_MAX);
    expect(sealsOf([bytesOf(many)], true).at(-1)).toBe(`n${SEALS_MAX + 4}`);
  });
});
