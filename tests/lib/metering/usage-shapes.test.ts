import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndpointFamily } from '../../../lib/calls/endpoint.ts';
import { createMeter } from '../../../lib/metering/meter.ts';
import { cost } from '../../../lib/metering/price-book.ts';
import type { Usage } from '../../../lib/metering/usage.ts';
import { readUsage, TOKENS_MAX, tellsTokens, UNKNOWN_USAGE } from '../../../lib/metering/usage-shapes.ts';
import { bytesOf, data, named } from './streams.ts';

function usageOf(family: EndpointFamily, text: string, stream: boolean): Usage | null {
  const meter = createMeter(family, { stream });
  meter.push(bytesOf(text));
  return meter.end().usage;
}

const known = (over: Partial<Usage>): Usage => ({ ...UNKNOWN_USAGE, ...over });

const CHAT = {
  prompt_tokens: 900,
  completion_tokens: 120,
  total_tokens: 1_020,
  prompt_tokens_details: { cached_tokens: 512, cache_write_tokens: 128, audio_tokens: 50, image_tokens: 30 },
  completion_tokens_details: { reasoning_tokens: 64, audio_tokens: 20, accepted_prediction_tokens: 5 },
};
const CHAT_READ = known({
  inputTokens: 900,
  cachedTokens: 512,
  cacheWriteTokens: 128,
  audioInputTokens: 50,
  imageInputTokens: 30,
  outputTokens: 120,
  reasoningTokens: 64,
  audioOutputTokens: 20,
  totalTokens: 1_020,
});
const RESPONSES = {
  input_tokens: 1_200,
  input_tokens_details: {
    cached_tokens: 1_024,
    cache_write_tokens: 100,
    cache_write_tokens_details: { ttl_30m_tokens: 100, ttl_12h_tokens: 0 },
  },
  output_tokens: 40,
  output_tokens_details: { reasoning_tokens: 16 },
  total_tokens: 1_240,
};
const RESPONSES_READ = known({
  inputTokens: 1_200,
  cachedTokens: 1_024,
  cacheWriteTokens: 100,
  cacheWrite12hTokens: 0,
  outputTokens: 40,
  reasoningTokens: 16,
  totalTokens: 1_240,
  serviceTier: 'flex',
});
const IMAGES = {
  input_tokens: 60,
  input_tokens_details: { image_tokens: 40, text_tokens: 20 },
  output_tokens: 1_056,
  output_tokens_details: { image_tokens: 1_056, text_tokens: 0 },
  total_tokens: 1_116,
};
const IMAGES_READ = known({
  inputTokens: 60,
  imageInputTokens: 40,
  outputTokens: 1_056,
  imageOutputTokens: 1_056,
  totalTokens: 1_116,
});
const SPOKEN = {
  type: 'tokens',
  input_tokens: 14,
  input_token_details: { audio_tokens: 10, text_tokens: 4 },
  output_tokens: 45,
  total_tokens: 59,
};
const SPOKEN_READ = known({ inputTokens: 14, audioInputTokens: 10, outputTokens: 45, totalTokens: 59 });

const ended = (status: string) =>
  named(`response.${status}`, { response: { status, service_tier: 'flex', usage: RESPONSES } });

describe('Usage is read where each surface reports it', () => {
  it.each<[string, EndpointFamily, string, boolean, Usage | null]>([
    ['a chat answer', 'chat', JSON.stringify({ usage: CHAT }), false, CHAT_READ],
    ['the last chunk of a chat stream', 'chat', data({ choices: [], usage: CHAT }), true, CHAT_READ],
    ['a completions answer', 'completions', JSON.stringify({ usage: CHAT }), false, CHAT_READ],
    ['the last chunk of completions', 'completions', data({ choices: [], usage: CHAT }), true, CHAT_READ],
    [
      'a Responses answer',
      'responses',
      JSON.stringify({ service_tier: 'flex', usage: RESPONSES }),
      false,
      RESPONSES_READ,
    ],
    ['response.completed', 'responses', ended('completed'), true, RESPONSES_READ],
    ['response.incomplete', 'responses', ended('incomplete'), true, RESPONSES_READ],
    ['response.failed', 'responses', ended('failed'), true, RESPONSES_READ],
    [
      'embeddings',
      'embeddings',
      JSON.stringify({ data: [{ embedding: [0.1] }], usage: { prompt_tokens: 8, total_tokens: 8 } }),
      false,
      known({ inputTokens: 8, outputTokens: 0, totalTokens: 8 }),
    ],
    ['images', 'images', JSON.stringify({ data: [], usage: IMAGES }), false, IMAGES_READ],
    ['a streamed image', 'images', named('image_generation.completed', { usage: IMAGES }), true, IMAGES_READ],
    ['a streamed edit', 'images', named('image_edit.completed', { usage: IMAGES }), true, IMAGES_READ],
    ['images of a model that reports none', 'images', '{"data":[{"url":"x"}]}', false, null],
    ['a transcription', 'audio', JSON.stringify({ text: 'Hi', usage: SPOKEN }), false, SPOKEN_READ],
    [
      'a streamed transcription',
      'audio',
      named('transcript.text.done', { usage: SPOKEN }),
      true,
      SPOKEN_READ,
    ],
    [
      'a transcription that is counted in seconds',
      'audio',
      JSON.stringify({ text: 'Hi', usage: { type: 'duration', seconds: 12 } }),
      false,
      null,
    ],
    ['a transcription in plain text', 'audio', 'Hi there', false, null],
    ['speech, which is sound and nothing else', 'audio', 'ID3\u0004\u0000', false, null],
    ['streamed speech', 'audio', named('speech.audio.done', { usage: SPOKEN }), true, SPOKEN_READ],
  ])('%s', (_what, family, text, stream, expected) => {
    expect(usageOf(family, text, stream)).toEqual(expected);
  });
});

describe('Figures that no honest provider reports', () => {
  const figure = fc.oneof(
    fc.constantFrom(undefined, null, '12', '', true, {}, [], -1, -0, 0.5, 1e10, 1e308, Infinity, -Infinity),
    fc.integer({ min: -100, max: 2_000_000_000 }),
    fc.double(),
  );
  const usage = fc.record({
    input_tokens: figure,
    prompt_tokens: figure,
    output_tokens: figure,
    total_tokens: figure,
    input_tokens_details: fc.oneof(
      fc.constantFrom(null, 7, 'x'),
      fc.record({ cached_tokens: figure, cache_write_tokens: figure, audio_tokens: figure }),
    ),
    output_tokens_details: fc.record({ reasoning_tokens: figure, audio_tokens: figure }),
  });
  const PRICES = {
    input: 2_000_000_000,
    cached: 100_000_000,
    cacheWrite: 2_500_000_000,
    output: 10_000_000_000,
    audioInput: 40_000_000_000,
    audioOutput: null,
    imageInput: null,
    imageOutput: null,
    perRequest: null,
    multiplier: 1,
    source: 'test',
  };

  it('become whole numbers between nothing and a thousand million, or unknown', () => {
    fc.assert(
      fc.property(usage, (raw) => {
        const read = readUsage(raw, null);
        if (read === null) return;
        const { serviceTier: _tier, flagged: _flagged, ...figures } = read;
        for (const value of Object.values(figures)) {
          if (value !== null) expect(Number.isInteger(value) && value >= 0 && value <= TOKENS_MAX).toBe(true);
        }
      }),
    );
  });

  it('leave no part larger than its whole, and no total less than its parts', () => {
    fc.assert(
      fc.property(usage, (raw) => {
        const read = readUsage(raw, null);
        if (read === null) return;
        const { inputTokens: input, outputTokens: output, totalTokens: total } = read;
        for (const part of [read.cachedTokens, read.cacheWriteTokens, read.audioInputTokens]) {
          if (part !== null && input !== null) expect(part).toBeLessThanOrEqual(input);
        }
        if (read.reasoningTokens !== null && output !== null)
          expect(read.reasoningTokens).toBeLessThanOrEqual(output);
        if (total !== null)
          expect(total).toBeGreaterThanOrEqual(Math.min((input ?? 0) + (output ?? 0), TOKENS_MAX));
      }),
    );
  });

  it('are flagged whenever something was changed, and only then', () => {
    const honest = (value: unknown, most: number): boolean =>
      value === undefined ||
      value === null ||
      (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most);
    fc.assert(
      fc.property(figure, figure, figure, (input, output, total) => {
        const read = readUsage({ input_tokens: input, output_tokens: output, total_tokens: total }, null);
        const parts = (Number(input ?? 0) || 0) + (Number(output ?? 0) || 0);
        const wellFormed =
          [input, output, total].every((value) => honest(value, TOKENS_MAX)) &&
          parts <= TOKENS_MAX &&
          (typeof total !== 'number' || total >= parts);
        if (read !== null) expect(read.flagged).toBe(!wellFormed);
      }),
    );
  });

  it('never cost less than nothing or more than all their tokens at the dearest price', () => {
    fc.assert(
      fc.property(usage, (raw) => {
        const read = readUsage(raw, null);
        const nano = read === null ? null : cost(read, PRICES);
        if (read === null || nano === null) return;
        const most = ((read.inputTokens ?? 0) * 40_000 + (read.outputTokens ?? 0) * 10_000) * 1.000_001 + 1;
        expect(nano).toBeGreaterThanOrEqual(0);
        expect(nano).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('of which nothing can be used are told as a usage that is only doubted', () => {
    const read = readUsage({ input_tokens: 'many', output_tokens: 'some' }, null);
    expect(read).toEqual({ ...UNKNOWN_USAGE, flagged: true });
    expect(tellsTokens(read)).toBe(false);
    expect(readUsage({ seconds: 3 }, null)).toBeNull();
  });

  it('do not include a total that is merely missing: it is added up', () => {
    expect(readUsage({ input_tokens: 3, output_tokens: 4 }, null)).toMatchObject({
      totalTokens: 7,
      flagged: false,
    });
  });

  it('include a total that is less than its parts: the parts are believed', () => {
    expect(readUsage({ input_tokens: 3, output_tokens: 4, total_tokens: 5 }, null)).toMatchObject({
      totalTokens: 7,
      flagged: true,
    });
  });
});
