/**
 * `POST /v1/responses`: the JSON answer and the full order of its events, with reasoning items whose encrypted
 * content is bound to the organisation, messages, and calls of function and custom tools.
 */

import type { JsonObject } from './ask.ts';
import { isObject } from './ask.ts';
import type { EmulatedAnswer, EmulatedEvent } from './events.ts';
import { namedEvent, pieces } from './events.ts';
import type { Fault } from './faults.ts';
import type { SeededRandom } from './random.ts';
import type { Reply } from './reply.ts';
import type { Figures } from './usage-figures.ts';
import { responsesUsage } from './usage-figures.ts';

export interface ResponsesInput {
  readonly body: JsonObject;
  readonly reply: Reply;
  readonly figures: Figures;
  readonly fault: Fault;
  readonly random: SeededRandom;
  readonly nowS: number;
  readonly seal: (id: string) => string;
}

export interface ResponsesAnswer extends EmulatedAnswer {
  readonly id: string;
  readonly output: readonly JsonObject[];
}

export function responsesAnswer(input: ResponsesInput): ResponsesAnswer {
  const { body, random } = input;
  const id = `resp_${random.hex(32)}`;
  const base = {
    id,
    object: 'response',
    created_at: input.nowS,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    metadata: body.metadata ?? {},
    model: body.model ?? 'gpt-5',
    parallel_tool_calls: true,
    previous_response_id: body.previous_response_id ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: body.reasoning ?? { effort: null, summary: null },
    service_tier:
      body.service_tier === 'flex' || body.service_tier === 'priority' ? body.service_tier : 'default',
    store: body.store !== false,
    tool_choice: body.tool_choice ?? 'auto',
  };
  const writer = createWriter();
  const start = { ...base, status: 'in_progress', output: [], usage: null };
  writer.add('response.created', { response: start });
  writer.add('response.in_progress', { response: start });
  const output: JsonObject[] = [];
  if (wantsReasoning(body)) output.push(writeReasoning(writer, input, output.length));
  output.push(
    input.reply.kind === 'text'
      ? writeMessage(writer, input.reply.text, `msg_${random.hex(32)}`, output.length, input.fault)
      : writeToolCall(writer, input.reply, random, output.length),
  );
  const usage = responsesUsage(input.figures, input.fault) ?? null;
  const json = { ...base, status: 'completed', output, usage };
  writer.add('response.completed', { response: json });
  return { id, output, json, events: writer.events, failure: failureOf(start, writer) };
}

function wantsReasoning(body: JsonObject): boolean {
  const sealed = Array.isArray(body.include) && body.include.includes('reasoning.encrypted_content');
  const effort = isObject(body.reasoning) ? body.reasoning.effort : null;
  return sealed && effort !== 'none';
}

function createWriter() {
  const events: EmulatedEvent[] = [];
  return {
    events,
    add(type: string, value: object, output = false): void {
      events.push(namedEvent(type, { sequence_number: events.length, ...value }, output));
    },
  };
}
type Writer = ReturnType<typeof createWriter>;

function writeReasoning(writer: Writer, input: ResponsesInput, index: number): JsonObject {
  const id = `rs_${input.random.hex(32)}`;
  const item = { id, type: 'reasoning', summary: [], encrypted_content: input.seal(id) };
  writer.add('response.output_item.added', { output_index: index, item });
  writer.add('response.output_item.done', { output_index: index, item });
  return item;
}

function writeMessage(writer: Writer, text: string, id: string, index: number, fault: Fault): JsonObject {
  const at = { item_id: id, output_index: index, content_index: 0 };
  const part = { type: 'output_text', text, annotations: [], logprobs: [] };
  const item = { id, type: 'message', status: 'completed', role: 'assistant', content: [part] };
  writer.add('response.output_item.added', {
    output_index: index,
    item: { ...item, status: 'in_progress', content: [] },
  });
  writer.add('response.content_part.added', { ...at, part: { ...part, text: '' } });
  const huge = fault.kind === 'huge_event' ? ['x'.repeat(fault.bytes)] : [];
  for (const delta of [...pieces(text), ...huge]) {
    writer.add('response.output_text.delta', { ...at, delta, logprobs: [], obfuscation: 'abcdefgh' }, true);
  }
  writer.add('response.output_text.done', { ...at, text, logprobs: [] });
  writer.add('response.content_part.done', { ...at, part });
  writer.add('response.output_item.done', { output_index: index, item });
  return item;
}

function writeToolCall(
  writer: Writer,
  reply: Extract<Reply, { kind: 'tool' }>,
  random: SeededRandom,
  index: number,
): JsonObject {
  const custom = reply.tool.type === 'custom';
  const [field, event] = custom
    ? (['input', 'response.custom_tool_call_input'] as const)
    : (['arguments', 'response.function_call_arguments'] as const);
  const id = `${custom ? 'ctc' : 'fc'}_${random.hex(32)}`;
  const item = {
    id,
    type: custom ? 'custom_tool_call' : 'function_call',
    status: 'completed',
    name: reply.tool.name,
    ...(reply.tool.namespace === null ? {} : { namespace: reply.tool.namespace }),
    call_id: `call_${random.hex(24)}`,
    [field]: reply.argument,
  };
  writer.add('response.output_item.added', {
    output_index: index,
    item: { ...item, status: 'in_progress', [field]: '' },
  });
  for (const delta of pieces(reply.argument)) {
    writer.add(`${event}.delta`, { item_id: id, output_index: index, delta }, true);
  }
  writer.add(`${event}.done`, { item_id: id, output_index: index, [field]: reply.argument });
  writer.add('response.output_item.done', { output_index: index, item });
  return item;
}

function failureOf(start: object, writer: Writer): EmulatedAnswer['failure'] {
  return (form, code, message) => {
    const sequence = { sequence_number: writer.events.length };
    if (form === 'error') return namedEvent('error', { ...sequence, code, message, param: null }).text;
    const response = { ...start, status: 'failed', error: { code, message } };
    return namedEvent('response.failed', { ...sequence, response }).text;
  };
}
