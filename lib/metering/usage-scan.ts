/**
 * Usage out of JSON bytes that are too long to parse whole, or of which only the tail was kept: the last
 * `"usage"` key whose value is an object is found by its bytes and parsed alone. Inside JSON strings quotes
 * are escaped, so people's text can never look like that key.
 */
import { finderOf, valueAt } from './byte-search.ts';
import type { AnswerFacts } from './usage-shapes.ts';
import { readUsage } from './usage-shapes.ts';

const findUsage = finderOf('"usage"');
const findTier = finderOf('"service_tier"');
const findModel = finderOf('"model"');
/** Usage objects are some hundred bytes; anything longer is not one. */
const USAGE_BYTES_MAX = 16_384;
const TEXT_BYTES_MAX = 300;

export function scanAnswer(bytes: Uint8Array): AnswerFacts {
  const tier = stringAfter(bytes, lastIndex(findTier, bytes));
  const model = stringAfter(bytes, findModel(bytes));
  let usage = null;
  for (let at = findUsage(bytes); at >= 0; at = findUsage(bytes, at + 7)) {
    usage = readUsage(objectAfter(bytes, at + 7), tier) ?? usage;
  }
  return { usage, model, id: null };
}

/** The object that is the value of the key ending at `at`, or null. */
function objectAfter(bytes: Uint8Array, at: number): unknown {
  const start = valueAt(bytes, at, bytes.length);
  if (start < 0 || bytes[start] !== 0x7b) return null;
  const end = endOfObject(bytes, start, Math.min(bytes.length, start + USAGE_BYTES_MAX));
  return end < 0 ? null : parseQuietly(bytes.subarray(start, end));
}

function endOfObject(bytes: Uint8Array, start: number, to: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < to; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b) depth++;
    else if (byte === 0x7d && --depth === 0) return i + 1;
  }
  return -1;
}

function stringAfter(bytes: Uint8Array, key: number): string | null {
  if (key < 0) return null;
  let at = key + 1;
  while (at < bytes.length && bytes[at] !== 0x22) at++;
  const start = valueAt(bytes, at + 1, bytes.length);
  if (start < 0 || bytes[start] !== 0x22) return null;
  for (let end = start + 1; end < Math.min(bytes.length, start + TEXT_BYTES_MAX); end++) {
    if (bytes[end] === 0x5c) end++;
    else if (bytes[end] === 0x22) {
      const value = parseQuietly(bytes.subarray(start, end + 1));
      return typeof value === 'string' ? value : null;
    }
  }
  return null;
}

function lastIndex(find: (bytes: Uint8Array, from?: number) => number, bytes: Uint8Array): number {
  let last = -1;
  for (let at = find(bytes); at >= 0; at = find(bytes, at + 1)) last = at;
  return last;
}

/** The value of JSON bytes, or null where they are not JSON. */
export function parseQuietly(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
