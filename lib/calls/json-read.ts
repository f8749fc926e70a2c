/**
 * Reading single values out of JSON bytes whose place `json-scan.ts` has found.
 */
import { isAscii } from './json-scan.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const decoder = new TextDecoder();

/** Keys and short values are almost always plain ASCII; those are read without a decoder. */
const PLAIN_MAX = 128;

/** The text of a string's content, given without its quotes. Broken escapes give null. */
export function readContent(bytes: Uint8Array, start: number, end: number): string | null {
  if (end - start <= PLAIN_MAX) {
    let text = '';
    let i = start;
    for (; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) break;
      text += String.fromCharCode(byte);
    }
    if (i === end) return text;
  }
  try {
    const value: unknown = JSON.parse(`"${decoder.decode(bytes.subarray(start, end))}"`);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** The string that is the value in `bytes[start, end)`; null when the value is not a string. */
export function readString(bytes: Uint8Array, start: number, end: number): string | null {
  return bytes[start] === QUOTE ? readContent(bytes, start + 1, end - 1) : null;
}

export function readTrue(bytes: Uint8Array, start: number, end: number): boolean {
  return isAscii(bytes, start, end, 'true');
}

/** A whole number ≥ 0; null for everything else. */
export function readCount(bytes: Uint8Array, start: number, end: number): number | null {
  const first = bytes[start] ?? 0;
  if (first < 0x30 || first > 0x39) return null;
  const value = Number(readContent(bytes, start, end));
  return Number.isSafeInteger(value) ? value : null;
}

/**
 * Which of `names` a key is, given its content without quotes; null for any other. Escaped keys are decoded:
 * `"mod\u0065l"` is `model` to every parser, so it must be to us.
 */
export function readKey<Name extends string>(
  bytes: Uint8Array,
  start: number,
  end: number,
  names: readonly Name[],
): Name | null {
  for (const name of names) if (isAscii(bytes, start, end, name)) return name;
  if (!hasBackslash(bytes, start, end)) return null;
  const key = readContent(bytes, start, end);
  return names.find((name) => name === key) ?? null;
}

export function hasBackslash(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === BACKSLASH) return true;
  return false;
}
