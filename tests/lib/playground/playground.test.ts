/** What the Playground sends, and what it makes of what comes back. */
import { describe, expect, it } from 'vitest';
import { type Answer, NO_ANSWER, readEvent, readWhole } from '../../../lib/playground/answer.ts';
import { callBody, type PlaygroundApi, type PlaygroundCall } from '../../../lib/playground/call-body.ts';
import { blocksOf } from '../../../lib/playground/rich-text.ts';
import { snippet } from '../../../lib/playground/snippets.ts';

const CALL: PlaygroundCall = {
  api: 'responses',
  model: 'gpt-5.5',
  effort: null,
  stream: true,
  tokensOutMax: null,
  instructions: '  ',
  draws: false,
  turns: [{ role: 'user', text: 'hi' }],
  conversation: 'c1',
};

describe('a call', () => {
  it('says no more than was chosen, and stores nothing at the provider', () => {
    expect(callBody(CALL)).toEqual({
      model: 'gpt-5.5',
      input: [{ role: 'user', content: 'hi' }],
      stream: true,
      store: false,
      prompt_cache_key: 'c1',
    });
    expect(callBody({ ...CALL, api: 'chat', stream: false })).toEqual({
      model: 'gpt-5.5',
      messages: [{ role: 'user', content: 'hi' }],
      stream: false,
    });
  });

  it('says what was chosen in the words of each endpoint', () => {
    const chosen = {
      ...CALL,
      effort: 'low',
      tokensOutMax: 64,
      instructions: 'Be brief.',
      draws: true,
    } as const;
    expect(callBody(chosen)).toMatchObject({
      instructions: 'Be brief.',
      reasoning: { effort: 'low' },
      max_output_tokens: 64,
      tools: [{ type: 'image_generation', partial_images: 1 }],
    });
    expect(callBody({ ...chosen, api: 'chat' })).toMatchObject({
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
      reasoning_effort: 'low',
      max_completion_tokens: 64,
      stream_options: { include_usage: true },
    });
  });

  it('leaves out turns without a word', () => {
    const turns = [{ role: 'assistant', text: ' \n' }, ...CALL.turns] as const;
    expect(callBody({ ...CALL, turns }).input).toEqual([{ role: 'user', content: 'hi' }]);
  });
});

describe('an answer', () => {
  const gather = (api: PlaygroundApi, events: readonly unknown[]): Answer =>
    events.reduce<Answer>((answer, event) => readEvent(answer, api, event), NO_ANSWER);

  it('of Responses is gathered from its events', () => {
    const answer = gather('responses', [
      { type: 'response.created', response: { model: 'gpt-5.5-2026-04-23' } },
      { type: 'response.reasoning_summary_text.delta', delta: 'Hm.' },
      { type: 'response.output_text.delta', delta: 'Hel' },
      { type: 'response.output_text.delta', delta: 'lo' },
      { type: 'response.unheard_of', delta: 'x' },
      'garbage',
      {
        type: 'response.completed',
        response: {
          status: 'completed',
          usage: { input_tokens: 7, input_tokens_details: { cached_tokens: 4 }, output_tokens: 2 },
        },
      },
    ]);
    expect(answer).toEqual({
      ...NO_ANSWER,
      text: 'Hello',
      thinking: 'Hm.',
      servedModel: 'gpt-5.5-2026-04-23',
      usage: { inputTokens: 7, cachedTokens: 4, outputTokens: 2 },
      end: 'whole',
    });
  });

  it('of Chat Completions is gathered from its events', () => {
    const answer = gather('chat', [
      { model: 'gpt-5.5', choices: [{ delta: { role: 'assistant', content: '' } }] },
      { choices: [{ delta: { content: 'Hello' } }] },
      { choices: [{ delta: {}, finish_reason: 'length' }] },
      { choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } },
    ]);
    expect(answer).toMatchObject({
      text: 'Hello',
      end: 'cut',
      why: 'It reached the most tokens it may write.',
      usage: { inputTokens: 7, cachedTokens: null, outputTokens: 2 },
    });
  });

  it.each<[PlaygroundApi, object]>([
    ['responses', { type: 'error', message: 'Too hot.' }],
    [
      'responses',
      { type: 'response.failed', response: { status: 'failed', error: { message: 'Too hot.' } } },
    ],
    ['chat', { error: { message: 'Too hot.' } }],
  ])('of %s that ends in an error keeps what was said', (api, event) => {
    const said =
      api === 'chat'
        ? { choices: [{ delta: { content: 'Hel' } }] }
        : { type: 'response.output_text.delta', delta: 'Hel' };
    expect(gather(api, [said, event])).toMatchObject({ text: 'Hel', end: 'failed', why: 'Too hot.' });
  });

  it('shows a picture in its last stage, and only what is base64', () => {
    const stage = (partial_image_b64: unknown) => ({
      type: 'response.image_generation_call.partial_image',
      output_index: 1,
      partial_image_b64,
    });
    const done = {
      type: 'response.output_item.done',
      output_index: 1,
      item: { type: 'image_generation_call', result: '/9j/AAAA' },
    };
    expect(gather('responses', [stage('iVBORw0K')]).pictures).toEqual({
      1: 'data:image/png;base64,iVBORw0K',
    });
    expect(gather('responses', [stage('iVBORw0K'), done]).pictures).toEqual({
      1: 'data:image/jpeg;base64,/9j/AAAA',
    });
    expect(gather('responses', [stage('"><script>')]).pictures).toEqual({});
  });

  it('in one piece says the same', () => {
    expect(
      readWhole('responses', {
        model: 'm',
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        output: [
          { type: 'reasoning', summary: [{ text: 'Hm.' }] },
          {
            type: 'message',
            content: [
              { type: 'output_text', text: 'Hel' },
              { type: 'refusal', refusal: 'no' },
            ],
          },
          { type: 'image_generation_call', result: 'iVBORw0K' },
        ],
        usage: { input_tokens: 1, output_tokens: 2 },
      }),
    ).toMatchObject({ text: 'Helno', thinking: 'Hm.', end: 'cut', pictures: { 2: expect.any(String) } });
    expect(
      readWhole('chat', { model: 'm', choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] }),
    ).toMatchObject({ text: 'Hi', end: 'whole', usage: null });
    expect(readWhole('chat', null)).toMatchObject({ end: 'failed' });
  });
});

describe('the text of an answer', () => {
  it('is paragraphs, code in a line and fenced code', () => {
    expect(blocksOf('One `a`.\n\n\nTwo.\n```sql\nSELECT 1;\n\n-- x\n```\nEnd')).toEqual([
      {
        kind: 'text',
        spans: [
          { code: false, text: 'One ' },
          { code: true, text: 'a' },
          { code: false, text: '.' },
        ],
      },
      { kind: 'text', spans: [{ code: false, text: 'Two.' }] },
      { kind: 'code', language: 'sql', text: 'SELECT 1;\n\n-- x' },
      { kind: 'text', spans: [{ code: false, text: 'End' }] },
    ]);
  });

  it('is code to the end while a fence is open, and never markup', () => {
    expect(blocksOf('```\n<b>')).toEqual([{ kind: 'code', language: '', text: '<b>' }]);
    expect(blocksOf('![x](http://a.example/p.png) <img src=x>')).toEqual([
      { kind: 'text', spans: [{ code: false, text: '![x](http://a.example/p.png) <img src=x>' }] },
    ]);
    expect(blocksOf('')).toEqual([]);
  });
});

describe('a snippet', () => {
  const quoted = { ...CALL, turns: [{ role: 'user', text: `it's "so"\n$HOME` }] } as const;

  it('is the call itself, with the key as a variable', () => {
    const text = snippet('curl', 'http://127.0.0.1:8080/v1', quoted);
    expect(text).toContain('curl -N http://127.0.0.1:8080/v1/responses');
    expect(text).toContain('$OPENAI_API_KEY');
    const body = /--data-raw '([\s\S]*)'$/.exec(text)?.[1]?.replaceAll(`'\\''`, `'`) ?? '';
    expect(JSON.parse(body)).toEqual(callBody(quoted));
  });

  it('speaks the language of its SDK', () => {
    const chat = { ...quoted, api: 'chat', stream: false } as const;
    expect(snippet('JavaScript', 'http://127.0.0.1:8080/v1', chat)).toContain(
      'client.chat.completions.create({',
    );
    const python = snippet('Python', 'http://127.0.0.1:8080/v1', quoted);
    expect(python).toContain('    stream=True,\n    store=False,\n');
    expect(python).toContain(`"content": "it's \\"so\\"\\n$HOME"`);
  });
});
