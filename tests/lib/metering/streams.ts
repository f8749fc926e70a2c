/** Streams for the tests of the meter, as bytes, and ways to cut them into chunks. */
import fc from 'fast-check';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const named = (type: string, more: Record<string, unknown> = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
export const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

export const RESPONSES_USAGE = {
  input_tokens: 1200,
  input_tokens_details: { cached_tokens: 1024, cache_write_tokens: 100 },
  output_tokens: 40,
  output_tokens_details: { reasoning_tokens: 16 },
  total_tokens: 1240,
};

export function responsesStream(text = 'Grüße "usage" 👋'): string {
  const response = {
    id: 'resp_abc',
    object: 'response',
    status: 'in_progress',
    model: 'gpt-5.5',
    usage: null,
  };
  const done = { ...response, status: 'completed', service_tier: 'default', usage: RESPONSES_USAGE };
  return [
    named('response.created', { sequence_number: 0, response }),
    named('response.in_progress', { sequence_number: 1, response }),
    named('response.output_item.added', { sequence_number: 2, item: { id: 'msg_1', type: 'message' } }),
    ': a comment\n\n',
    named('response.output_text.delta', { sequence_number: 3, delta: text }),
    named('response.output_text.delta', { sequence_number: 4, delta: 'two' }),
    named('response.completed', { sequence_number: 5, response: done }),
  ].join('');
}

const chatChunk = (delta: unknown, finish: string | null, usage: unknown = null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: 'gpt-4.1-2025-04-14',
  service_tier: 'priority',
  choices: [{ index: 0, delta, finish_reason: finish }],
  usage,
});

export const CHAT_USAGE = {
  prompt_tokens: 900,
  completion_tokens: 12,
  total_tokens: 912,
  prompt_tokens_details: { cached_tokens: 512, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 4, audio_tokens: 0 },
};

export const usageChunk = data({ ...chatChunk({}, null), choices: [], usage: CHAT_USAGE });

export function chatStream(withUsage = true): string {
  return [
    data(chatChunk({ role: 'assistant', content: '', refusal: null }, null)),
    data(chatChunk({ content: 'Hello' }, null)),
    data(chatChunk({ content: ' "choices":[] ' }, null)),
    data(chatChunk({}, 'stop')),
    withUsage ? usageChunk : '',
    'data: [DONE]\n\n',
  ].join('');
}

/** Cuts bytes at the given places, whatever they are. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ascending = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const place of [...ascending, bytes.length]) {
    chunks.push(bytes.slice(from, place));
    from = place;
  }
  return chunks;
}

export const anyPlaces = fc.array(fc.nat({ max: 100_000 }), { maxLength: 60 });
