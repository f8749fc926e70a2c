/**
 * The text of an answer, as far as it was kept, for counting its tokens when no provider did: pieces of a stream,
 * or a JSON body that may be cut anywhere. What the model thought out of sight is in neither.
 */
import { readEvents } from './sse-read.ts';
import { isObject, type JsonObject } from './usage-shapes.ts';

export interface AnswerText {
  /** One per message, tool call or summary, each in one piece. */
  readonly texts: readonly string[];
  /** The pieces of output that they came in, as a meter counts them. */
  readonly pieces: number;
}

/** Pieces of one text arrive one after another, of several by turns: each kind and index is joined apart. */
type Add = (slot: string, text: unknown) => void;

/** @param bytes may begin and end inside an event; such an event is left out */
export function streamedText(bytes: Uint8Array): AnswerText {
  const slots = new Map<string, string[]>();
  const add: Add = (slot, text) => {
    if (typeof text !== 'string' || text === '') return;
    const parts = slots.get(slot);
    if (parts) parts.push(text);
    else slots.set(slot, [text]);
  };
  let pieces = 0;
  for (const { json } of readEvents(bytes)) {
    if (!isObject(json)) continue;
    if (Array.isArray(json.choices)) pieces += addChunk(json.choices, add) ? 1 : 0;
    else pieces += addEvent(json, add) ? 1 : 0;
  }
  return { texts: [...slots.values()].map((parts) => parts.join('')), pieces };
}

/** A chunk of chat or legacy completions. Answers whether it is a piece of output. */
function addChunk(choices: readonly unknown[], add: Add): boolean {
  let isPiece = false;
  for (const choice of choices) {
    if (!isObject(choice)) continue;
    const index = String(choice.index ?? 0);
    const delta = isObject(choice.delta) ? choice.delta : {};
    const begins = 'role' in delta && !delta.content && !delta.tool_calls;
    if (typeof choice.finish_reason !== 'string' && !begins) isPiece = true;
    add(`text ${index}`, choice.text);
    for (const field of ['content', 'refusal', 'reasoning_content', 'reasoning'])
      add(`${field} ${index}`, delta[field]);
    const calls = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
    for (const call of [{ function: delta.function_call }, ...calls]) addToolCall(call, index, add);
  }
  return isPiece;
}

function addToolCall(call: unknown, choice: string, add: Add): void {
  if (!isObject(call)) return;
  const slot = `${choice} ${String(call.index ?? 0)}`;
  for (const part of [call.function, call.custom]) {
    if (!isObject(part)) continue;
    add(`name ${slot}`, part.name);
    add(`arguments ${slot}`, part.arguments ?? part.input);
  }
}

/** An event of the Responses API. Answers whether it is a piece of output. */
function addEvent(json: JsonObject, add: Add): boolean {
  const { type, delta, item } = json;
  const slot = `${String(json.output_index ?? 0)} ${String(json.content_index ?? json.summary_index ?? 0)}`;
  if (type === 'response.output_item.added' && isObject(item)) add(`name ${slot}`, item.name);
  if (typeof type !== 'string' || !type.endsWith('.delta')) return false;
  // The deltas of sounds are base64; those of their transcripts are text.
  if (!type.endsWith('audio.delta')) add(`${type} ${slot}`, delta);
  return true;
}

const FIELD =
  /"(?:content|text|arguments|refusal|reasoning_content|input)"\s*:\s*"([^"\\]*(?:\\[\s\S][^"\\]*)*)/g;
const CUT_ESCAPE = /\\(?:u[0-9a-fA-F]{0,3})?$/;

/** Inside JSON strings quotes are escaped, so people's text never looks like a field. */
export function bodyText(bytes: Uint8Array): readonly string[] {
  const texts: string[] = [];
  for (const [, raw = ''] of new TextDecoder().decode(bytes).matchAll(FIELD)) {
    const text = unescaped(raw);
    if (text !== '') texts.push(text);
  }
  return texts;
}

function unescaped(raw: string): string {
  try {
    return String(JSON.parse(`"${raw.replace(CUT_ESCAPE, '')}"`));
  } catch {
    return '';
  }
}
