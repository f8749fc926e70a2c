/**
 * A text as a person who decodes it would read it, with the way back to where each character stands. Keys hide in
 * escapes: `%73k-…` in a URL, `\u0073k-…` in JSON, a line end before one in JSON inside JSON. Only what is looked
 * for is decoded; what is written out is always the text itself.
 */
export interface Readable {
  readonly text: string;
  /** Where in the original the character at this index begins; its length stands for the end. */
  origin(index: number): number;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Several backslashes: JSON in JSON doubles them each time. */
const ESCAPE = /\\{1,16}(?:u([0-9a-fA-F]{4})|([nrtbf"'/]))|%([0-9a-fA-F]{2})/g;
/** Escaped twice is met in logs of proxies; four times by nobody. */
const DEPTH_MAX = 3;

export function readable(original: string): Readable {
  let text = original;
  let origins: Uint32Array | null = null;
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const decoded = decodeOnce(text);
    if (decoded === null) break;
    origins = origins === null ? decoded.origins : decoded.origins.map(through(origins));
    text = decoded.text;
  }
  const places = origins;
  return { text, origin: (index) => (places === null ? index : (places[index] ?? original.length)) };
}

function through(before: Uint32Array): (index: number) => number {
  return (index) => before[index] ?? 0;
}

function decodeOnce(text: string): { readonly text: string; readonly origins: Uint32Array } | null {
  ESCAPE.lastIndex = 0;
  let found = ESCAPE.exec(text);
  if (found === null) return null;
  const parts: string[] = [];
  const origins = new Uint32Array(text.length + 1);
  let from = 0;
  let at = 0;
  const copy = (to: number): void => {
    parts.push(text.slice(from, to));
    for (let i = from; i < to; i++) origins[at++] = i;
  };
  for (; found !== null; found = ESCAPE.exec(text)) {
    copy(found.index);
    parts.push(meant(found));
    origins[at++] = found.index;
    from = ESCAPE.lastIndex;
  }
  copy(text.length);
  origins[at] = text.length;
  return { text: parts.join(''), origins: origins.subarray(0, at + 1) };
}

/** One unit for each escape, so that the places stay right. */
function meant([, unit, letter, byte]: RegExpExecArray): string {
  const code = unit ?? byte;
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return letter === '"' || letter === "'" || letter === '/' ? letter : '\n';
}

/** The original with each span of the readable text replaced; the very same string when there is none. */
export function replaceSpans(
  original: string,
  { origin }: Readable,
  spans: readonly Span[],
  word: string,
): string {
  if (spans.length === 0) return original;
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of merged(spans)) {
    parts.push(original.slice(from, origin(start)), word);
    from = origin(end);
  }
  parts.push(original.slice(from));
  return parts.join('');
}

function merged(spans: readonly Span[]): readonly Span[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
