import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyText, streamedText } from '../../../lib/metering/answer-text.ts';
import { type CountQuestion, countCall, countedUsage } from '../../../lib/metering/count-call.ts';
import { countText, TEXT_COUNTED_MAX } from '../../../lib/metering/count-text.ts';
import { requestText } from '../../../lib/metering/request-text.ts';
import { bytesOf, chatStream, cut, data, named, responsesStream } from './streams.ts';

/** A tokenizer of tests: a word is a token. */
const words = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

const question = (over: Partial<CountQuestion> = {}): CountQuestion => ({
  family: 'responses',
  stream: true,
  asked: bytesOf('{}'),
  shown: new Uint8Array(),
  outputEvents: 0,
  bytes: 0,
  ...over,
});

describe('The text that a request asks with', () => {
  it('is what people, tools and instructions say, in Responses', () => {
    const { texts, messages, continuesElsewhere } = requestText({
      model: 'gpt-5.5',
      instructions: 'Be brief.',
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is this?' }] },
        { type: 'reasoning', id: 'rs_1', summary: [{ text: 'Looking.' }], encrypted_content: 'gAAAAAB' },
        { type: 'function_call', name: 'ls', call_id: 'call_1', arguments: '{"dir":"."}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'a.txt' },
      ],
      tools: [
        { type: 'function', name: 'ls', parameters: { properties: { dir: { description: 'Where' } } } },
      ],
      include: ['reasoning.encrypted_content'],
      metadata: { text: 'not for the model' },
    });
    expect(texts).toEqual([
      'Be brief.',
      'What is this?',
      'Looking.',
      'ls',
      '{"dir":"."}',
      'a.txt',
      'ls',
      'dir',
      'Where',
    ]);
    expect({ messages, continuesElsewhere }).toEqual({ messages: 1, continuesElsewhere: false });
  });

  it('leaves out pictures, sounds, files and base64 wherever they stand, in chat', () => {
    const { texts, messages } = requestText({
      messages: [
        { role: 'system', content: 'Look.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Here.' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } },
          ],
        },
        { role: 'tool', content: 'data:image/png;base64,AAAA' },
      ],
    });
    expect(texts).toEqual(['Look.', 'Here.']);
    expect(messages).toBe(3);
  });

  it('takes tokens that come as numbers for tokens', () => {
    expect(requestText({ input: [[1, 2, 3], [4]] }).tokensGiven).toBe(4);
    expect(requestText({ prompt: [1, 2, 3], max_tokens: 7 }).tokensGiven).toBe(3);
  });

  it.each([
    { previous_response_id: 'resp_1' },
    { conversation: 'conv_1' },
    { conversation: { id: 'conv_1' } },
    { prompt: { id: 'pmpt_1' } },
    { input: [{ type: 'item_reference', id: 'msg_1' }] },
  ])('is not all there when the call continues something stored: %j', (body) => {
    expect(requestText(body).continuesElsewhere).toBe(true);
  });

  it('is none for a body that is not what it should be', () => {
    for (const body of [null, 7, [], { input: 5, messages: 'x' }]) {
      expect(requestText(body)).toMatchObject({ continuesElsewhere: false, messages: 0 });
    }
  });
});

describe('The text of an answer', () => {
  it('is joined from its pieces, each message and tool call apart', () => {
    const stream = [
      named('response.output_item.added', { output_index: 0, item: { type: 'reasoning' } }),
      named('response.reasoning_summary_text.delta', { output_index: 0, summary_index: 0, delta: 'Hm' }),
      named('response.output_item.added', { output_index: 1, item: { type: 'function_call', name: 'ls' } }),
      named('response.function_call_arguments.delta', { output_index: 1, delta: '{"a"' }),
      named('response.output_text.delta', { output_index: 2, delta: 'Hel' }),
      named('response.function_call_arguments.delta', { output_index: 1, delta: ':1}' }),
      named('response.output_text.delta', { output_index: 2, delta: 'lo' }),
      named('response.audio.delta', { delta: 'UklGRg==' }),
    ].join('');
    expect(streamedText(bytesOf(stream))).toEqual({ texts: ['Hm', 'ls', '{"a":1}', 'Hello'], pieces: 6 });
  });

  it('is read from chat’s chunks: content, refusals, reasoning and tool calls of every choice', () => {
    const chunk = (choices: readonly object[]) => data({ choices });
    const call = (more: object) => ({ index: 0, delta: { tool_calls: [{ index: 0, ...more }] } });
    const stream = [
      chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
      chunk([{ index: 0, delta: { reasoning_content: 'Let me' }, finish_reason: null }]),
      chunk([
        { index: 0, delta: { content: 'One' } },
        { index: 1, delta: { content: 'Two' } },
      ]),
      chunk([{ index: 1, delta: { content: ' more' } }]),
      chunk([call({ id: 'call_1', function: { name: 'ls', arguments: '' } })]),
      chunk([call({ function: { arguments: '{}' } })]),
      chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
      'data: [DONE]\n\n',
    ].join('');
    expect(streamedText(bytesOf(stream))).toEqual({
      texts: ['Let me', 'One', 'Two more', 'ls', '{}'],
      pieces: 5,
    });
  });

  it('loses no more than the events that are cut, wherever the stream is cut', () => {
    for (const whole of [responsesStream('All'), chatStream()]) {
      const all = streamedText(bytesOf(whole)).texts.join('');
      fc.assert(
        fc.property(fc.nat(whole.length), fc.nat(whole.length), (a, b) => {
          const some = streamedText(bytesOf(whole.slice(Math.min(a, b), Math.max(a, b)))).texts.join('');
          expect(all).toContain(some);
        }),
      );
    }
  });

  it('is read from a JSON body that is cut anywhere, escapes and all', () => {
    const text = 'Grüße, "usage" 👋\n\\ \u0001';
    const body = JSON.stringify({ choices: [{ message: { role: 'assistant', content: text } }] });
    expect(bodyText(bytesOf(body))).toEqual([text]);
    for (let to = 0; to < body.length; to++) {
      expect(text).toContain((bodyText(bytesOf(body.slice(0, to)))[0] ?? '').replace('\ufffd', ''));
    }
  });
});

describe('Counting a text', () => {
  it('never gives the tokenizer a long run without a break, in which it would be quadratic', () => {
    let longest = 0;
    const strict = (text: string): number => {
      for (const [run] of text.matchAll(/\S+|\s+/g)) longest = Math.max(longest, run.length);
      return Math.ceil(text.length / 4);
    };
    for (const run of [
      'x'.repeat(100_000),
      ' '.repeat(100_000),
      '漢字'.repeat(50_000),
      '👋'.repeat(50_000),
    ]) {
      countText(`before ${run} after`, strict);
    }
    expect(longest).toBeLessThanOrEqual(129);
  });

  it('never cuts a character in two', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '👋', 'é'), { minLength: 200, maxLength: 600 }),
        (letters) => {
          countText(letters.join(''), (part) => {
            expect(part.isWellFormed()).toBe(true);
            return 1;
          });
        },
      ),
    );
  });

  it('counts a bounded part of a very long text and takes the rest to be like it', () => {
    let seen = 0;
    const counting = (text: string): number => {
      seen += text.length;
      return words(text);
    };
    const text = 'word '.repeat(2_000_000);
    const tokens = countText(text, counting);
    expect(seen).toBeLessThanOrEqual(TEXT_COUNTED_MAX);
    expect(tokens / 2_000_000).toBeCloseTo(1, 2);
  });

  it('counts nothing in nothing', () => {
    expect(countText('', words)).toBe(0);
  });
});

describe('A call that nobody reported', () => {
  const delta = (text: string) => named('response.output_text.delta', { delta: text });

  it('is counted from what was sent and shown', () => {
    const asked = bytesOf(JSON.stringify({ input: 'one two three', instructions: 'four' }));
    const shown = bytesOf(delta('five ') + delta('six '));
    expect(countCall(question({ asked, shown, outputEvents: 2 }), words)).toEqual({
      inputTokens: 4,
      outputTokens: 2,
      continuesElsewhere: false,
    });
  });

  it('counts what a provider adds to every message', () => {
    const asked = bytesOf(JSON.stringify({ messages: [{ role: 'user', content: 'one two' }] }));
    expect(countCall(question({ family: 'chat', asked }), words).inputTokens).toBe(2 + 3 + 3);
  });

  it('takes pieces that were not kept to be like those that were', () => {
    const shown = bytesOf(Array.from({ length: 10 }, () => delta('one two ')).join(''));
    expect(countCall(question({ shown, outputEvents: 1_000 }), words).outputTokens).toBe(2_000);
    const part = { family: 'chat', stream: false, shown: bytesOf('{"content":"one two"') } as const;
    expect(countCall(question({ ...part, bytes: part.shown.length * 3 }), words).outputTokens).toBe(6);
  });

  it('gives the same count however the kept part was cut out, to a piece at either end', () => {
    const stream = bytesOf(Array.from({ length: 50 }, (_, at) => delta(`w${at} `)).join(''));
    const whole = countCall(question({ shown: stream, outputEvents: 50 }), words).outputTokens;
    fc.assert(
      fc.property(fc.nat(stream.length - 400), (from) => {
        const [, rest = stream] = cut(stream, [from]);
        const { outputTokens } = countCall(question({ shown: rest, outputEvents: 50 }), words);
        expect(Math.abs(outputTokens - whole)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('has an input that is not known when the body cannot be read or continues what is stored', () => {
    const unread = countCall(question({ asked: null }), words);
    expect(countedUsage(unread, null, false)).toMatchObject({ inputTokens: null, totalTokens: null });
    const asked = bytesOf('{"previous_response_id":"resp_1","input":"one two"}');
    const continued = countCall(question({ asked }), words);
    expect(countedUsage(continued, null, false)).toMatchObject({ inputTokens: null, outputTokens: 0 });
    expect(countedUsage(continued, 1_000, false)).toMatchObject({ inputTokens: 1_002, totalTokens: 1_002 });
  });

  it('writes nothing when it embeds', () => {
    const asked = bytesOf('{"input":["one two","three"]}');
    const shown = bytesOf('{"data":[{"embedding":[0.1');
    expect(countCall(question({ family: 'embeddings', stream: false, asked, shown }), words)).toMatchObject({
      inputTokens: 3,
      outputTokens: 0,
    });
  });
});
