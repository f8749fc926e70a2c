/**
 * Walking JSON bytes without parsing them: a body of megabytes is looked at once, values that nobody asked for
 * are stepped over, and nothing is decoded but what a caller reads. Structure is checked strictly (RFC 8259:
 * brackets, commas, literals, numbers, closed strings); characters inside strings are not.
 *
 * Every step takes an index and answers the index behind what it stepped over, or -1 when the JSON is broken.
 */
export const BROKEN = -1;
/** Deeper nesting than this is refused: no honest request needs it. */
export const DEPTH_MAX = 2_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
/** Strings longer than this are searched by the engine's own byte search instead of by our loop. */
const SHORT_STRING = 24;

/** Where a value stands: from its first byte to the one behind its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Called with a key's content (without quotes) and where its value begins; answers where the value ends. */
export type OnMember = (keyStart: number, keyEnd: number, valueStart: number) => number;
/** Called with where an item begins; answers where it ends. */
export type OnItem = (itemStart: number) => number;

/** Is told of members by the length of their key, at any depth of a value that is stepped over. */
export interface Watch {
  /** Bit n is set where keys of n bytes are worth a look (n < 32). Other keys may be told of too. */
  readonly lengths: number;
  member(keyStart: number, keyEnd: number, valueStart: number): void;
}

export function skipSpace(bytes: Uint8Array, at: number): number {
  let i = at;
  for (;;) {
    const byte = bytes[i];
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) i++;
    else return i;
  }
}

/** @param at index of the opening quote */
export function skipString(bytes: Uint8Array, at: number): number {
  let i = at + 1;
  const near = i + SHORT_STRING;
  for (; i < near; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i + 1;
    if (byte === BACKSLASH) i++;
    else if (byte === undefined) return BROKEN;
  }
  return skipLongString(bytes, i);
}

/** @param from an index inside a string, not behind an odd run of backslashes */
function skipLongString(bytes: Uint8Array, from: number): number {
  let search = from;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, search);
    if (quote < 0) return BROKEN;
    let back = quote - 1;
    while (back >= from && bytes[back] === BACKSLASH) back--;
    if ((quote - 1 - back) % 2 === 0) return quote + 1;
    search = quote + 1;
  }
}

/** Steps over members of an object. @param at index of the opening brace */
export function walkObject(bytes: Uint8Array, at: number, onMember: OnMember): number {
  let i = skipSpace(bytes, at + 1);
  if (bytes[i] === CLOSE_OBJECT) return i + 1;
  for (;;) {
    if (bytes[i] !== QUOTE) return BROKEN;
    const keyEnd = skipString(bytes, i);
    if (keyEnd < 0) return BROKEN;
    const colon = skipSpace(bytes, keyEnd);
    if (bytes[colon] !== COLON) return BROKEN;
    const end = onMember(i + 1, keyEnd - 1, skipSpace(bytes, colon + 1));
    if (end < 0) return BROKEN;
    i = skipSpace(bytes, end);
    const byte = bytes[i];
    if (byte === CLOSE_OBJECT) return i + 1;
    if (byte !== COMMA) return BROKEN;
    i = skipSpace(bytes, i + 1);
  }
}

/** Steps over items of an array. @param at index of the opening bracket */
export function walkArray(bytes: Uint8Array, at: number, onItem: OnItem): number {
  let i = skipSpace(bytes, at + 1);
  if (bytes[i] === CLOSE_ARRAY) return i + 1;
  for (;;) {
    const end = onItem(i);
    if (end < 0) return BROKEN;
    i = skipSpace(bytes, end);
    const byte = bytes[i];
    if (byte === CLOSE_ARRAY) return i + 1;
    if (byte !== COMMA) return BROKEN;
    i = skipSpace(bytes, i + 1);
  }
}

/** Steps over any value. @param at index of its first byte, blanks already skipped */
export function skipValue(bytes: Uint8Array, at: number, watch: Watch | null = null): number {
  const byte = bytes[at];
  if (byte === QUOTE) return skipString(bytes, at);
  if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return skipContainer(bytes, at, watch);
  return skipScalar(bytes, at);
}

/** Without recursion: hostile nesting must not end in a stack overflow. */
function skipContainer(bytes: Uint8Array, at: number, watch: Watch | null): number {
  const inObject: boolean[] = [];
  let i = at;
  for (;;) {
    // Here `i` is at the first byte of a value.
    const byte = bytes[i];
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      const isObject = byte === OPEN_OBJECT;
      i = skipSpace(bytes, i + 1);
      if (bytes[i] !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        if (inObject.length >= DEPTH_MAX) return BROKEN;
        inObject.push(isObject);
        if (isObject) i = skipKey(bytes, i, watch);
        if (i < 0) return BROKEN;
        continue;
      }
      i++;
    } else {
      i = byte === QUOTE ? skipString(bytes, i) : skipScalar(bytes, i);
      if (i < 0) return BROKEN;
    }
    // Here `i` is behind a complete value: close what ends, go on to the next value.
    for (;;) {
      const isObject = inObject[inObject.length - 1];
      if (isObject === undefined) return i;
      i = skipSpace(bytes, i);
      const next = bytes[i];
      if (next === COMMA) {
        i = skipSpace(bytes, i + 1);
        if (isObject) i = skipKey(bytes, i, watch);
        if (i < 0) return BROKEN;
        break;
      }
      if (next !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return BROKEN;
      inObject.pop();
      i++;
    }
  }
}

/** Steps over a key, its colon and blanks, to the first byte of the value. */
function skipKey(bytes: Uint8Array, at: number, watch: Watch | null): number {
  if (bytes[at] !== QUOTE) return BROKEN;
  const end = skipString(bytes, at);
  if (end < 0) return BROKEN;
  const colon = skipSpace(bytes, end);
  if (bytes[colon] !== COLON) return BROKEN;
  const value = skipSpace(bytes, colon + 1);
  // The key's length without its quotes.
  if (watch !== null && ((watch.lengths >> (end - at - 2)) & 1) === 1) watch.member(at + 1, end - 1, value);
  return value;
}

function skipScalar(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case 0x74:
      return isAscii(bytes, at, at + 4, 'true') ? at + 4 : BROKEN;
    case 0x66:
      return isAscii(bytes, at, at + 5, 'false') ? at + 5 : BROKEN;
    case 0x6e:
      return isAscii(bytes, at, at + 4, 'null') ? at + 4 : BROKEN;
    default:
      return skipNumber(bytes, at);
  }
}

function skipNumber(bytes: Uint8Array, at: number): number {
  let i = bytes[at] === 0x2d ? at + 1 : at;
  const integerEnd = bytes[i] === 0x30 ? i + 1 : skipDigits(bytes, i);
  if (integerEnd === i) return BROKEN;
  i = integerEnd;
  if (bytes[i] === 0x2e) {
    const end = skipDigits(bytes, i + 1);
    if (end === i + 1) return BROKEN;
    i = end;
  }
  const exponent = bytes[i];
  if (exponent === 0x65 || exponent === 0x45) {
    const sign = bytes[i + 1];
    const start = sign === 0x2b || sign === 0x2d ? i + 2 : i + 1;
    const end = skipDigits(bytes, start);
    if (end === start) return BROKEN;
    i = end;
  }
  return i;
}

function skipDigits(bytes: Uint8Array, at: number): number {
  let i = at;
  for (;;) {
    const byte = bytes[i];
    if (byte !== undefined && byte >= 0x30 && byte <= 0x39) i++;
    else return i;
  }
}

/** Whether `bytes[start, end)` is exactly this ASCII text. */
export function isAscii(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}
