/**
 * Whole answers of a provider as bytes, in the many shapes that are met: every surface, streams and JSON, several
 * choices, tools, text that looks like a field, letters of several bytes. With each comes the place from which on a
 * client has all of it, worked out while it is written and not by the program that is tested.
 */
import { gzipSync } from 'node:zlib';

export type Draw = () => number;

export interface WholeAnswer {
  readonly name: string;
  readonly path: string;
  readonly request: object;
  readonly contentType: string;
  readonly encoding: 'gzip' | null;
  readonly bytes: Buffer;
  /** What a client should see of it, byte for byte. */
  readonly shown: Buffer;
  /** A client that has so many bytes of `shown` has the answer. */
  readonly wholeFrom: number;
}

/** One event of a stream. `last` of them makes the answer whole; `hidden` ones are ours and never shown. */
interface Event {
  readonly text: string;
  readonly last?: boolean;
  readonly hidden?: boolean;
}

const TEXTS = [
  'Hello',
  ' wörld',
  ' 漢字仮名',
  ' 👩‍👩‍👧‍👦',
  'finish_reason',
  '"finish_reason":"stop"',
  '[DONE]',
  '\\',
  '}\n\n',
  'role',
];
const USAGE = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
const TOKENS = { input_tokens: 12, output_tokens: 7, total_tokens: 19 };
const LARGE_BYTES = 1_200_000;

export const pick = <T>(draw: Draw, from: readonly [T, ...T[]]): T =>
  from[Math.floor(draw() * from.length)] ?? from[0];
const upTo = (draw: Draw, most: number): number => 1 + Math.floor(draw() * most);
const words = (draw: Draw): readonly string[] =>
  Array.from({ length: upTo(draw, 6) }, () => TEXTS[Math.floor(draw() * TEXTS.length)] ?? '');
const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const named = (type: string, more: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

export function anyAnswer(draw: Draw): WholeAnswer {
  const make = pick(draw, [
    chatStream,
    chatStream,
    responsesStream,
    responsesStream,
    completionsStream,
    json,
    json,
  ]);
  return make(draw);
}

/** Choices one after another, or mixed; with tools; with a provider's habit of empty finish reasons. */
function chatStream(draw: Draw): WholeAnswer {
  const n = pick(draw, [1, 1, 2, 3]);
  const asksUsage = draw() < 0.5;
  const chunk = (index: number, delta: object, finish: string | null): Event => ({
    text: data({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      model: 'gpt-5',
      choices: [{ index, delta, finish_reason: finish }],
      usage: null,
    }),
  });
  const none = pick(draw, [null, null, '']);
  const choices = Array.from({ length: n }, (_, index) => [
    chunk(index, { role: 'assistant', content: '' }, none),
    ...words(draw).map((content) => chunk(index, { content, refusal: null }, none)),
    ...(draw() < 0.3 ? [chunk(index, toolCall(draw), none)] : []),
    chunk(index, {}, pick(draw, ['stop', 'length', 'tool_calls'])),
  ]);
  const events = draw() < 0.5 ? choices.flat() : mixed(choices);
  const end: Event[] = [
    { text: data({ id: 'chatcmpl-1', model: 'gpt-5', choices: [], usage: USAGE }), hidden: !asksUsage },
    { text: 'data: [DONE]\n\n' },
  ];
  const request = {
    messages: [{ role: 'user', content: 'Say hello.' }],
    stream: true,
    ...(n === 1 ? {} : { n }),
    ...(asksUsage ? { stream_options: { include_usage: true } } : {}),
  };
  return stream(draw, `chat, ${n} choices`, '/v1/chat/completions', request, markLast(events), end);
}

function toolCall(draw: Draw): object {
  const args = JSON.stringify({ text: words(draw).join('') });
  return {
    tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'say', arguments: args } }],
  };
}

function responsesStream(draw: Draw): WholeAnswer {
  let sequence = 0;
  const name = draw() < 0.8 ? named : (type: string, more: object) => data({ type, ...more });
  const event = (type: string, more: object): Event => ({
    text: name(type, { sequence_number: sequence++, ...more }),
  });
  const response = { id: 'resp_1', object: 'response', model: 'gpt-5', status: 'in_progress', usage: null };
  const texts = words(draw);
  const text = texts.join('');
  const item = { id: 'msg_1', type: 'message', content: [{ type: 'output_text', text }] };
  const ending = pick(draw, ['completed', 'completed', 'incomplete']);
  const long = draw() < 0.05 ? 'long '.repeat(60_000) : 'Be brief.';
  const events = [
    event('response.created', { response: { ...response, instructions: long } }),
    event('response.in_progress', { response }),
    event('response.output_item.added', { item: { ...item, content: [] } }),
    { text: ': a comment\n\n' },
    ...texts.map((delta) => event('response.output_text.delta', { item_id: 'msg_1', delta })),
    event('response.output_item.done', { item }),
    event(`response.${ending}`, { response: { ...response, status: ending, output: [item], usage: TOKENS } }),
  ];
  const request = { input: 'Say hello.', stream: true };
  return stream(draw, `responses, ${ending}`, '/v1/responses', request, markLast(events), []);
}

/** The old surface: several prompts at once are several choices too. */
function completionsStream(draw: Draw): WholeAnswer {
  const prompts = pick(draw, [1, 1, 2]);
  const chunk = (index: number, text: string, finish: string | null): Event => ({
    text: data({ id: 'cmpl-1', choices: [{ text, index, logprobs: null, finish_reason: finish }] }),
  });
  const choices = Array.from({ length: prompts }, (_, index) => [
    ...words(draw).map((text) => chunk(index, text, null)),
    chunk(index, '', 'stop'),
  ]);
  const prompt = prompts === 1 ? 'Say hello.' : ['Say hello.', 'Say goodbye.'];
  const request = { prompt, stream: true, stream_options: { include_usage: true } };
  const events = markLast(draw() < 0.5 ? choices.flat() : mixed(choices));
  return stream(draw, `completions, ${prompts} prompts`, '/v1/completions', request, events, [
    { text: data({ id: 'cmpl-1', choices: [], usage: USAGE }) },
    { text: 'data: [DONE]\n\n' },
  ]);
}

function json(draw: Draw): WholeAnswer {
  const text = draw() < 0.1 ? TEXTS.join('').repeat(Math.ceil(LARGE_BYTES / 60)) : words(draw).join('');
  const [path, request, answer] = pick(draw, [
    [
      '/v1/chat/completions',
      { messages: [{ role: 'user', content: 'Say hello.' }] },
      {
        id: 'chatcmpl-1',
        model: 'gpt-5',
        choices: [
          { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' },
          { index: 1, message: { role: 'assistant', content: 'x', tool_calls: [] }, finish_reason: 'stop' },
        ],
        usage: USAGE,
      },
    ],
    [
      '/v1/responses',
      { input: 'Say hello.' },
      { id: 'resp_1', model: 'gpt-5', output: [{ type: 'message', content: [{ text }] }, {}], usage: TOKENS },
    ],
  ]);
  const body = `${JSON.stringify(answer, null, draw() < 0.3 ? 2 : undefined)}`;
  const name = `${path}, JSON${body.length > LARGE_BYTES ? ' above 1 MiB' : ''}`;
  const tail = draw() < 0.3 ? '\n' : '';
  return finished(draw, name, path, request, 'application/json', body + tail, body + tail, body);
}

function stream(
  draw: Draw,
  name: string,
  path: string,
  request: object,
  events: readonly Event[],
  end: readonly Event[],
): WholeAnswer {
  const all = [...events, ...end];
  const lineEnd = draw() < 0.3 ? '\r\n' : '\n';
  const join = (some: readonly Event[]): string =>
    some.map(({ text }) => (lineEnd === '\n' ? text : withLineEnds(text))).join('');
  const needed = all.slice(0, all.findIndex(({ last }) => last === true) + 1);
  return finished(
    draw,
    `${name}${lineEnd === '\n' ? '' : ', CRLF'}`,
    path,
    request,
    'text/event-stream; charset=utf-8',
    join(all),
    join(all.filter(({ hidden }) => hidden !== true)),
    join(needed),
  );
}

/** The line ends of events, not those inside their data: there they are escaped. */
function withLineEnds(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

function finished(
  draw: Draw,
  name: string,
  path: string,
  request: object,
  contentType: string,
  all: string,
  shown: string,
  needed: string,
): WholeAnswer {
  const model = { model: 'gpt-5', ...request };
  if (draw() < 0.08) {
    const bytes = gzipSync(all, { level: 1 });
    const more = { encoding: 'gzip', bytes, shown: bytes, wholeFrom: bytes.length } as const;
    return { name: `${name}, gzip`, path, request: model, contentType, ...more };
  }
  return {
    name,
    path,
    request: model,
    contentType,
    encoding: null,
    bytes: Buffer.from(all),
    shown: Buffer.from(shown),
    wholeFrom: Buffer.byteLength(needed),
  };
}

function markLast(events: readonly Event[]): readonly Event[] {
  return events.map((event, at) => (at === events.length - 1 ? { ...event, last: true } : event));
}

/** One of each in turn. */
function mixed(choices: readonly (readonly Event[])[]): readonly Event[] {
  const longest = Math.max(...choices.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => choices.flatMap((events) => events[at] ?? [])).flat();
}
