/**
 * A secret that is known, found in a text also where only a part of it is: cut by a limit, spread over two fields,
 * or with something between. Every part of `PIECE_FOUND` characters or more is found.
 */
import type { Span } from './readable.ts';

/** Each window of this many characters, one behind the other, is looked for and then extended both ways. */
const WINDOW = 6;
export const PIECE_FOUND = 2 * WINDOW - 1;
/** What is shorter is as likely a word. */
const PIECE_MIN = 8;

export function findPieces(text: string, secret: string): Span[] {
  const spans: Span[] = [];
  const window = Math.min(WINDOW, secret.length);
  if (window === 0) return spans;
  const least = Math.min(PIECE_MIN, secret.length);
  for (let from = 0; from + window <= secret.length; from += window) {
    const piece = secret.slice(from, from + window);
    for (let at = text.indexOf(piece); at >= 0; ) {
      const span = extended(text, secret, at, from, window);
      if (span.end - span.start >= least) spans.push(span);
      at = text.indexOf(piece, Math.max(span.end, at + 1));
    }
  }
  return spans;
}

function extended(text: string, secret: string, at: number, from: number, window: number): Span {
  let before = 0;
  while (at - before > 0 && from - before > 0 && text[at - before - 1] === secret[from - before - 1])
    before++;
  let after = window;
  while (from + after < secret.length && text[at + after] === secret[from + after]) after++;
  return { start: at - before, end: at + after };
}
