/**
 * A call that was captured, as the Playground would ask it again: who said what, and the few settings that it has. What
 * it cannot hold is named, so that nobody takes the one for the other.
 */
import type { PlaygroundApi, SpokenTurn } from './call-body.ts';

export interface AskedAgain {
  readonly api: PlaygroundApi;
  readonly model: string;
  readonly effort: 'default' | 'low' | 'medium' | 'high';
  readonly stream: boolean;
  readonly instructions: string;
  readonly turns: readonly SpokenTurn[];
  /** What of it is left out: `tools`, `pictures and files`, … */
  readonly leftOut: readonly string[];
}

const API_OF: Readonly<Record<string, PlaygroundApi>> = {
  'POST /responses': 'responses',
  'POST /chat/completions': 'chat',
};
const EFFORTS = ['low', 'medium', 'high'] as const;

/** @returns null for what is no conversation: another endpoint, no JSON, or nothing said in it */
export function askedAgain(endpoint: string, text: string): AskedAgain | null {
  const api = API_OF[endpoint];
  const body = api === undefined ? null : objectIn(text);
  if (api === undefined || body === null || typeof body.model !== 'string') return null;
  const leftOut = new Set<string>();
  const said = api === 'responses' ? body.input : body.messages;
  const items =
    typeof said === 'string' ? [{ role: 'user', content: said }] : Array.isArray(said) ? said : [];
  const system = typeof body.instructions === 'string' ? [body.instructions] : [];
  const turns: SpokenTurn[] = [];
  for (const item of items) {
    const turn = turnOf(item, leftOut);
    if (turn === null) continue;
    if (turn.role === 'system') system.push(turn.text);
    else turns.push({ role: turn.role, text: turn.text });
  }
  if (turns.length === 0) return null;
  if (Array.isArray(body.tools) && body.tools.length > 0) leftOut.add('tools');
  if (typeof body.previous_response_id === 'string' || body.conversation != null)
    leftOut.add('what the provider keeps of the conversation');
  const reasoning = isObject(body.reasoning) ? body.reasoning.effort : body.reasoning_effort;
  return {
    api,
    model: body.model,
    effort: EFFORTS.find((effort) => effort === reasoning) ?? 'default',
    stream: body.stream === true,
    instructions: system.join('\n\n'),
    turns,
    leftOut: [...leftOut],
  };
}

type Spoken = { readonly role: 'user' | 'assistant' | 'system'; readonly text: string };

function turnOf(item: unknown, leftOut: Set<string>): Spoken | null {
  if (!isObject(item)) return null;
  const role = item.role === 'developer' ? 'system' : item.role;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    leftOut.add(item.type === 'reasoning' ? 'reasoning' : 'calls of tools');
    return null;
  }
  if (Array.isArray(item.tool_calls) && item.tool_calls.length > 0) leftOut.add('calls of tools');
  const text = typeof item.content === 'string' ? item.content : textIn(item.content, leftOut);
  return text.trim() === '' ? null : { role, text };
}

function textIn(content: unknown, leftOut: Set<string>): string {
  if (!Array.isArray(content)) return '';
  const texts: string[] = [];
  for (const part of content) {
    if (isObject(part) && typeof part.text === 'string') texts.push(part.text);
    else leftOut.add('pictures and files');
  }
  return texts.join('\n\n');
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
