/** Whether a chunk of a chat or a completion says that a choice is over. Nothing is decoded. */
import { finderOf, skipBlank } from './byte-search.ts';
import type { Frame } from './sse-frames.ts';

const KEY = '"finish_reason"';
const KEY_BYTES = KEY.length;
const findFinish = finderOf(KEY);
const QUOTE = 0x22;
const COLON = 0x3a;

/** Some providers say `""` in every chunk, and a model may write the name of the field as its text. */
export function saysWhyItEnded({ bytes, from, to }: Frame): boolean {
  for (let at = findFinish(bytes, from, to); at >= 0; at = findFinish(bytes, at + KEY_BYTES, to)) {
    const colon = skipBlank(bytes, at + KEY_BYTES, to);
    if (bytes[colon] !== COLON) continue;
    const value = skipBlank(bytes, colon + 1, to);
    if (bytes[value] === QUOTE && bytes[value + 1] !== QUOTE) return true;
  }
  return false;
}
