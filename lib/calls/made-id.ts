/**
 * The id of the object that an answer tells of, read from what is held of it before anything is shown: `id` of a
 * JSON answer, `response.id` of the event that opens a stream. Nothing is parsed; the walk stops at the id, which
 * stands near the beginning of every answer known, and works on an answer of which only the beginning is held.
 */
import { fieldOf } from '../metering/stream-events.ts';
import { readKey, readString } from './json-read.ts';
import { BROKEN, skipSpace, skipValue, walkObject } from './json-scan.ts';

const OPEN_OBJECT = 0x7b;
const EVENTS_MAX = 8;
const STRING_ID = /^[\x21-\x7e]{1,256}$/;
const WRAPPERS = ['id', 'response'] as const;

export function readMadeId(held: Uint8Array, eventStream: boolean): string | null {
  if (!eventStream) return idIn(held, skipSpace(held, 0));
  let from = 0;
  for (let event = 0; event < EVENTS_MAX && from < held.length; event++) {
    const data = fieldOf({ bytes: held, from, to: held.length, head: null, chunkTo: held.length }, 'data');
    if (data === null) return null;
    const id = idIn(held, data.from);
    if (id !== null) return id;
    from = data.to + 1;
  }
  return null;
}

/** An object's own `id`, or that of the `response` inside it. */
function idIn(bytes: Uint8Array, at: number): string | null {
  if (bytes[at] !== OPEN_OBJECT) return null;
  let found: string | null = null;
  walkObject(bytes, at, (keyStart, keyEnd, valueStart) => {
    const key = readKey(bytes, keyStart, keyEnd, WRAPPERS);
    if (key === 'response') found = idIn(bytes, valueStart);
    const end = skipValue(bytes, valueStart);
    if (key === 'id' && end > 0) {
      const id = readString(bytes, valueStart, end);
      if (id !== null && STRING_ID.test(id)) found = id;
    }
    return found === null ? end : BROKEN;
  });
  return found;
}
