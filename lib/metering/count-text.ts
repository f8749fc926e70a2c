/**
 * Counting the tokens of a text in bounded time. Tokenizers are quadratic in the length of a run without a
 * break (a hundred thousand letters, ideographs or blanks take from ten seconds to a minute and a half), so long
 * runs are cut; and of a very long text only windows of it are counted and the rest is taken to be like them.
 */
export type CountTokens = (text: string) => number;

export const TEXT_COUNTED_MAX = 262_144;
const WINDOWS = 16;
const RUN_MAX = 128;

export function countText(text: string, count: CountTokens): number {
  const windows = windowsOf(text);
  let counted = 0;
  let tokens = 0;
  for (const window of windows) {
    counted += window.length;
    tokens += countBroken(window, count);
  }
  return counted === 0 ? 0 : Math.floor((tokens * text.length) / counted);
}

function windowsOf(text: string): readonly string[] {
  if (text.length <= TEXT_COUNTED_MAX) return [text];
  const size = TEXT_COUNTED_MAX / WINDOWS;
  const step = (text.length - size) / (WINDOWS - 1);
  return Array.from({ length: WINDOWS }, (_, at) => {
    const from = Math.floor(at * step);
    return text.slice(from, from + size);
  });
}

function countBroken(text: string, count: CountTokens): number {
  let tokens = 0;
  let from = 0;
  let runFrom = 0;
  for (let at = 1; at <= text.length; at++) {
    if (at < text.length && isBlank(text.charCodeAt(at)) === isBlank(text.charCodeAt(at - 1))) continue;
    if (at - runFrom > RUN_MAX) {
      tokens += countSome(text.slice(from, runFrom), count) + countRun(text.slice(runFrom, at), count);
      from = at;
    }
    runFrom = at;
  }
  return tokens + countSome(text.slice(from), count);
}

/** Blanks of other scripts count as letters here: a long run of them is cut all the same. */
function isBlank(unit: number): boolean {
  return unit <= 0x20;
}

/** A cut may part what would have been one token: one is taken off for each, so that the count is not too high. */
function countRun(run: string, count: CountTokens): number {
  let tokens = 1;
  for (let from = 0; from < run.length; ) {
    const to = from + RUN_MAX;
    // Half of a character is none.
    const end = isHighSurrogate(run.charCodeAt(to - 1)) ? to + 1 : to;
    tokens += count(run.slice(from, end)) - 1;
    from = end;
  }
  return tokens;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function countSome(text: string, count: CountTokens): number {
  return text === '' ? 0 : count(text);
}
