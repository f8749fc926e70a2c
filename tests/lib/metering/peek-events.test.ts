import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EndpointFamily } from '../../../lib/calls/endpoint.ts';
import { createEventPeek } from '../../../lib/metering/peek-events.ts';
import { anyPlaces, bytesOf, chatStream, cut, data, named, responsesStream } from './streams.ts';

function peek(family: EndpointFamily, text: string, places: readonly number[] = []) {
  const eventPeek = createEventPeek(family);
  let verdict: ReturnType<typeof eventPeek.push> = 'hold';
  for (const chunk of cut(bytesOf(text), places)) {
    verdict = eventPeek.push(chunk);
    if (verdict !== 'hold') break;
  }
  return verdict;
}

const startup = named('response.created', { response: { id: 'resp_1' } }) + named('response.in_progress');
const roleOnly = data({ choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }] });

describe('the hold-back before the commit point', () => {
  test('holds what only says that work began', () => {
    expect(peek('responses', startup + named('response.queued'))).toBe('hold');
    expect(peek('responses', ': keep-alive\n\n: again\n\n')).toBe('hold');
    expect(peek('chat', roleOnly)).toBe('hold');
    expect(peek('responses', '')).toBe('hold');
  });

  test('commits at once on the first output, on an end, and on anything it does not know', () => {
    expect(peek('responses', startup + named('response.output_item.added'))).toBe('commit');
    expect(peek('responses', startup + named('response.completed'))).toBe('commit');
    expect(peek('responses', named('response.brand_new_thing'))).toBe('commit');
    expect(peek('chat', roleOnly + data({ choices: [{ delta: { content: 'a' } }] }))).toBe('commit');
    expect(peek('chat', data({ choices: [{ delta: { role: 'assistant', tool_calls: [{}] } }] }))).toBe(
      'commit',
    );
    expect(peek('chat', 'data: [DONE]\n\n')).toBe('commit');
    expect(peek('files', 'anything')).toBe('commit');
  });

  test.each([
    ['a flat error event', named('error', { code: 'server_is_overloaded', message: 'Busy', param: null })],
    ['a nested error event', named('error', { error: { code: 'server_is_overloaded', message: 'Busy' } })],
    [
      'response.failed',
      named('response.failed', { response: { error: { code: 'server_is_overloaded', message: 'Busy' } } }),
    ],
    ['a bare error chunk', data({ error: { code: 'server_is_overloaded', message: 'Busy' } })],
  ])('recognises %s before any output and hands its error over in one form', (_, event) => {
    const verdict = peek('responses', startup + event);
    const error = typeof verdict === 'object' ? JSON.parse(verdict.error).error : null;
    expect(error).toEqual({ message: 'Busy', type: null, param: null, code: 'server_is_overloaded' });
  });

  test('recognises an error in the first chunks of a chat stream', () => {
    const body = { message: 'Rate limit reached', type: 'tokens', param: null, code: 'rate_limit_exceeded' };
    const verdict = peek('chat', roleOnly + data({ error: body }));
    expect(verdict).toEqual({ error: JSON.stringify({ error: body }) });
    expect(peek('chat', 'event: error\ndata: upstream is gone\n\n')).toEqual({ error: 'upstream is gone' });
  });

  test('commits when output came before the error, even in the same chunk', () => {
    const text =
      startup + named('response.output_text.delta', { delta: 'x' }) + named('error', { code: 'x' });
    expect(peek('responses', text)).toBe('commit');
  });

  test('commits after 64 events or 256 KiB without output', () => {
    expect(peek('responses', ': c\n\n'.repeat(63))).toBe('hold');
    expect(peek('responses', ': c\n\n'.repeat(64))).toBe('commit');
    expect(peek('responses', `event: response.created\ndata: ${'x'.repeat(262_200)}`)).toBe('commit');
  });

  test('gives the same verdict however the stream is cut into chunks', () => {
    const failed = startup + named('response.failed', { response: { error: { code: 'server_error' } } });
    for (const [family, text] of [
      ['responses', responsesStream()],
      ['responses', failed],
      ['chat', chatStream()],
    ] as const) {
      const whole = peek(family, text);
      fc.assert(
        fc.property(anyPlaces, (places) => {
          expect(peek(family, text, places)).toEqual(whole);
        }),
      );
    }
  });
});
