/** A line of text that is being typed: its characters as a person counts them, and where the cursor stands. */
export interface Line {
  readonly text: readonly string[];
  /** Before which character: 0 to the length. */
  readonly cursor: number;
}

export interface LineKey {
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
}

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const split = (text: string): string[] => [...segments.segment(text)].map(({ segment }) => segment);

export const lineOf = (text: string): Line => {
  const characters = split(text);
  return { text: characters, cursor: characters.length };
};
export const textOf = ({ text }: Line): string => text.join('');

/** Control characters and line breaks are no part of a line, wherever they come from. */
export function typed({ text, cursor }: Line, what: string): Line {
  const more = split(what.replace(/[\p{Cc}\u2028\u2029]/gu, ''));
  return { text: [...text.slice(0, cursor), ...more, ...text.slice(cursor)], cursor: cursor + more.length };
}

/** Null for keys that are no business of a line. */
export function pressed(line: Line, input: string, key: LineKey): Line | null {
  const { text, cursor } = line;
  if (key.leftArrow) return { text, cursor: Math.max(0, cursor - 1) };
  if (key.rightArrow) return { text, cursor: Math.min(text.length, cursor + 1) };
  if (key.home || (key.ctrl && input === 'a')) return { text, cursor: 0 };
  if (key.end || (key.ctrl && input === 'e')) return { text, cursor: text.length };
  if (key.ctrl && input === 'u') return { text: text.slice(cursor), cursor: 0 };
  if (key.ctrl && input === 'k') return { text: text.slice(0, cursor), cursor };
  if (key.backspace) {
    if (cursor === 0) return line;
    return { text: [...text.slice(0, cursor - 1), ...text.slice(cursor)], cursor: cursor - 1 };
  }
  if (key.delete) return { text: [...text.slice(0, cursor), ...text.slice(cursor + 1)], cursor };
  if (key.ctrl || key.meta || input === '') return null;
  return typed(line, input);
}

/** As many characters around the cursor as there is room for, and where the cursor stands in them. */
export function windowOf(
  { text, cursor }: Line,
  width: number,
): { readonly shown: readonly string[]; readonly at: number } {
  const room = Math.max(1, width - 1);
  const from = Math.max(0, Math.min(cursor - Math.floor(room * 0.8), text.length - room));
  return { shown: text.slice(from, from + room), at: cursor - from };
}
