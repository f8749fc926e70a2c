/**
 * The only two edits that are ever made to a JSON body, done by splicing its bytes: everything else arrives at
 * the provider exactly as the client wrote it. A body that needs no edit is returned as the same object.
 */
import { findMember } from './body-facts.ts';
import { readItem } from './body-items.ts';
import { readKey, readTrue } from './json-read.ts';
import { type Span, skipSpace, skipValue, walkArray, walkObject } from './json-scan.ts';

const encoder = new TextEncoder();
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;

/**
 * Removes whole `reasoning` items from `input`: another organisation sealed them and nobody else can read them.
 * @param keeps asked for the place of each item's sealed text (with its quotes); items without one always go
 */
export function stripReasoning(
  bytes: Uint8Array,
  keeps: (sealed: Span) => boolean = () => false,
): Uint8Array {
  const input = findField(bytes, 'input');
  if (input === null || bytes[input.start] !== OPEN_ARRAY) return bytes;
  const cuts: Span[] = [];
  let keptEnd: number | null = null;
  let leadingCutStart: number | null = null;
  const end = walkArray(bytes, input.start, (start) => {
    const item = readItem(bytes, start);
    if (item.end < 0) return item.end;
    if (item.type === 'reasoning' && (item.sealed === null || !keeps(item.sealed))) {
      // Behind a kept item the cut takes the comma before it; before the first kept one, the comma after it.
      if (keptEnd !== null) cuts.push({ start: keptEnd, end: item.end });
      else leadingCutStart ??= start;
      if (keptEnd !== null) keptEnd = item.end;
    } else {
      if (leadingCutStart !== null) cuts.push({ start: leadingCutStart, end: start });
      leadingCutStart = null;
      keptEnd = item.end;
    }
    return item.end;
  });
  if (end < 0) return bytes;
  // Nothing was kept: the array becomes empty.
  if (leadingCutStart !== null) cuts.push({ start: leadingCutStart, end: end - 1 });
  return cuts.length === 0 ? bytes : without(bytes, cuts);
}

/** Sets `stream_options.include_usage` to true, so that a streamed chat answer ends with its usage. */
export function addIncludeUsage(bytes: Uint8Array): Uint8Array {
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== OPEN_OBJECT) return bytes;
  const options = findField(bytes, 'stream_options');
  if (options === null) return insertMember(bytes, start, '"stream_options":{"include_usage":true}');
  if (bytes[options.start] !== OPEN_OBJECT) {
    // `null` means absent; anything else is a mistake that the provider should see and name.
    const isNull = options.end - options.start === 4 && bytes[options.start] === 0x6e;
    return isNull ? splice(bytes, options, '{"include_usage":true}') : bytes;
  }
  const member = findMember(bytes, options, 'include_usage');
  if (member === null) return insertMember(bytes, options.start, '"include_usage":true');
  return readTrue(bytes, member.start, member.end) ? bytes : splice(bytes, member, 'true');
}

/** Where the last top-level field of this name has its value; null when there is none or the JSON is broken. */
function findField(bytes: Uint8Array, name: string): Span | null {
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== OPEN_OBJECT) return null;
  let found: Span | null = null;
  const end = walkObject(bytes, start, (keyStart, keyEnd, valueStart) => {
    const valueEnd = skipValue(bytes, valueStart);
    if (readKey(bytes, keyStart, keyEnd, [name]) !== null) found = { start: valueStart, end: valueEnd };
    return valueEnd;
  });
  return end < 0 ? null : found;
}

/** @param brace index of an object's opening brace */
function insertMember(bytes: Uint8Array, brace: number, member: string): Uint8Array {
  const empty = bytes[skipSpace(bytes, brace + 1)] === CLOSE_OBJECT;
  return splice(bytes, { start: brace + 1, end: brace + 1 }, empty ? member : `${member},`);
}

function splice(bytes: Uint8Array, cut: Span, text: string): Uint8Array {
  const insert = encoder.encode(text);
  const result = new Uint8Array(bytes.length - (cut.end - cut.start) + insert.length);
  result.set(bytes.subarray(0, cut.start), 0);
  result.set(insert, cut.start);
  result.set(bytes.subarray(cut.end), cut.start + insert.length);
  return result;
}

/** @param cuts in order and apart from each other */
function without(bytes: Uint8Array, cuts: readonly Span[]): Uint8Array {
  const removed = cuts.reduce((sum, cut) => sum + cut.end - cut.start, 0);
  const result = new Uint8Array(bytes.length - removed);
  let from = 0;
  let to = 0;
  for (const cut of cuts) {
    result.set(bytes.subarray(from, cut.start), to);
    to += cut.start - from;
    from = cut.end;
  }
  result.set(bytes.subarray(from), to);
  return result;
}
