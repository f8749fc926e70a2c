/**
 * What routing needs to know of the items in `input` (Responses) or `messages` (chat): whether the call
 * continues a conversation, what in it only one organisation can read, and how the conversation opened.
 * Item types that nobody here knows are ordinary items.
 */
import { readKey, readString } from './json-read.ts';
import {
  BROKEN,
  isAscii,
  type Span,
  skipString,
  skipValue,
  type Watch,
  walkArray,
  walkObject,
} from './json-scan.ts';

export interface Items {
  /** Behind the closing bracket; -1 when the JSON is broken. */
  readonly end: number;
  readonly continues: boolean;
  /** The last `encrypted_content` string of a reasoning item, with its quotes. */
  readonly sealedReasoning: Span | null;
  readonly sealedCompaction: Span | null;
  readonly hasCompaction: boolean;
  readonly firstSystem: Span | null;
  readonly firstUser: Span | null;
}

const KEYS = ['type', 'role', 'encrypted_content'] as const;
const OPEN_OBJECT = 0x7b;
const QUOTE = 0x22;

/** One item as far as it matters here. */
export interface Item {
  readonly end: number;
  readonly type: string | null;
  readonly role: string | null;
  readonly sealed: Span | null;
}

export function noItems(): Items {
  return {
    end: BROKEN,
    continues: false,
    sealedReasoning: null,
    sealedCompaction: null,
    hasCompaction: false,
    firstSystem: null,
    firstUser: null,
  };
}

/** @param at index of the opening bracket */
export function collectItems(bytes: Uint8Array, at: number, watch: Watch | null = null): Items {
  const items = { ...noItems() } as { -readonly [K in keyof Items]: Items[K] };
  items.end = walkArray(bytes, at, (start) => {
    const item = readItem(bytes, start, watch);
    if (item.end < 0) return BROKEN;
    if (continuesConversation(item)) items.continues = true;
    if (item.type === 'reasoning') items.sealedReasoning = item.sealed ?? items.sealedReasoning;
    if (isCompaction(item)) {
      items.hasCompaction = true;
      items.sealedCompaction = item.sealed ?? items.sealedCompaction;
    }
    if (item.role === 'user') items.firstUser ??= { start, end: item.end };
    else if (item.role === 'system' || item.role === 'developer')
      items.firstSystem ??= { start, end: item.end };
    return item.end;
  });
  return items;
}

/** @param at index of the item's first byte */
export function readItem(bytes: Uint8Array, at: number, watch: Watch | null = null): Item {
  if (bytes[at] !== OPEN_OBJECT) return { end: skipValue(bytes, at), type: null, role: null, sealed: null };
  let type: string | null = null;
  let role: string | null = null;
  let sealed: Span | null = null;
  const end = walkObject(bytes, at, (keyStart, keyEnd, valueStart) => {
    const isString = bytes[valueStart] === QUOTE;
    const valueEnd = isString ? skipString(bytes, valueStart) : skipValue(bytes, valueStart, watch);
    if (valueEnd < 0) return BROKEN;
    const key = readKey(bytes, keyStart, keyEnd, KEYS);
    if (key === 'type') type = readWord(bytes, valueStart, valueEnd);
    else if (key === 'role') role = readWord(bytes, valueStart, valueEnd);
    else if (key === 'encrypted_content') {
      sealed = isString ? { start: valueStart, end: valueEnd } : null;
    }
    return valueEnd;
  });
  return { end, type, role, sealed };
}

/** The words that almost every item carries, compared without making a string of them. */
const WORDS = [
  'user',
  'assistant',
  'tool',
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
] as const;

function readWord(bytes: Uint8Array, start: number, end: number): string | null {
  for (const word of WORDS)
    if (bytes[start] === QUOTE && isAscii(bytes, start + 1, end - 1, word)) return word;
  return readString(bytes, start, end);
}

/** Something that a model or a tool has already said is in it. */
function continuesConversation({ type, role }: Item): boolean {
  if (role === 'assistant' || role === 'tool' || role === 'function') return true;
  if (type === null) return false;
  return type === 'reasoning' || type.endsWith('_call') || type.endsWith('_output') || isCompactionType(type);
}

/** A compaction item stands for the history before it, which nobody but the sealing organisation can read. */
function isCompaction({ type, sealed }: Item): boolean {
  return type !== null && sealed !== null && isCompactionType(type);
}

function isCompactionType(type: string): boolean {
  return type === 'compaction' || type === 'compaction_summary' || type === 'context_compaction';
}
