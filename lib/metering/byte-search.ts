/**
 * Finding a short ASCII text in bytes without decoding them (Horspool's algorithm). It is the meter's hot path:
 * almost every chunk of a stream is looked at only by this.
 */
export type Finder = (bytes: Uint8Array, from?: number, to?: number) => number;

/** A finder of the first occurrence of `text` in `bytes[from, to)`; it answers -1 when there is none. */
export function finderOf(text: string): Finder {
  const needle = asciiBytes(text);
  const last = needle.length - 1;
  const shifts = new Uint8Array(256).fill(needle.length);
  for (let i = 0; i < last; i++) shifts[needle[i] ?? 0] = last - i;
  return (bytes, from = 0, to = bytes.length) => {
    let end = from + last;
    while (end < to) {
      const byte = bytes[end] ?? 0;
      if (byte === needle[last]) {
        let back = 1;
        while (back <= last && bytes[end - back] === needle[last - back]) back++;
        if (back > last) return end - last;
      }
      end += shifts[byte] ?? 1;
    }
    return -1;
  };
}

/** Whether `bytes` at `at` continues with exactly this ASCII text. */
export function startsWithAt(bytes: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The first index at or after `at` that is not a space, tab, carriage return or line feed. */
export function skipBlank(bytes: Uint8Array, at: number, to: number): number {
  let i = at;
  while (i < to) {
    const byte = bytes[i];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    i++;
  }
  return i;
}

/** Where the value of a key begins whose name ended before `at`; -1 when no colon and value stand before `to`. */
export function valueAt(bytes: Uint8Array, at: number, to: number): number {
  const colon = skipBlank(bytes, at, to);
  if (colon >= to || bytes[colon] !== 0x3a) return -1;
  const value = skipBlank(bytes, colon + 1, to);
  return value < to ? value : -1;
}

/** ASCII only: good for the names of events and fields, never for people's text. */
export function asciiSlice(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}

export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 0x7f;
  return bytes;
}

export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  let size = 0;
  for (const piece of pieces) size += piece.length;
  const joined = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
