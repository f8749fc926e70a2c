/**
 * Whether a JSON body has come to its end, told from its brackets and strings while it passes. It is not validated:
 * some providers write `NaN`, and their answer is whole all the same. A body that says nothing in brackets is never
 * whole, because no answer of a model is like that.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export class JsonEnd {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #closed = false;

  push(chunk: Uint8Array): void {
    let depth = this.#depth;
    let at = this.#inString ? this.#skipString(chunk, 0) : 0;
    for (; at < chunk.length; at++) {
      switch (chunk[at]) {
        case QUOTE:
          this.#inString = true;
          at = this.#skipString(chunk, at + 1) - 1;
          break;
        case OPEN_OBJECT:
        case OPEN_ARRAY:
          depth++;
          break;
        case CLOSE_OBJECT:
        case CLOSE_ARRAY:
          if (--depth === 0) this.#closed = true;
          break;
      }
    }
    this.#depth = depth;
  }

  whole(): boolean {
    return this.#closed && this.#depth === 0 && !this.#inString;
  }

  /**
   * The index behind the closing quote, or the chunk's length where it has none. Most of an answer stands in strings,
   * so the engine's own search looks for their ends.
   */
  #skipString(chunk: Uint8Array, from: number): number {
    const start = this.#escaped && from < chunk.length ? from + 1 : from;
    if (start > from) this.#escaped = false;
    for (let at = start; ; ) {
      const quote = chunk.indexOf(QUOTE, at);
      const end = quote < 0 ? chunk.length : quote;
      const escapes = isEscaped(chunk, start, end);
      if (quote < 0) {
        if (end > start) this.#escaped = escapes;
        return end;
      }
      if (!escapes) {
        this.#inString = false;
        return quote + 1;
      }
      at = quote + 1;
    }
  }
}

/** Whether an odd number of backslashes stands before `end`. */
function isEscaped(chunk: Uint8Array, start: number, end: number): boolean {
  let back = end;
  while (back > start && chunk[back - 1] === BACKSLASH) back--;
  return (end - back) % 2 === 1;
}
