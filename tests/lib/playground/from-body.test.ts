/** A captured call as it is asked again, and what of it is left out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedAgain } from '../../../lib/playground/from-body.ts';

const again = (endpoint: string, body: unknown) => askedAgain(endpoint, JSON.stringify(body));

describe('A call that is asked again', () => {
  it('keeps who said what and the settings, of either endpoint', () => {
    expect(again('POST /responses', { model: 'gpt-5.5', input: 'hi' })).toEqual({
      api: 'responses',
      model: 'gpt-5.5',
      effort: 'default',
      stream: false,
      instructions: '',
      turns: [{ role: 'user', text: 'hi' }],
      leftOut: [],
    });
    expect(
      again('POST /chat/completions', {
        model: 'gpt-5',
        stream: true,
        reasoning_effort: 'high',
        messages: [
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
          },
          { role: 'assistant', content: 'c' },
          { role: 'user', content: 'd' },
        ],
      }),
    ).toEqual({
      api: 'chat',
      model: 'gpt-5',
      effort: 'high',
      stream: true,
      instructions: 'Be brief.',
      turns: [
        { role: 'user', text: 'a\n\nb' },
        { role: 'assistant', text: 'c' },
        { role: 'user', text: 'd' },
      ],
      leftOut: [],
    });
  });

  it('names what it cannot hold', () => {
    const asked = again('POST /responses', {
      model: 'gpt-5.5',
      instructions: 'One.',
      reasoning: { effort: 'xhigh' },
      tools: [{ type: 'function', name: 'shell' }],
      previous_response_id: 'resp_1',
      input: [
        { role: 'developer', content: [{ type: 'input_text', text: 'Two.' }] },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'look' },
            { type: 'input_image', image_url: 'x' },
          ],
        },
        { type: 'reasoning', encrypted_content: 'sealed' },
        { type: 'function_call', name: 'shell', arguments: '{}' },
        { type: 'function_call_output', output: 'ok' },
      ],
    });
    expect(asked).toMatchObject({
      effort: 'default',
      instructions: 'One.\n\nTwo.',
      turns: [{ role: 'user', text: 'look' }],
      leftOut: [
        'pictures and files',
        'reasoning',
        'calls of tools',
        'tools',
        'what the provider keeps of the conversation',
      ],
    });
  });

  it.each([
    ['POST /embeddings', { model: 'x', input: 'hi' }],
    ['POST /responses', { input: 'hi' }],
    ['POST /responses', { model: 'x', input: [] }],
    ['POST /responses', { model: 'x', input: ' ' }],
    ['POST /chat/completions', { model: 'x', messages: [{ role: 'system', content: 'only this' }] }],
    ['POST /responses', []],
  ])('is none where nothing was said: %s %j', (endpoint, body) => {
    expect(again(endpoint, body)).toBeNull();
  });

  it('takes anything that stands in a body', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (input, tools) => {
        askedAgain('POST /responses', `{"model":"m","input":${input},"tools":${tools}}`);
        askedAgain('POST /chat/completions', `{"model":"m","messages":[${input}]}`);
        expect(askedAgain('POST /responses', `${input}}`)).toBeNull();
      }),
    );
  });
});
