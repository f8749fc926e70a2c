import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addIncludeUsage, stripReasoning } from '../../../lib/calls/edit-body.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array) => new TextDecoder().decode(body);
const strip = (body: string) => text(stripReasoning(bytes(body)));
const usage = (body: string) => text(addIncludeUsage(bytes(body)));

describe('removing reasoning', () => {
  test.each([
    ['{"input":[{"type":"reasoning"}]}', '{"input":[]}'],
    ['{"input":[{"type":"reasoning"},{"role":"user"}]}', '{"input":[{"role":"user"}]}'],
    ['{"input":[{"role":"user"},{"type":"reasoning"}]}', '{"input":[{"role":"user"}]}'],
    ['{"input":[1,{"type":"reasoning"},2]}', '{"input":[1,2]}'],
    [
      '{"input":[{"type":"reasoning"},{"type":"reasoning"},1,{"type":"reasoning"},{"type":"reasoning"},2,{"type":"reasoning"}]}',
      '{"input":[1,2]}',
    ],
    ['{"input": [ {"type":"reasoning"} , 1 , {"type":"reasoning"} ] }', '{"input": [ 1 ] }'],
    [
      '{"a":1,"input":[{"id":"rs_1","ty\\u0070e":"reasoning","summary":[{"x":"]},"}]},7],"b":2}',
      '{"a":1,"input":[7],"b":2}',
    ],
  ])('turns %s into %s', (before, after) => {
    expect(strip(before)).toBe(after);
  });

  test.each([
    '{"input":[{"role":"user","content":"{\\"type\\":\\"reasoning\\"}"}]}',
    '{"reasoning":{"effort":"high"},"input":[{"type":"message"}]}',
    '{"input":"reasoning"}',
    '{"messages":[{"type":"reasoning"}]}',
    '{"nested":{"input":[{"type":"reasoning"}]}}',
    '{"input":[{"content":[{"type":"reasoning"}]}]}',
    '[]',
    'broken',
    '{"input":[{"type":"reasoning"}',
  ])('leaves %s alone, the very same bytes', (body) => {
    const before = bytes(body);
    expect(stripReasoning(before)).toBe(before);
  });

  test('removes nothing but reasoning items, whatever stands between them', () => {
    const item = fc.oneof(
      fc.constant({ type: 'reasoning', encrypted_content: 'gAAA"}],', summary: [{ text: '[,]' }] }),
      fc.record({ type: fc.constantFrom('message', 'function_call'), content: fc.string() }),
      fc.integer(),
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), fc.constantFrom(undefined, 2, '\t'), (input, indent) => {
        const before = JSON.stringify({ model: 'm', input, tail: [1, { a: 'é' }] }, null, indent);
        const kept = input.filter((one) => typeof one === 'number' || one.type !== 'reasoning');
        expect(JSON.parse(strip(before))).toEqual({ model: 'm', input: kept, tail: [1, { a: 'é' }] });
        if (indent === undefined) {
          expect(strip(before)).toBe(JSON.stringify({ model: 'm', input: kept, tail: [1, { a: 'é' }] }));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('asking for usage', () => {
  test.each([
    ['{"stream":true}', '{"stream_options":{"include_usage":true},"stream":true}'],
    ['{}', '{"stream_options":{"include_usage":true}}'],
    [' { } ', ' {"stream_options":{"include_usage":true} } '],
    ['{"stream_options":{}}', '{"stream_options":{"include_usage":true}}'],
    ['{"stream_options":null,"a":1}', '{"stream_options":{"include_usage":true},"a":1}'],
    [
      '{"stream_options":{"include_obfuscation":false}}',
      '{"stream_options":{"include_usage":true,"include_obfuscation":false}}',
    ],
    ['{"stream_options":{"include_usage":false,"x":1}}', '{"stream_options":{"include_usage":true,"x":1}}'],
    ['{"stream_options":{"include_usage": null }}', '{"stream_options":{"include_usage": true }}'],
  ])('turns %s into %s', (before, after) => {
    expect(usage(before)).toBe(after);
  });

  test.each(['{"stream_options":{"include_usage":true}}', '{"stream_options":"wrong"}', '[]', 'broken'])(
    'leaves %s alone',
    (body) => {
      const before = bytes(body);
      expect(addIncludeUsage(before)).toBe(before);
    },
  );

  test('changes nothing else of any body', () => {
    const body = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 });
    fc.assert(
      fc.property(body, (value) => {
        const before = JSON.stringify(value);
        const plain = JSON.parse(before) as Record<string, unknown>;
        const after = JSON.parse(usage(before)) as Record<string, unknown>;
        const { stream_options: _removed, ...rest } = after;
        const { stream_options: _before, ...others } = plain;
        expect(rest).toEqual(others);
        if (plain.stream_options === undefined) expect(after.stream_options).toEqual({ include_usage: true });
      }),
    );
  });
});

describe('leaving out what one reader cannot open', () => {
  const sealed = (text: string) => ({ type: 'reasoning', id: `rs_${text}`, encrypted_content: text });
  const user = { type: 'message', role: 'user', content: 'hello' };
  const keepOnly = (wanted: string, items: readonly object[]) => {
    const body = bytes(JSON.stringify({ input: items, model: 'm' }));
    const keeps = ({ start, end }: { start: number; end: number }) =>
      text(body.subarray(start, end)) === JSON.stringify(wanted);
    return (JSON.parse(text(stripReasoning(body, keeps))) as { input: object[] }).input;
  };

  test('keeps the items that it can open, in their places', () => {
    const items = [sealed('a'), user, sealed('b'), sealed('a'), user, sealed('b')];
    expect(keepOnly('b', items)).toEqual([user, sealed('b'), user, sealed('b')]);
    expect(keepOnly('a', items)).toEqual([sealed('a'), user, sealed('a'), user]);
  });

  test('leaves out reasoning without a seal, which refers to what was stored elsewhere', () => {
    expect(keepOnly('a', [{ type: 'reasoning', id: 'rs_1', summary: [] }, user, sealed('a')])).toEqual([
      user,
      sealed('a'),
    ]);
  });
});
