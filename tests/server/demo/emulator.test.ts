import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMeter } from '../../../lib/metering/meter.ts';
import { readEvents } from '../../../lib/metering/sse-read.ts';
import { isObject } from '../../../server/demo/ask.ts';
import type { Emulator } from '../../../server/demo/emulator.ts';
import { createEmulator } from '../../../server/demo/emulator.ts';
import { send } from './client.ts';

let emulator: Emulator;

beforeEach(async () => {
  emulator = await createEmulator({
    seed: 7,
    keys: [
      { key: 'sk-one', organization: 'org-one', project: 'proj_a' },
      { key: 'sk-two', organization: 'org-two' },
      { key: 'sk-sister', organization: 'org-one', project: 'proj_b', models: ['gpt-5'] },
    ],
  });
});
afterEach(() => emulator.close());

const post = (path: string, body: object, key = 'sk-one') => send({ url: emulator.baseUrl, path, body, key });
const responses = (body: object, key?: string) => post('/responses', { model: 'gpt-5', ...body }, key);

const SEALED = { include: ['reasoning.encrypted_content'], store: false };
const bashTool = { type: 'function', name: 'bash', parameters: {} };

describe('the emulated Responses surface', () => {
  test('streams the full order of events, ends with usage, and its stream and JSON agree', async () => {
    const { body, headers } = await responses({
      ...SEALED,
      stream: true,
      input: 'say exactly: Hello to you',
    });
    const events = readEvents(body);
    expect(headers['content-type']).toContain('text/event-stream');
    const order = events.map((event) => event.name).filter((name, i, all) => name !== all[i - 1]);
    expect(order).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map(({ json }) => isObject(json) && json.sequence_number)).toEqual(events.map((_, i) => i));
    const said = events.map(({ name, json }) =>
      name === 'response.output_text.delta' && isObject(json) ? json.delta : '',
    );
    expect(said.join('')).toBe('Hello to you');
    const meter = createMeter('responses', { stream: true });
    meter.push(body);
    expect(meter.end()).toMatchObject({ sawTerminal: true, servedModel: 'gpt-5', usage: { flagged: false } });
    const whole = JSON.parse((await responses({ ...SEALED, input: 'say exactly: Hello to you' })).text);
    expect(whole).toMatchObject({
      status: 'completed',
      output: [{ type: 'reasoning' }, { type: 'message' }],
    });
  });

  test('calls the shell tool it is offered until it has the outputs, then answers with the last', async () => {
    const input = [{ role: 'user', content: [{ type: 'input_text', text: 'run `echo hi` 2 times' }] }];
    const items: object[] = [...input];
    for (const output of ['first', 'second']) {
      const answer = JSON.parse((await responses({ input: items, tools: [bashTool] })).text);
      const call = answer.output.at(-1);
      expect(call).toMatchObject({ type: 'function_call', name: 'bash' });
      expect(JSON.parse(call.arguments)).toMatchObject({ command: 'echo hi' });
      items.push(call, { type: 'function_call_output', call_id: call.call_id, output });
    }
    const last = JSON.parse((await responses({ input: items, tools: [bashTool] })).text);
    expect(last.output.at(-1).content[0].text).toContain('second');
  });

  test('starts a sub-agent by the tool for it when it is told to hand something on', async () => {
    const task = { type: 'function', name: 'task', parameters: {} };
    const input = [{ role: 'user', content: 'hand on `say exactly: four lines`' }];
    const answer = JSON.parse((await responses({ input, tools: [task] })).text);
    const call = answer.output.at(-1);
    expect(call).toMatchObject({ type: 'function_call', name: 'task' });
    expect(JSON.parse(call.arguments)).toMatchObject({
      prompt: 'say exactly: four lines',
      subagent_type: 'general',
    });
    const back = [
      ...input,
      call,
      { type: 'function_call_output', call_id: call.call_id, output: 'four lines' },
    ];
    const last = JSON.parse((await responses({ input: back, tools: [task] })).text);
    expect(last.output.at(-1).content[0].text).toContain('came back as: four lines');
  });

  test('calls a custom tool in a namespace the way Codex declares it', async () => {
    const exec = { type: 'custom', name: 'exec' };
    const tools = {
      type: 'additional_tools',
      tools: [{ type: 'namespace', name: 'functions', tools: [exec] }],
    };
    const input = [tools, { role: 'user', content: 'run `ls`' }];
    const { body } = await responses({ input, stream: true });
    const names = readEvents(body).map(({ name }) => name);
    expect(names).toContain('response.custom_tool_call_input.delta');
    const done = readEvents(body).at(-1)?.json;
    expect(done).toMatchObject({
      response: { output: [{ type: 'custom_tool_call', name: 'exec', namespace: 'functions' }] },
    });
  });

  test('refuses reasoning that another organisation has sealed, and opens its own', async () => {
    const first = JSON.parse((await responses({ ...SEALED, input: 'hello' })).text);
    const input = [{ role: 'user', content: 'hello' }, ...first.output, { role: 'user', content: 'more' }];
    expect((await responses({ ...SEALED, input })).status).toBe(200);
    expect((await responses({ ...SEALED, input }, 'sk-sister')).status).toBe(200);
    const refused = await responses({ ...SEALED, input }, 'sk-two');
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text).error.code).toBe('invalid_encrypted_content');
  });

  test('keeps a prompt cache per organisation', async () => {
    const long = { role: 'developer', content: 'rules '.repeat(2_000) };
    const input = [long, { role: 'user', content: 'say exactly: ok' }];
    const cached = async (items: object[], key?: string) =>
      JSON.parse((await responses({ input: items }, key)).text).usage.input_tokens_details.cached_tokens;
    expect(await cached(input)).toBe(0);
    const again = await cached([...input, { role: 'user', content: 'and again' }]);
    expect(again).toBeGreaterThanOrEqual(2_944);
    expect(again % 128).toBe(0);
    expect(await cached(input, 'sk-sister')).toBe(again);
    expect(await cached(input, 'sk-two')).toBe(0);
  });

  test('knows its stored responses, and those of no other organisation', async () => {
    const first = JSON.parse((await responses({ input: 'hello' })).text);
    const next = { input: 'and now?', previous_response_id: first.id };
    expect((await responses(next)).status).toBe(200);
    expect(JSON.parse((await responses(next, 'sk-two')).text).error.code).toBe('previous_response_not_found');
  });
});

describe('the other emulated surfaces', () => {
  const chat = (more: object) => post('/chat/completions', { model: 'gpt-5', stream: true, ...more });
  const messages = [{ role: 'user', content: 'say exactly: Hello to you' }];

  test('send the usage chunk of a chat stream only to those who ask for it', async () => {
    const asked = await chat({ messages, stream_options: { include_usage: true } });
    const silent = await chat({ messages });
    expect(asked.text).toContain('"choices":[],"usage":{');
    expect(silent.text).not.toContain('usage');
    for (const { text } of [asked, silent]) expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  test('call tools in chat, streamed and whole', async () => {
    const ask = {
      messages: [{ role: 'user', content: 'run `pwd`' }],
      tools: [{ type: 'function', function: { name: 'bash' } }],
    };
    const streamed = await chat(ask);
    expect(streamed.text).toContain('"finish_reason":"tool_calls"');
    const whole = JSON.parse((await chat({ ...ask, stream: false })).text);
    expect(whole.choices[0].message.tool_calls[0].function.name).toBe('bash');
  });

  test('give embeddings as numbers and as base64 of the same numbers', async () => {
    const ask = { model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 8 };
    const numbers = JSON.parse((await post('/embeddings', ask)).text);
    const packed = JSON.parse((await post('/embeddings', { ...ask, encoding_format: 'base64' })).text);
    expect(numbers.data).toHaveLength(2);
    const bytes = Buffer.from(packed.data[1].embedding, 'base64');
    const unpacked = Array.from({ length: 8 }, (_, i) => bytes.readFloatLE(i * 4));
    expect(unpacked).toEqual(numbers.data[1].embedding);
    expect(numbers.usage.total_tokens).toBe(numbers.usage.prompt_tokens);
  });

  test('give pictures, legacy completions and the models of the key', async () => {
    const picture = JSON.parse((await post('/images/generations', { prompt: 'a pier', n: 2 })).text);
    expect(picture.data).toHaveLength(2);
    const legacy = await post('/completions', { model: 'gpt-5', prompt: 'say exactly: yes indeed' });
    expect(JSON.parse(legacy.text).choices[0].text).toBe('yes indeed');
    const get = (path: string, key: string) => send({ url: emulator.baseUrl, path, key });
    expect(JSON.parse((await get('/models', 'sk-sister')).text).data).toMatchObject([{ id: 'gpt-5' }]);
    expect((await get('/models/gpt-9', 'sk-one')).status).toBe(404);
    expect((await responses({ model: 'gpt-6-sol', input: 'x' }, 'sk-sister')).status).toBe(404);
  });
});

describe('every answer of the emulator', () => {
  test('carries the headers that accounts are learnt from', async () => {
    const { headers } = await responses({ input: 'hello' });
    expect(headers).toMatchObject({ 'openai-organization': 'org-one', 'openai-project': 'proj_a' });
    expect(headers['x-request-id']).toMatch(/^req_[0-9a-f]{32}$/);
    expect(headers['openai-processing-ms']).toMatch(/^\d+$/);
    expect(headers['x-ratelimit-limit-tokens']).toBe('2000000');
    expect(headers['x-ratelimit-remaining-requests']).toBe('4999');
    expect(headers['x-ratelimit-reset-tokens']).toMatch(/^\d+s$/);
  });

  test('follows from the seed and the calls alone', async () => {
    const other = await createEmulator({ seed: 7, keys: [{ key: 'sk-one', organization: 'org-one' }] });
    const ask = {
      url: other.baseUrl,
      path: '/chat/completions',
      body: { messages: [{ role: 'user', content: 'a' }] },
    };
    const [one, two] = [await send(ask), await send({ ...ask, url: emulator.baseUrl })];
    const choices = (text: string) => JSON.parse(text).choices;
    expect(choices(one.text)).toEqual(choices(two.text));
    await other.close();
  });

  test('is refused to keys it does not know, which are noted down', async () => {
    const refused = await send({ url: emulator.baseUrl, path: '/models', key: 'sk-cam-client' });
    expect(refused.status).toBe(401);
    expect(JSON.parse(refused.text).error.code).toBe('invalid_api_key');
    expect(emulator.strangers()).toEqual(['Bearer sk-cam-client']);
  });

  test('is refused to a call that names another organisation', async () => {
    const headers = { 'openai-organization': 'org-two' };
    const refused = await send({ url: emulator.baseUrl, path: '/models', headers });
    expect(JSON.parse(refused.text).error.code).toBe('mismatched_organization');
  });
});

describe('what the emulator stores', () => {
  const ask = (method: string, path: string, key?: string) =>
    send({ url: emulator.baseUrl, path, method, ...(key ? { key } : {}) });

  test.each([
    ['/files', {}],
    ['/conversations', {}],
    ['/responses', { model: 'gpt-5', input: 'hello' }],
  ])('at %s is there for its own project only, until it is deleted', async (path, body) => {
    const { id } = JSON.parse((await post(path, body)).text) as { id: string };
    expect((await ask('GET', `${path}/${id}`)).status).toBe(200);
    expect((await ask('GET', `${path}/${id}`, 'sk-sister')).status).toBe(404);
    expect((await ask('DELETE', `${path}/${id}`)).status).toBe(200);
    expect((await ask('GET', `${path}/${id}`)).status).toBe(404);
  });

  test('cannot be named by a key of another project', async () => {
    const { id: conversation } = JSON.parse((await post('/conversations', {})).text) as { id: string };
    const { id: file_id } = JSON.parse((await post('/files', {})).text) as { id: string };
    const input = [{ role: 'user', content: [{ type: 'input_file', file_id }] }];
    expect((await responses({ conversation, input })).status).toBe(200);
    expect((await responses({ conversation, input: 'hello' }, 'sk-sister')).status).toBe(404);
    expect((await responses({ input }, 'sk-sister')).status).toBe(404);
  });

  test('is the history of a compaction, sealed by the organisation', async () => {
    const compact = await post('/responses/compact', {
      model: 'gpt-5',
      input: [{ role: 'user', content: 'a' }],
    });
    const { output } = JSON.parse(compact.text) as { output: object[] };
    expect(output.at(-1)).toMatchObject({ type: 'compaction' });
    expect((await responses({ input: output }, 'sk-sister')).status).toBe(200);
    expect((await responses({ input: output }, 'sk-two')).status).toBe(400);
  });
});
