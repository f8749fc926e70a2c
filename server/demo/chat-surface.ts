/**
 * `POST /v1/chat/completions` and legacy `POST /v1/completions`: JSON answers and streams with the usage chunk
 * (only when asked for) and `[DONE]`.
 */

import type { JsonObject } from './ask.ts';
import { isObject } from './ask.ts';
import type { EmulatedAnswer, EmulatedEvent } from './events.ts';
import { dataEvent, pieces } from './events.ts';
import type { Fault } from './faults.ts';
import type { SeededRandom } from './random.ts';
import type { Reply } from './reply.ts';
import type { Figures } from './usage-figures.ts';
import { chatUsage } from './usage-figures.ts';

export interface ChatInput {
  readonly body: JsonObject;
  readonly reply: Reply;
  readonly figures: Figures;
  readonly fault: Fault;
  readonly random: SeededRandom;
  readonly nowS: number;
}

export function chatAnswer(input: ChatInput): EmulatedAnswer {
  const { body, reply, random } = input;
  const head = { id: `chatcmpl-${random.hex(29)}`, created: input.nowS, model: body.model ?? 'gpt-5' };
  const tail = { service_tier: 'default', system_fingerprint: null };
  const usage = chatUsage(input.figures, input.fault);
  const asked = isObject(body.stream_options) && body.stream_options.include_usage === true;
  const chunkOf = (delta: object, finish: string | null, output = false): EmulatedEvent =>
    dataEvent(
      {
        ...head,
        object: 'chat.completion.chunk',
        ...tail,
        choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
        ...(asked ? { usage: null } : {}),
      },
      output,
    );
  const toolCall = reply.kind === 'tool' ? callOf(reply, random) : null;
  const finish = toolCall === null ? 'stop' : 'tool_calls';
  const events = [
    chunkOf({ role: 'assistant', content: toolCall === null ? '' : null, refusal: null }, null),
    ...deltasOf(reply, toolCall, input.fault).map((delta) => chunkOf(delta, null, true)),
    chunkOf({}, finish),
    ...(asked && usage !== undefined
      ? [dataEvent({ ...head, object: 'chat.completion.chunk', ...tail, choices: [], usage })]
      : []),
    dataEvent('[DONE]'),
  ];
  const message = {
    role: 'assistant',
    content: reply.kind === 'text' ? reply.text : null,
    refusal: null,
    annotations: [],
    ...(toolCall === null ? {} : { tool_calls: [toolCall] }),
  };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: finish }];
  return {
    events,
    json: { ...head, object: 'chat.completion', ...tail, choices, usage },
    failure: errorChunk,
  };
}

export function completionsAnswer(input: ChatInput): EmulatedAnswer {
  const { body, reply, random } = input;
  const head = {
    id: `cmpl-${random.hex(29)}`,
    object: 'text_completion',
    created: input.nowS,
    model: body.model,
  };
  const text = reply.kind === 'text' ? reply.text : reply.argument;
  const usage = chatUsage(input.figures, input.fault);
  const choice = (words: string, finish: string | null) => [
    { text: words, index: 0, logprobs: null, finish_reason: finish },
  ];
  const asked = isObject(body.stream_options) && body.stream_options.include_usage === true;
  const events = [
    ...pieces(text).map((piece) => dataEvent({ ...head, choices: choice(piece, null) }, true)),
    dataEvent({ ...head, choices: choice('', 'stop') }),
    ...(asked && usage !== undefined ? [dataEvent({ ...head, choices: [], usage })] : []),
    dataEvent('[DONE]'),
  ];
  return { events, json: { ...head, choices: choice(text, 'stop'), usage }, failure: errorChunk };
}

const errorChunk: EmulatedAnswer['failure'] = (_form, code, message) =>
  dataEvent({ error: { message, type: 'server_error', param: null, code } }).text;

function callOf(reply: Extract<Reply, { kind: 'tool' }>, random: SeededRandom) {
  return {
    id: `call_${random.hex(24)}`,
    type: 'function',
    function: { name: reply.tool.name, arguments: reply.argument },
  };
}

function deltasOf(reply: Reply, call: ReturnType<typeof callOf> | null, fault: Fault): readonly object[] {
  if (call === null || reply.kind === 'text') {
    const text = reply.kind === 'text' ? reply.text : '';
    const huge = fault.kind === 'huge_event' ? ['x'.repeat(fault.bytes)] : [];
    return [...pieces(text), ...huge].map((content) => ({ content }));
  }
  const opening = { ...call, index: 0, function: { ...call.function, arguments: '' } };
  return [
    { tool_calls: [opening] },
    ...pieces(reply.argument).map((part) => ({ tool_calls: [{ index: 0, function: { arguments: part } }] })),
  ];
}
