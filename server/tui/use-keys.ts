/** Keys one by one: what is typed fast, or comes over a slow line, arrives as one piece of text. */
import { type Key, useInput } from 'ink';

type OnKey = (input: string, key: Key) => void;

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function useKeys(onKey: OnKey): void {
  useInput((input, key) => {
    if ([...segments.segment(input)].length <= 1) return onKey(input, key);
    for (const { segment } of segments.segment(input)) onKey(...asKey(segment, key));
  });
}

/** A control character as the key that sends it. */
function asKey(segment: string, key: Key): readonly [string, Key] {
  if (/^[\r\n]+$/.test(segment)) return ['', { ...key, return: true }];
  if (segment === '\t') return ['', { ...key, tab: true }];
  if (segment === '\u007f' || segment === '\b') return ['', { ...key, backspace: true }];
  if (segment === '\u001b') return ['', { ...key, escape: true }];
  const code = segment.charCodeAt(0);
  return code < 27 ? [String.fromCharCode(code + 96), { ...key, ctrl: true }] : [segment, key];
}
