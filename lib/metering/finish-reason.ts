/** What a chunk of a chat or a completion says of its choices. Nothing is decoded. */
import { finderOf, skipBlank, valueAt } from './byte-search.ts';
import type { Frame } from './sse-frames.ts';

const KEY = '"finish_reason"';
const KEY_BYTES = KEY.length;
const findFinish = finderOf(KEY);
const QUOTE = 0x22;

const CHOICES = '"choices"';
const CHOICES_BYTES = CHOICES.length;
const findChoices = finderOf(CHOICES);
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/**
 * ended: it says of a choice why it is over · open: it belongs to a choice that goes on · none: to no choice at all.
 * Some providers say `""` in every chunk, and a model may write the name of the field as its text.
 */
export function choiceIn({ bytes, from, to }: Frame): 'ended' | 'open' | 'none' {
  const first = findFinish(bytes, from, to);
  if (first < 0) return hasNoChoice(bytes, from, to) ? 'none' : 'open';
  for (let at = first; at >= 0; at = findFinish(bytes, at + KEY_BYTES, to)) {
    const value = valueAt(bytes, at + KEY_BYTES, to);
    if (value >= 0 && bytes[value] === QUOTE && bytes[value + 1] !== QUOTE) return 'ended';
  }
  return 'open';
}

/** A report of usage or of content filters. */
function hasNoChoice(bytes: Uint8Array, from: number, to: number): boolean {
  const key = findChoices(bytes, from, to);
  if (key < 0) return false;
  const open = valueAt(bytes, key + CHOICES_BYTES, to);
  if (open < 0 || bytes[open] !== OPEN_ARRAY) return false;
  const first = skipBlank(bytes, open + 1, to);
  return first < to && bytes[first] === CLOSE_ARRAY;
}
