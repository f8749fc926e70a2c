import { describe, expect, test } from 'vitest';
import { readMadeId } from '../../../lib/calls/made-id.ts';
import { bytesOf, named, responsesStream } from '../metering/streams.ts';

const json = (value: unknown) => readMadeId(bytesOf(JSON.stringify(value)), false);
const stream = (text: string) => readMadeId(bytesOf(text), true);

describe('the id of what an answer made', () => {
  test('is the `id` of a JSON answer, wherever it stands', () => {
    expect(json({ id: 'file-1', object: 'file' })).toBe('file-1');
    expect(json({ object: 'file', nested: { id: 'no' }, list: [{ id: 'no' }], id: 'file-1' })).toBe('file-1');
  });

  test('is read though only the beginning of the answer is held', () => {
    expect(readMadeId(bytesOf('{"id":"resp_1","output":[{"text":"unfin'), false)).toBe('resp_1');
    const opening = named('response.created', { response: { id: 'resp_1', instructions: 'x'.repeat(99) } });
    expect(stream(opening.slice(0, 120))).toBe('resp_1');
  });

  test('is that of the response which a stream begins with', () => {
    expect(stream(responsesStream())).toBe('resp_abc');
    expect(stream(`: hello\r\n\r\n${responsesStream().replaceAll('\n', '\r\n')}`)).toBe('resp_abc');
  });

  test('is unknown where the answer has none, or none that could be one', () => {
    for (const none of [
      {},
      { id: 7 },
      { id: '' },
      { id: 'x'.repeat(257) },
      { id: 'a b' },
      [],
      'text',
      null,
    ]) {
      expect(json(none)).toBeNull();
    }
    expect(readMadeId(bytesOf(''), false)).toBeNull();
    expect(readMadeId(bytesOf('{"id":"cut'), false)).toBeNull();
    expect(stream('data: [DONE]\n\n')).toBeNull();
    expect(stream(': only comments\n\n')).toBeNull();
  });
});
