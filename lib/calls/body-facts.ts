/**
 * What a JSON body says about itself, read from its bytes in one pass. Only top-level fields count, whatever
 * their order; a key that comes twice means its last value, as it does to every JSON parser. The body is not
 * validated beyond being well-formed JSON with an object at its root: that is the provider's business.
 */
import type { Hash } from '../base/hash.ts';
import { collectItems, type Items, noItems } from './body-items.ts';
import type { BodyFacts } from './call.ts';
import { readCount, readKey, readString, readTrue } from './json-read.ts';
import { isAscii, type Span, skipSpace, skipValue, walkArray, walkObject } from './json-scan.ts';
import { NamedIds } from './named-ids.ts';

export interface UnreadableBody {
  readonly error: 'not_json' | 'not_object';
}

const FIELDS = [
  'model',
  'input',
  'messages',
  'stream',
  'stream_options',
  'previous_response_id',
  'conversation',
  'prompt_cache_key',
  'service_tier',
  'max_output_tokens',
  'max_completion_tokens',
  'max_tokens',
  'background',
  'store',
  'instructions',
  'reasoning',
  'reasoning_effort',
  'n',
  'best_of',
  'prompt',
] as const;
type Field = (typeof FIELDS)[number];

/** Long opening items are told apart by their beginning, their end and their length. */
const HASHED_EDGE_BYTES = 8_192;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const QUOTE = 0x22;

export function readBodyFacts(bytes: Uint8Array, hash: Hash): BodyFacts | UnreadableBody {
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== OPEN_OBJECT) return { error: isWhole(bytes, start) ? 'not_object' : 'not_json' };
  const fields: Partial<Record<Field, Span>> = {};
  const named = new NamedIds(bytes);
  let items: Items | null = null;
  const end = walkObject(bytes, start, (keyStart, keyEnd, valueStart) => {
    const field = readKey(bytes, keyStart, keyEnd, FIELDS);
    if (field === null) return skipValue(bytes, valueStart, named);
    const isList = (field === 'input' || field === 'messages') && bytes[valueStart] === OPEN_ARRAY;
    const collected = isList ? collectItems(bytes, valueStart, named) : null;
    const valueEnd = collected === null ? skipValue(bytes, valueStart) : collected.end;
    fields[field] = { start: valueStart, end: valueEnd };
    if (collected !== null) items = collected;
    else if (field === 'input' || field === 'messages') items = null;
    return valueEnd;
  });
  if (end < 0 || skipSpace(bytes, end) !== bytes.length) return { error: 'not_json' };
  return gather(bytes, hash, fields, items ?? noItems(), named.ids);
}

function gather(
  bytes: Uint8Array,
  hash: Hash,
  fields: Partial<Record<Field, Span>>,
  items: Items,
  fileIds: readonly string[],
): BodyFacts {
  const text = (field: Field) => read(bytes, fields[field], readString);
  const count = (field: Field) => read(bytes, fields[field], readCount);
  const flag = (field: Field) => read(bytes, fields[field], readTrue) ?? false;
  const model = text('model');
  return {
    model,
    stream: flag('stream'),
    background: flag('background'),
    storesNothing: read(bytes, fields.store, readFalse) ?? false,
    includeUsage: readTrueMember(bytes, fields.stream_options, 'include_usage'),
    previousResponseId: text('previous_response_id'),
    conversation: text('conversation') ?? readMember(bytes, fields.conversation, 'id'),
    fileIds,
    promptCacheKey: text('prompt_cache_key'),
    serviceTier: text('service_tier'),
    reasoningEfforts: namedOnes(text('reasoning_effort'), readMember(bytes, fields.reasoning, 'effort')),
    choices: Math.max(1, largest(count('n'), count('best_of')) ?? 1) * countPrompts(bytes, fields.prompt),
    outputTokensMax: largest(
      largest(count('max_output_tokens'), count('max_completion_tokens')),
      count('max_tokens'),
    ),
    continues: items.continues,
    sealedReasoning: hashContent(bytes, hash, items.sealedReasoning),
    hasCompaction: items.hasCompaction,
    sealedCompaction: hashContent(bytes, hash, items.sealedCompaction),
    prefixHash: hashPrefix(bytes, hash, model, fields, items),
  };
}

/** The old completions take several prompts at once: texts, or lists of tokens. One list of tokens is one prompt. */
function countPrompts(bytes: Uint8Array, span: Span | undefined): number {
  if (span === undefined || bytes[span.start] !== OPEN_ARRAY) return 1;
  const first = bytes[skipSpace(bytes, span.start + 1)];
  if (first !== QUOTE && first !== OPEN_ARRAY) return 1;
  let prompts = 0;
  walkArray(bytes, span.start, (at) => {
    prompts++;
    return skipValue(bytes, at);
  });
  return prompts;
}

const NONE: readonly string[] = [];

function namedOnes(one: string | null, other: string | null): readonly string[] {
  if (one === null) return other === null ? NONE : [other];
  return other === null ? [one] : [one, other];
}

function largest(one: number | null, other: number | null): number | null {
  return one === null || (other !== null && other > one) ? other : one;
}

function read<T>(
  bytes: Uint8Array,
  span: Span | undefined,
  as: (b: Uint8Array, s: number, e: number) => T,
): T | null {
  return span === undefined ? null : as(bytes, span.start, span.end);
}

function readFalse(bytes: Uint8Array, start: number, end: number): boolean {
  return isAscii(bytes, start, end, 'false');
}

/** The string `name` of an object; null when the value is no object or has no such string. */
function readMember(bytes: Uint8Array, span: Span | undefined, name: string): string | null {
  const member = findMember(bytes, span, name);
  return member === null ? null : readString(bytes, member.start, member.end);
}

function readTrueMember(bytes: Uint8Array, span: Span | undefined, name: string): boolean {
  const member = findMember(bytes, span, name);
  return member !== null && readTrue(bytes, member.start, member.end);
}

/** Where the last member of this name stands in an object. */
export function findMember(bytes: Uint8Array, span: Span | undefined, name: string): Span | null {
  if (span === undefined || bytes[span.start] !== OPEN_OBJECT) return null;
  let found: Span | null = null;
  walkObject(bytes, span.start, (keyStart, keyEnd, valueStart) => {
    const end = skipValue(bytes, valueStart);
    if (readKey(bytes, keyStart, keyEnd, [name]) !== null) found = { start: valueStart, end };
    return end;
  });
  return found;
}

/** Some encoders escape the slashes of base64, so a sealed text is compared in its decoded form. */
export function hashContent(bytes: Uint8Array, hash: Hash, span: Span | null): string | null {
  if (span === null || span.end - span.start <= 2) return null;
  const escaped = bytes.subarray(span.start, span.end).indexOf(0x5c) >= 0;
  const content = escaped
    ? readString(bytes, span.start, span.end)
    : bytes.subarray(span.start + 1, span.end - 1);
  return content === null ? null : hash(content);
}

/**
 * Recognises a conversation by how it opens. `instructions` and a plain `input` text stand in for the system
 * and the user item where a client sends those instead.
 */
function hashPrefix(
  bytes: Uint8Array,
  hash: Hash,
  model: string | null,
  fields: Partial<Record<Field, Span>>,
  items: Items,
): string | null {
  const input = fields.input;
  const system = items.firstSystem ?? fields.instructions ?? null;
  const user = items.firstUser ?? (input !== undefined && bytes[input.start] === QUOTE ? input : null);
  if (system === null && user === null) return null;
  return hash(`${model ?? ''}\n${hashItem(bytes, hash, system)}\n${hashItem(bytes, hash, user)}`);
}

function hashItem(bytes: Uint8Array, hash: Hash, span: Span | null): string {
  if (span === null) return '';
  const length = span.end - span.start;
  if (length <= 2 * HASHED_EDGE_BYTES) return hash(bytes.subarray(span.start, span.end));
  const head = hash(bytes.subarray(span.start, span.start + HASHED_EDGE_BYTES));
  const tail = hash(bytes.subarray(span.end - HASHED_EDGE_BYTES, span.end));
  return `${length} ${head} ${tail}`;
}

function isWhole(bytes: Uint8Array, start: number): boolean {
  const end = skipValue(bytes, start);
  return end >= 0 && skipSpace(bytes, end) === bytes.length;
}
