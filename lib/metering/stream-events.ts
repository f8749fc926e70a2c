/**
 * What one event of a stream is, told from its bytes: which surfaces announce their end and how, what counts
 * as output, and where its data begin. Used by the meter on every event, so nothing is decoded but names.
 */
import type { EndpointFamily } from '../calls/endpoint.ts';
import { asciiSlice, finderOf, skipBlank, startsWithAt, valueAt } from './byte-search.ts';
import { choiceIn } from './finish-reason.ts';
import type { Frame } from './sse-frames.ts';

/**
 * startup: says that work began · delta: a piece of output · item: a whole item of output, as a client keeps it ·
 * other: anything else the client may show ·
 * final: the surface's own end of an answer · failed: an end that says it failed · error: an error object ·
 * none: a comment or an empty event.
 */
export type EventKind = 'startup' | 'delta' | 'item' | 'other' | 'final' | 'failed' | 'error' | 'none';

/** Families whose complete streams always end with an event that says so. */
export function announcesItsEnd(family: EndpointFamily): boolean {
  return (
    family === 'responses' ||
    family === 'chat' ||
    family === 'completions' ||
    family === 'images' ||
    family === 'audio'
  );
}

const STARTUP = new Set(['response.created', 'response.in_progress', 'response.queued']);

/** The kind of an event by its name, for surfaces whose events are named. */
export function kindOfName(name: string, family: EndpointFamily): EventKind {
  if (name === 'error') return 'error';
  if (family === 'responses') {
    if (STARTUP.has(name)) return 'startup';
    if (name === 'response.completed' || name === 'response.incomplete') return 'final';
    if (name === 'response.failed') return 'failed';
    if (name === 'response.output_item.done') return 'item';
  } else if (name.endsWith('.completed') || name.endsWith('.done')) return 'final';
  return name.endsWith('.delta') ? 'delta' : 'other';
}

/** Where the value of the event's first line called `field` lies, or null. */
export function fieldOf(frame: Frame, field: 'event' | 'data'): { from: number; to: number } | null {
  const bytes = frame.head ?? frame.bytes;
  let at = frame.head === null ? frame.from : 0;
  const end = frame.head === null ? frame.to : frame.head.length;
  while (at < end) {
    const lineEnd = bytes.indexOf(0x0a, at);
    const to = lineEnd < 0 || lineEnd > end ? end : lineEnd;
    if (startsWithAt(bytes, at, field) && bytes[at + field.length] === 0x3a) {
      return { from: skipBlank(bytes, at + field.length + 1, to), to: bytes[to - 1] === 0x0d ? to - 1 : to };
    }
    at = to + 1;
  }
  return null;
}

const findType = finderOf('"type"');
const NAME_BYTES_MAX = 120;

interface NameBytes {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** The first `"type"` in the data of an event without a name of its own. */
function typeIn(bytes: Uint8Array, data: { from: number; to: number }): NameBytes | null {
  const key = findType(bytes, data.from, data.to);
  if (key < 0) return null;
  const quote = valueAt(bytes, key + 6, data.to);
  if (quote < 0 || bytes[quote] !== 0x22) return null;
  const end = bytes.indexOf(0x22, quote + 1);
  if (end < 0 || end > data.to) return null;
  return { bytes, from: quote + 1, to: end };
}

/** Remembers the last name, because nearly every event of a stream is called like the one before. */
export function createKindReader(family: EndpointFamily): (frame: Frame) => EventKind {
  let lastName = '';
  let lastKind: EventKind = 'none';

  const kindOf = ({ bytes, from, to }: NameBytes): EventKind => {
    if (to - from === lastName.length && startsWithAt(bytes, from, lastName)) return lastKind;
    lastName = asciiSlice(bytes, from, Math.min(to, from + NAME_BYTES_MAX));
    lastKind = kindOfName(lastName, family);
    return lastKind;
  };

  return (frame) => {
    const bytes = frame.head ?? frame.bytes;
    const line = fieldOf(frame, 'event');
    if (line !== null) return kindOf({ bytes, ...line });
    const data = fieldOf(frame, 'data');
    if (data === null) return 'none';
    if (startsWithAt(bytes, data.from, '[DONE]')) return 'final';
    if (beginsWithError(bytes, data.from, data.to)) return 'error';
    const name = typeIn(bytes, data);
    return name === null ? 'other' : kindOf(name);
  };
}

const findRole = finderOf('"role"');
const findToolCalls = finderOf('"tool_calls"');
const findContent = finderOf('"content"');

/** The kind of an unnamed chunk of chat or legacy completions. */
export function kindOfChunk(frame: Frame): EventKind {
  const data = fieldOf(frame, 'data');
  if (data === null) return 'none';
  const bytes = frame.head ?? frame.bytes;
  if (startsWithAt(bytes, data.from, '[DONE]')) return 'final';
  const name = fieldOf(frame, 'event');
  if (name !== null && asciiSlice(bytes, name.from, name.to) === 'error') return 'error';
  if (beginsWithError(bytes, data.from, data.to)) return 'error';
  const choice = choiceIn(frame);
  if (choice !== 'open') return choice === 'ended' ? 'final' : 'other';
  return isRoleOnly(frame) ? 'startup' : 'delta';
}

/** Chat's first chunk only names the role: content empty, null or absent, and no tool call. */
function isRoleOnly(frame: Frame): boolean {
  const { bytes, from, to } = frame;
  if (findRole(bytes, from, to) < 0 || findToolCalls(bytes, from, to) >= 0) return false;
  const content = findContent(bytes, from, to);
  if (content < 0) return true;
  const value = valueAt(bytes, content + 9, to);
  if (value < 0) return false;
  return bytes[value] === 0x6e || (bytes[value] === 0x22 && bytes[value + 1] === 0x22);
}

function beginsWithError(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes[from] !== 0x7b) return false;
  const key = skipBlank(bytes, from + 1, to);
  if (!startsWithAt(bytes, key, '"error"')) return false;
  const value = valueAt(bytes, key + 7, to);
  return value >= 0 && bytes[value] === 0x7b;
}
