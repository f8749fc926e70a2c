/**
 * The text that a request asks with, for counting its tokens when no provider did. Texts, the arguments and
 * results of tools, and what tools are described by; pictures, sounds, files and encrypted content are not text
 * and are left out, so that a count of this is a lower bound. Unknown item types are walked like known ones.
 */
import { isObject, type JsonObject } from './usage-shapes.ts';

export interface RequestText {
  readonly texts: readonly string[];
  /** Tokens that came as numbers, as embeddings and completions allow. */
  readonly tokensGiven: number;
  /** Messages: each costs a provider a few tokens of its own. */
  readonly messages: number;
  /** It continues something that is stored at the provider, so that what it asks with is not all here. */
  readonly continuesElsewhere: boolean;
}

const ROOTS = [
  'instructions',
  'input',
  'messages',
  'prompt',
  'suffix',
  'tools',
  'functions',
  'response_format',
  'text',
];
/** A string below one of these, at whatever depth of lists, is read by the model. */
const TEXT_KEYS = new Set([
  'text',
  'content',
  'arguments',
  'output',
  'input',
  'instructions',
  'prompt',
  'suffix',
  'name',
  'description',
  'summary',
  'refusal',
  'reasoning_content',
  'query',
  'command',
  'code',
  'enum',
]);
const NOT_TEXT = new Set(['encrypted_content', 'image_url', 'input_audio', 'audio', 'file', 'file_data']);
const BASE64 = /^data:[^,]{0,200};base64,/;

export function requestText(body: unknown): RequestText {
  const texts: string[] = [];
  let tokensGiven = 0;

  const walk = (value: unknown, isText: boolean): void => {
    if (typeof value === 'string') {
      if (isText && value !== '' && !BASE64.test(value)) texts.push(value);
    } else if (typeof value === 'number') {
      if (isText) tokensGiven++;
    } else if (Array.isArray(value)) {
      for (const entry of value) walk(entry, isText);
    } else if (isObject(value)) walkObject(value);
  };
  const walkObject = (object: JsonObject): void => {
    for (const [key, value] of Object.entries(object)) {
      if (NOT_TEXT.has(key)) continue;
      if (key === 'properties' && isObject(value)) texts.push(...Object.keys(value));
      walk(value, TEXT_KEYS.has(key));
    }
  };

  const root = isObject(body) ? body : {};
  for (const key of ROOTS) walk(root[key], TEXT_KEYS.has(key));
  return {
    texts,
    tokensGiven,
    messages: messagesIn(root.messages) + messagesIn(root.input),
    continuesElsewhere: continuesElsewhere(root),
  };
}

function messagesIn(list: unknown): number {
  return Array.isArray(list) ? list.filter((item) => isObject(item) && 'role' in item).length : 0;
}

function continuesElsewhere({ previous_response_id, conversation, prompt, input }: JsonObject): boolean {
  if (typeof previous_response_id === 'string' || isObject(prompt)) return true;
  if (conversation !== undefined && conversation !== null) return true;
  return Array.isArray(input) && input.some((item) => isObject(item) && item.type === 'item_reference');
}
