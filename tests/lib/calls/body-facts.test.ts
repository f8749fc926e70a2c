import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBodyFacts } from '../../../lib/calls/body-facts.ts';
import type { BodyFacts } from '../../../lib/calls/call.ts';
import { skipSpace, skipValue } from '../../../lib/calls/json-scan.ts';
import { NAMED_IDS_MAX } from '../../../lib/calls/named-ids.ts';

const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex').slice(0, 32);
const bytes = (text: string) => new TextEncoder().encode(text);

function facts(body: unknown): BodyFacts {
  const read = readBodyFacts(bytes(typeof body === 'string' ? body : JSON.stringify(body)), hash);
  if ('error' in read) throw new Error(read.error);
  return read;
}

const user = { role: 'user', content: 'hi' };
const system = { role: 'developer', content: 'You are helpful.' };

describe('the facts of a body', () => {
  test('are the top-level fields, in whatever order', () => {
    expect(
      facts({
        max_output_tokens: 900,
        service_tier: 'flex',
        stream_options: { include_usage: true },
        stream: true,
        previous_response_id: 'resp_1',
        prompt_cache_key: 'key',
        background: true,
        conversation: 'conv_1',
        model: 'gpt-5',
      }),
    ).toMatchObject({
      model: 'gpt-5',
      stream: true,
      background: true,
      includeUsage: true,
      previousResponseId: 'resp_1',
      conversation: 'conv_1',
      promptCacheKey: 'key',
      serviceTier: 'flex',
      outputTokensMax: 900,
    });
  });

  test('are unknown where the body says nothing', () => {
    expect(facts({})).toEqual({
      model: null,
      stream: false,
      background: false,
      storesNothing: false,
      includeUsage: false,
      previousResponseId: null,
      conversation: null,
      fileIds: [],
      promptCacheKey: null,
      serviceTier: null,
      reasoningEfforts: [],
      choices: 1,
      outputTokensMax: null,
      continues: false,
      sealedReasoning: null,
      hasCompaction: false,
      sealedCompaction: null,
      prefixHash: null,
    });
  });

  test('name every effort that is asked for, on either surface, and how many answers', () => {
    const efforts = (body: object) => facts(body).reasoningEfforts;
    expect(efforts({ reasoning: { summary: 'auto', effort: 'high' } })).toEqual(['high']);
    expect(efforts({ reasoning_effort: 'low' })).toEqual(['low']);
    expect(efforts({ reasoning_effort: 'low', reasoning: { effort: 'high' } })).toEqual(['low', 'high']);
    expect(efforts({ reasoning: null, reasoning_effort: null })).toEqual([]);
    expect(efforts({ reasoning: { effort: 5 } })).toEqual([]);
    expect(facts('{"reasoning":{"effort":"low","eff\\u006frt":"high"}}').reasoningEfforts).toEqual(['high']);
    expect(facts({ n: 3, best_of: 2 }).choices).toBe(3);
    expect(facts({ n: -1 }).choices).toBe(1);
    expect(facts({ prompt: 'one' }).choices).toBe(1);
    expect(facts({ prompt: ['one', 'two, ["'], n: 2 }).choices).toBe(4);
    expect(facts({ prompt: [1, 2, 3] }).choices).toBe(1);
    expect(facts({ prompt: [[1, 2], [3], []] }).choices).toBe(3);
    expect(facts({ prompt: [] }).choices).toBe(1);
    expect(facts({ prompt: { id: 'pmpt_1' } }).choices).toBe(1);
  });

  test('are not taken from strings or nested objects that look like fields', () => {
    const body = {
      metadata: { model: 'wrong', stream: true },
      input: [{ role: 'user', content: '"model":"wrong","stream":true', model: 'wrong' }],
      tools: [{ parameters: { model: 'wrong', messages: [{ role: 'assistant' }] } }],
      model: 'right',
    };
    expect(facts(body)).toMatchObject({ model: 'right', stream: false, continues: false });
  });

  test('are what a parser would see when a key comes twice', () => {
    expect(facts('{"model":"a","stream":true,"model":"b","stream":false}')).toMatchObject({
      model: 'b',
      stream: false,
    });
    expect(facts('{"model":"a","model":null}').model).toBeNull();
    expect(facts('{"input":[{"role":"assistant"}],"input":[]}').continues).toBe(false);
    expect(facts('{"input":[{"role":"assistant"}],"input":"text"}').continues).toBe(false);
  });

  test('are read through escapes, in keys as in values', () => {
    expect(facts('{"mod\\u0065l":"gpt\\u002d5 \\"q\\" \\\\"}').model).toBe('gpt-5 "q" \\');
    expect(facts({ model: 'modèle-模型-😀' }).model).toBe('modèle-模型-😀');
  });

  test('leave out fields of the wrong type', () => {
    expect(
      facts({ model: 5, stream: 'true', max_tokens: -1, conversation: ['x'], prompt_cache_key: {} }),
    ).toMatchObject({
      model: null,
      stream: false,
      outputTokensMax: null,
      conversation: null,
      promptCacheKey: null,
    });
  });

  test('take a conversation by its id too', () => {
    expect(facts({ conversation: { id: 'conv_2' } }).conversation).toBe('conv_2');
  });

  test('take the output cap by any of its three names', () => {
    expect(facts({ max_tokens: 1, max_completion_tokens: 2 }).outputTokensMax).toBe(2);
    // A field that the surface ignores must not make the call look smaller.
    expect(facts({ max_output_tokens: 1, max_tokens: 900 }).outputTokensMax).toBe(900);
    expect(facts({ max_tokens: 1 }).outputTokensMax).toBe(1);
  });

  test.each([
    [{ messages: [user, { role: 'assistant', content: 'x' }] }],
    [{ messages: [user, { role: 'tool', content: 'x' }] }],
    [{ input: [user, { type: 'function_call', name: 'f' }] }],
    [{ input: [user, { type: 'function_call_output', output: '' }] }],
    [{ input: [user, { type: 'custom_tool_call_output', output: '' }] }],
    [{ input: [{ type: 'reasoning', summary: [] }, user] }],
    [{ input: [{ type: 'message', role: 'assistant', content: [] }] }],
  ])('see that %j continues a conversation', (body) => {
    expect(facts(body).continues).toBe(true);
  });

  test.each([
    [{ messages: [system, user] }],
    [{ input: 'hello' }],
    [{ input: [system, user, { type: 'additional_tools', tools: [] }] }],
    [{ input: [1, null, 'x', []] }],
  ])('see that %j begins one', (body) => {
    expect(facts(body).continues).toBe(false);
  });

  test('hash the last sealed reasoning, whatever the key order and the escaping of its slashes', () => {
    const first = facts({ input: [{ type: 'reasoning', encrypted_content: 'AAA/B' }] }).sealedReasoning;
    expect(first).toBe(hash('AAA/B'));
    expect(facts('{"input":[{"encrypted_content":"AAA\\/B","type":"reasoning"}]}').sealedReasoning).toBe(
      first,
    );
    const two = {
      input: [
        { type: 'reasoning', encrypted_content: 'old' },
        { type: 'reasoning', encrypted_content: 'new' },
      ],
    };
    expect(facts(two).sealedReasoning).toBe(hash('new'));
    expect(facts({ input: [{ type: 'reasoning', encrypted_content: null }] }).sealedReasoning).toBeNull();
    expect(facts({ input: [{ type: 'message', encrypted_content: 'x' }] }).sealedReasoning).toBeNull();
  });

  test('see a compaction, which is the history itself', () => {
    const read = facts({ input: [{ type: 'compaction', encrypted_content: 'zip' }, user] });
    expect(read).toMatchObject({ hasCompaction: true, sealedCompaction: hash('zip'), sealedReasoning: null });
    expect(facts({ input: [user] }).hasCompaction).toBe(false);
  });

  test('recognise a conversation by its opening and by nothing that comes later', () => {
    const opening = facts({ model: 'm', messages: [system, user] }).prefixHash;
    expect(opening).toMatch(/^[0-9a-f]{32}$/);
    const later = {
      model: 'm',
      temperature: 1,
      messages: [system, user, { role: 'assistant', content: 'x' }, user],
    };
    expect(facts(later).prefixHash).toBe(opening);
    expect(facts({ model: 'other', messages: [system, user] }).prefixHash).not.toBe(opening);
    expect(facts({ model: 'm', messages: [system, { role: 'user', content: 'ho' }] }).prefixHash).not.toBe(
      opening,
    );
    expect(facts({ model: 'm', input: [system, user] }).prefixHash).toBe(opening);
  });

  test('recognise an opening by instructions and a plain text as well', () => {
    const one = facts({ model: 'm', instructions: 'Be brief.', input: 'hello' }).prefixHash;
    expect(one).not.toBeNull();
    expect(facts({ model: 'm', instructions: 'Be long.', input: 'hello' }).prefixHash).not.toBe(one);
    expect(facts({ model: 'm', instructions: 'Be brief.', input: 'bye' }).prefixHash).not.toBe(one);
  });

  test('tell long openings apart by their beginning, their end and their length', () => {
    const long = (text: string) => facts({ messages: [{ role: 'user', content: text }] }).prefixHash;
    const base = 'x'.repeat(50_000);
    expect(long(`${base}y`)).not.toBe(long(`${base}x`));
    expect(long(`y${base}`)).not.toBe(long(`x${base}`));
    expect(long(base)).not.toBe(long(`${base}x`));
  });

  test.each([
    '',
    ' ',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '{"a":01}',
    '{"a":1.}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":1e}',
    '{"a":tru}',
    '{"a":truex}',
    '{"a":nul}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a":[}',
    '{"a":]}',
    '{"a":"x}',
    '{"a":"x\\"}',
    '{}x',
    '{} {}',
    '{}}',
    '[1',
    '{"a":{"b":[{"c":1}}]}',
    'nonsense',
    '{"input":[{"role":"user"]}',
    '{"input":[{"role":"user"}}',
  ])('are refused for %s, which is not JSON', (text) => {
    expect(readBodyFacts(bytes(text), hash)).toEqual({ error: 'not_json' });
  });

  test.each(['[]', '"text"', '5', 'null', ' [{"model":"x"}] '])(
    'are refused for %s, which is not an object',
    (text) => {
      expect(readBodyFacts(bytes(text), hash)).toEqual({ error: 'not_object' });
    },
  );

  test('are refused for nesting that no honest request has, without a stack overflow', () => {
    const deep = (depth: number) => bytes(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect(readBodyFacts(deep(500), hash)).not.toHaveProperty('error');
    expect(readBodyFacts(deep(1_000_000), hash)).toEqual({ error: 'not_json' });
  });

  test('survive a body of a hundred thousand backslashes and quotes', () => {
    const content = '\\"'.repeat(100_000);
    expect(facts({ model: 'm', input: [{ role: 'user', content }] }).model).toBe('m');
  });
});

const word = fc.oneof(
  fc.constantFrom(
    'model',
    'input',
    'messages',
    'stream',
    'role',
    'type',
    'id',
    'reasoning',
    'user',
    'assistant',
    'encrypted_content',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    word,
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(word, tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('against the parser of the engine', () => {
  test('every document is stepped over to its exact end', () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = ` ${JSON.stringify(value, null, indent)}`;
        const all = bytes(`${text} ,`);
        expect(skipValue(all, skipSpace(all, 0))).toBe(bytes(text).length);
      }),
      { numRuns: 500 },
    );
  });

  test('the facts of every object are those of the parsed object', () => {
    const body = fc.record(
      {
        model: fc.oneof(word, fc.integer(), fc.constant(null)),
        stream: fc.oneof(fc.boolean(), word),
        input: fc.array(fc.oneof(anyJson, fc.record({ role: word, type: word }, { requiredKeys: [] })), {
          maxLength: 6,
        }),
        prompt_cache_key: word,
        metadata: anyJson,
        conversation: fc.oneof(word, fc.record({ id: word })),
        max_output_tokens: fc.oneof(fc.nat(), fc.double(), word),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(body, (value) => {
        const read = facts(value);
        const parsed = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
        const text = (field: unknown) => (typeof field === 'string' ? field : null);
        expect(read.model).toBe(text(parsed.model));
        expect(read.stream).toBe(parsed.stream === true);
        expect(read.promptCacheKey).toBe(text(parsed.prompt_cache_key));
        const items = Array.isArray(parsed.input) ? (parsed.input as unknown[]) : [];
        expect(read.continues).toBe(items.some(isTurn));
      }),
      { numRuns: 500 },
    );
  });

  test('what the parser refuses because of its structure is refused', () => {
    const object = fc.dictionary(word, anyJson, { minKeys: 1, maxKeys: 4 });
    fc.assert(
      fc.property(
        object,
        fc.nat(),
        fc.constantFrom('', '}', '{', ']', ',', ':', '"', '0'),
        (value, at, put) => {
          const text = JSON.stringify(value);
          const position = at % text.length;
          const broken = text.slice(0, position) + put + text.slice(position + 1);
          let parses = true;
          try {
            JSON.parse(broken);
          } catch {
            parses = false;
          }
          const read = readBodyFacts(bytes(broken), hash);
          // What parses is never refused as broken; what is taken parses, but for escapes inside strings.
          if (parses) expect(read).not.toEqual({ error: 'not_json' });
          else if (!/\\/.test(broken)) expect(read).toEqual({ error: 'not_json' });
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function isTurn(item: unknown): boolean {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
  const { role, type } = item as { role?: unknown; type?: unknown };
  if (role === 'assistant' || role === 'tool' || role === 'function') return true;
  return (
    typeof type === 'string' &&
    (type === 'reasoning' ||
      /_(?:call|output)$/.test(type) ||
      /^(?:compaction(?:_summary)?|context_compaction)$/.test(type))
  );
}

describe('files that a body names', () => {
  const file = (file_id: string) => ({ type: 'input_file', file_id });

  test('are found wherever their ids may stand, each once, in Responses as in chat', () => {
    const responses = {
      input: [
        { role: 'user', content: [{ type: 'input_text', text: '"file_id":"file-no"' }, file('file-1')] },
        { role: 'user', content: [file('file-1'), { type: 'input_image', file_id: 'file-2' }] },
      ],
      tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-3', 4, 'file-1'] } }],
    };
    expect(facts(responses).fileIds).toEqual(['file-1', 'file-2', 'file-3']);
    const chat = { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-4' } }] }] };
    expect(facts(chat).fileIds).toEqual(['file-4']);
  });

  test('are none where the key only looks alike or the value is no id', () => {
    const schema = { properties: { file_id: { type: 'string' }, file_ids: { type: 'array' } } };
    const other = { file_uri: 'file-1', filename: 'file_id', FILE_ID: 'file-1', file_id: '' };
    expect(facts({ tools: [{ parameters: schema }], input: [{ content: [other] }] }).fileIds).toEqual([]);
  });

  test('are bounded in number and in length', () => {
    const content = Array.from({ length: 300 }, (_, n) => file(`file-${n}`));
    expect(facts({ input: [{ content }] }).fileIds).toHaveLength(NAMED_IDS_MAX);
    expect(facts({ input: [{ content: [file('x'.repeat(9_999))] }] }).fileIds).toEqual([]);
  });
});

test('a body says that nothing is to be stored only by a plain false', () => {
  expect(facts({ store: false }).storesNothing).toBe(true);
  for (const store of [true, null, 'false', 0]) expect(facts({ store }).storesNothing).toBe(false);
});
